/** What is written on the map: frame numbers beside it and in the cells, zone names, and a near frame's `struct page`. */
import { NULL, POISON } from '../core/kernel.ts';
import { type Camera, onMap, onScreen, type Viewport } from './camera.ts';
import { STATE, textOn } from './patterns.ts';
import { frameAt, type MapZone, type Plan, rectsIn } from './plan.ts';
import { px, type Space } from './view.ts';

export type Context = OffscreenCanvasRenderingContext2D;

/** A frame's own data; NULL and POISON as the engine has them, links from `frames` on are heads of lists. */
export interface FrameCard {
  count: number;
  reserved: boolean;
  next: number;
  prev: number;
}

/** CSS pixels from which a cell shows its frame's number, its count, and everything. */
export const NUMBERED = 27;
const COUNTED = 62;
const FULL = 118;

const hex = (pfn: number): string => pfn.toString(16);

export function mono(space: Space, css: number, weight = ''): string {
  return `${weight}${px(space, css)}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
}

export function linkText(link: number, frames: number): string {
  if (link === NULL) return 'NULL';
  if (link === POISON) return 'POISON';
  return link < frames ? hex(link) : 'list head';
}

/** The lines in a cell of that many CSS pixels; the first is the frame's number. */
export function cardLines(pfn: number, cell: number, card: FrameCard | null, frames: number): string[] {
  const lines = [hex(pfn)];
  if (!card || cell < COUNTED) return lines;
  lines.push(`count ${card.count}`);
  if (cell < FULL) return lines;
  lines.push(`flags ${card.reserved ? 'PG_reserved' : '0'}`);
  lines.push(`next ${linkText(card.next, frames)}`, `prev ${linkText(card.prev, frames)}`);
  return lines;
}

export interface Cells {
  plan: Plan;
  view: Viewport;
  camera: Camera;
  space: Space;
}

/** Numbers in the cells, where they fit, on the colour of the frame's state. */
export function writeCells(
  context: Context,
  { plan, view, camera, space }: Cells,
  bytes: Uint8Array,
  colourOf: (state: number) => { fill: string; line: string },
  card: (pfn: number) => FrameCard | null,
): void {
  const cell = camera.scale / space.ratio;
  if (cell < NUMBERED) return;
  const isCard = cell >= COUNTED;
  const size = px(space, isCard ? 12 : 10.5);
  const line = Math.round(size * 1.45);
  context.font = mono(space, isCard ? 12 : 10.5);
  context.textBaseline = 'middle';
  context.textAlign = isCard ? 'left' : 'center';
  const [x0, y0] = onMap(view, camera, view.left, view.top);
  const [x1, y1] = onMap(view, camera, view.left + view.width, view.top + view.height);
  for (const region of plan.regions)
    for (let y = Math.max(0, Math.floor(y0 - region.y)); y < Math.min(region.rows, y1 - region.y); y++)
      for (let x = Math.max(0, Math.floor(x0 - region.x)); x < Math.min(region.columns, x1 - region.x); x++) {
        const pfn = frameAt(plan, region.x + x + 0.5, region.y + y + 0.5);
        const state = pfn === null ? 0 : (bytes[pfn] ?? 0) & STATE;
        if (pfn === null || state === 0) continue;
        const lines = cardLines(pfn, cell, cell >= COUNTED ? card(pfn) : null, bytes.length);
        const [left, top] = onScreen(view, camera, region.x + x, region.y + y);
        const { fill, line: edge } = colourOf(state);
        if (isCard) frameCard(context, space, left, top, camera.scale, edge);
        const wide = Math.max(...lines.map((text) => text.length)) * size * 0.605 + px(space, 4);
        if (wide > camera.scale - px(space, 4)) continue;
        const cx = isCard ? left + px(space, 12) : left + camera.scale / 2 + px(space, 0.5);
        const cy = isCard ? top + px(space, 11) + line / 2 : top + camera.scale / 2 + px(space, 0.5);
        context.fillStyle = fill;
        const box = isCard ? cx - px(space, 3) : cx - wide / 2;
        context.fillRect(
          Math.round(box),
          Math.round(cy - size * 0.7),
          Math.round(wide),
          Math.round(size * 1.4 + line * (lines.length - 1)),
        );
        context.fillStyle = textOn(fill);
        lines.forEach((text, i) => {
          context.fillText(text, cx, cy + i * line);
        });
      }
}

/** A line around a near frame, also within its block. */
function frameCard(context: Context, space: Space, x: number, y: number, size: number, colour: string): void {
  const gap = px(space, 5);
  context.strokeStyle = colour;
  context.lineWidth = px(space, 1);
  context.strokeRect(Math.round(x) + gap + 0.5, Math.round(y) + gap + 0.5, size - 2 * gap, size - 2 * gap);
}

/** At the left of each row (of cells, or of tiles, as long as these are of a size) its first frame in view. */
export function writeRowNumbers(context: Context, { plan, view, camera, space }: Cells, colour: string): void {
  if (plan.layout === 'quilt' && camera.scale >= NUMBERED * space.ratio) return;
  const size = px(space, 11);
  const side = plan.layout === 'rows' ? 1 : 2 ** (plan.bits / 2);
  const step = side * camera.scale;
  const every = Math.max(1, 2 ** Math.ceil(Math.log2((size * 1.4) / step)));
  context.font = mono(space, 11);
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillStyle = colour;
  const bottom = view.top + view.height;
  let free = -Infinity;
  for (const region of plan.regions) {
    const [, top] = onScreen(view, camera, 0, region.y);
    const count = Math.ceil(region.rows / side);
    const last = top + region.rows * camera.scale;
    const begin = Math.max(0, Math.floor((view.top - top) / step / every)) * every;
    for (let row = begin; row < count; row += every) {
      const y = Math.max(top + row * step, view.top) + Math.min(Math.max(camera.scale, size), step) / 2;
      if (y > bottom || (row > 0 && last - (top + row * step) < size / 2)) break;
      if (y - size / 2 < free) continue;
      const pfn = frameAt(plan, Math.max(region.x, camera.x) + 1e-6, region.y + row * side + 1e-6) ?? region.first;
      const at = Math.max(y, view.top + size * 0.7);
      context.fillText(hex(pfn), view.left - px(space, 8), at);
      free = at + size * 0.7;
    }
  }
}

/** Rows: at the right of the map the zones' names, each where it begins or comes into view. */
export function writeZones(
  context: Context,
  { plan, view, camera, space }: Cells,
  zones: readonly MapZone[],
  colour: string,
): void {
  if (plan.layout !== 'rows') return;
  const size = px(space, 11);
  const right = Math.min(view.left + view.width, onScreen(view, camera, plan.width, 0)[0]) + px(space, 8);
  context.font = mono(space, 11);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = colour;
  let free = view.top;
  for (const region of plan.regions)
    for (const zone of zones) {
      if (zone.node !== region.node || zone.size === 0) continue;
      const rects = rectsIn(plan, region, zone.start_pfn, zone.size);
      const [first, last] = [rects[0], rects.at(-1)];
      if (!first || !last) continue;
      const top = onScreen(view, camera, 0, region.y + first.y)[1];
      const end = onScreen(view, camera, 0, region.y + last.y + last.height)[1];
      if (end < view.top || top > view.top + view.height) continue;
      const y = Math.max(free + size / 2, top + Math.max(camera.scale, size) / 2);
      context.fillText(zone.name, right, Math.min(y, Math.max(end, free + size)));
      free = y + size * 0.75;
    }
}

/** Rows: a path along the border between one zone and the next. The quilt keeps zones apart. */
export function traceZoneBorders(context: Context, { plan, view, camera }: Cells, zones: readonly MapZone[]): boolean {
  if (plan.layout !== 'rows') return false;
  let some = false;
  context.beginPath();
  for (const region of plan.regions)
    for (const zone of zones) {
      if (zone.node !== region.node || zone.size === 0 || zone.start_pfn <= region.first) continue;
      const index = zone.start_pfn - region.origin;
      const [column, row] = [index % region.columns, Math.floor(index / region.columns)];
      if (row >= region.rows || row < 0) continue;
      const at = (x: number, y: number): [number, number] => {
        const [sx, sy] = onScreen(view, camera, region.x + x, region.y + y);
        return [Math.round(sx), Math.round(sy)];
      };
      context.moveTo(...at(region.columns, row));
      context.lineTo(...at(column, row));
      if (column > 0) context.lineTo(...at(column, row + 1));
      context.lineTo(...at(0, column > 0 ? row + 1 : row));
      some = true;
    }
  return some;
}
