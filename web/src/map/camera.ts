/** What of the map is seen, and how large. Lengths on the screen are device pixels, places on the map are cells. */
import { cellOf, frameAt, type Plan } from './plan.ts';

/** The place that stands in the left upper corner of the viewport, and the pixels a cell has. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}

/** Where on the canvas the cells are drawn. */
export interface Viewport {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Everything in view. */
export const whole = (plan: Plan): Camera => ({ x: 0, y: 0, scale: plan.scale });

export const isWhole = (plan: Plan, camera: Camera): boolean => camera.scale <= plan.scale * 1.001;

/**
 * The nearest camera that is allowed: not smaller than the whole map, not larger than `most`, and with no more than `margin` pixels
 * beside the map, which stays at the left upper edge where it is smaller than the viewport.
 */
export function clamped(plan: Plan, view: Viewport, camera: Camera, most: number, margin = 0): Camera {
  const scale = Math.min(Math.max(camera.scale, plan.scale), Math.max(most, plan.scale));
  const spare = scale > plan.scale * 1.001 ? margin / scale : 0;
  const within = (at: number, size: number, room: number): number =>
    Math.min(Math.max(0, at), Math.max(0, size + spare - room / scale));
  return { x: within(camera.x, plan.width, view.width), y: within(camera.y, plan.height, view.height), scale };
}

/** Larger or smaller, so that what is at (x, y) of the canvas stays there. */
export function zoomed(view: Viewport, camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = camera.scale * factor;
  const [dx, dy] = [x - view.left, y - view.top];
  return {
    x: camera.x + dx / camera.scale - dx / scale,
    y: camera.y + dy / camera.scale - dy / scale,
    scale,
  };
}

/** The same size, with a place of the map in the middle. */
export function centred(view: Viewport, scale: number, x: number, y: number): Camera {
  return { x: x - view.width / scale / 2, y: y - view.height / scale / 2, scale };
}

/** The frame in the middle, or the nearest to it on the way to the left upper corner. */
export function centre(plan: Plan, view: Viewport, camera: Camera): number {
  const x = camera.x + Math.min(view.width / camera.scale, plan.width) / 2;
  const y = camera.y + Math.min(view.height / camera.scale, plan.height) / 2;
  for (let part = 1; part >= 0; part -= 1 / 16) {
    const pfn = frameAt(plan, camera.x + (x - camera.x) * part, camera.y + (y - camera.y) * part);
    if (pfn !== null) return pfn;
  }
  return plan.regions[0]?.first ?? 0;
}

/** Looks at a frame; null where the map has no such frame. */
export function lookingAt(plan: Plan, view: Viewport, scale: number, pfn: number): Camera | null {
  const cell = cellOf(plan, pfn);
  return cell && centred(view, scale, cell[0] + 0.5, cell[1] + 0.5);
}

/** Moved as little as brings the frame into view, `room` pixels from the edges. */
export function including(plan: Plan, view: Viewport, camera: Camera, pfn: number, room: number): Camera {
  const cell = cellOf(plan, pfn);
  if (!cell) return camera;
  const gap = room / camera.scale;
  const shifted = (at: number, size: number, place: number): number => {
    const low = place + 1 + gap - size;
    const high = place - gap;
    return low > high ? (low + high) / 2 : Math.min(Math.max(at, low), high);
  };
  return {
    x: shifted(camera.x, view.width / camera.scale, cell[0]),
    y: shifted(camera.y, view.height / camera.scale, cell[1]),
    scale: camera.scale,
  };
}

/** On the canvas. */
export const onScreen = (view: Viewport, camera: Camera, x: number, y: number): [x: number, y: number] => [
  view.left + (x - camera.x) * camera.scale,
  view.top + (y - camera.y) * camera.scale,
];

export const onMap = (view: Viewport, camera: Camera, x: number, y: number): [x: number, y: number] => [
  camera.x + (x - view.left) / camera.scale,
  camera.y + (y - view.top) / camera.scale,
];
