/** What lies over the map: outlines around frames, on a canvas or as the path of an SVG. */
import { type Camera, onScreen, type Viewport } from './camera.ts';
import { outline } from './outline.ts';
import { type Plan, type Rect, rectsOf } from './plan.ts';

type Range = readonly [pfn: number, count: number];

/** More rectangles than this are outlined one by one. */
const TOGETHER = 96;

/** On the screen, in whole pixels, and at least `least` pixels wide and high. */
export function onScreenRect(view: Viewport, camera: Camera, rect: Rect, least: number): Rect {
  const [x0, y0] = onScreen(view, camera, rect.x, rect.y).map(Math.round) as [number, number];
  const [x1, y1] = onScreen(view, camera, rect.x + rect.width, rect.y + rect.height).map(Math.round) as [
    number,
    number,
  ];
  const width = Math.max(least, x1 - x0);
  const height = Math.max(least, y1 - y0);
  return {
    x: x0 - Math.floor((width - (x1 - x0)) / 2),
    y: y0 - Math.floor((height - (y1 - y0)) / 2),
    width,
    height,
  };
}

const isSeen = (view: Viewport, rect: Rect): boolean =>
  rect.x <= view.left + view.width &&
  rect.x + rect.width >= view.left &&
  rect.y <= view.top + view.height &&
  rect.y + rect.height >= view.top;

/** Closed lines around the frames of a range, in device pixels; none where they are out of view. */
export function linesAround(
  plan: Plan,
  view: Viewport,
  camera: Camera,
  [pfn, count]: Range,
  least: number,
): [number, number][][] {
  const rects = rectsOf(plan, pfn, count).map((rect) => onScreenRect(view, camera, rect, least));
  if (!rects.some((rect) => isSeen(view, rect))) return [];
  return rects.length > TOGETHER ? rects.flatMap((rect) => outline([rect])) : outline(rects);
}

/** The same as the data of an SVG path, in CSS pixels. */
export function pathAround(
  plan: Plan,
  view: Viewport,
  camera: Camera,
  range: Range,
  least: number,
  ratio: number,
): string {
  return linesAround(plan, view, camera, range, least)
    .map((line) => `M${line.map(([x, y]) => `${x / ratio} ${y / ratio}`).join('L')}Z`)
    .join('');
}
