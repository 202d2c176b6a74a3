/**
 * Pageblocks over the frames: each has an edge in its type's colour, dashed where it is mixed, and where there is room its type's name.
 * Where blocks are too small to be told apart, some stand for a unit, whose upper edge has a share of each type. Fetched when there are any.
 */
import type { Theme } from '../protocol.ts';
import { type Camera, onMap, onScreen, type Viewport } from './camera.ts';
import { type Context, mono, NUMBERED } from './labels.ts';
import { DIM, MIXED, TYPE, textOn, word } from './patterns.ts';
import type { Plan, Region } from './plan.ts';
import type { Surface } from './raster.ts';
import { HEAD_HEIGHT, px, type Space } from './view.ts';

export interface Pageblocks {
  /** log2 of a pageblock's frames. */
  order: number;
  /** By number of the block, from frame 0 on: TYPE and MIXED. */
  codes: Uint8Array;
  /** Of the migratetypes. */
  names: readonly string[];
}

/** Which blocks are asked for: bit t, those of type t (none: of any); and this, only mixed ones. 0: all. */
export const ONLY_MIXED = 0x100;

/** A region, and where its frames stand: that of a cell is region.origin + starts[row] + steps[column]. */
export interface Cells {
  region: Region;
  starts: Int32Array;
  steps: Int32Array;
}

export interface Scene {
  plan: Plan;
  cells: readonly Cells[];
  view: Viewport;
  camera: Camera;
  space: Space;
  theme: Theme;
  blocks: Pageblocks;
  asked: number;
}

/** Blocks that are drawn as one, and where; in device pixels. */
interface Unit {
  x: number;
  y: number;
  width: number;
  height: number;
  /** How many of each code; those that are asked for come first in `codes`. */
  counts: ReadonlyMap<number, number>;
  isAsked: boolean;
  /** The unit is one block, whole. */
  isOne: boolean;
}

/** What draws; colours are the theme's names. */
interface Pen {
  fill(x: number, y: number, width: number, height: number, colour: string): void;
  /** Takes what is there nearer to the paper. */
  dim(x: number, y: number, width: number, height: number): void;
}

/** CSS pixels that a unit is wide and high at least; from which a block has an edge all around; an edge's width at most; a dash. */
const LEAST = 4;
const ROOMY = 10;
const EDGE = 3;
const DASH = 4;
/** From which its name is written. */
const NAMED_WIDTH = 48;
const NAMED_HEIGHT = 30;

export const colourOf = (name: string): string => `type-${name.toLowerCase()}`;

const isAsked = (code: number, asked: number): boolean => {
  const types = asked & ~ONLY_MIXED;
  return (types === 0 || (types & (1 << (code & TYPE))) !== 0) && ((asked & ONLY_MIXED) === 0 || (code & MIXED) !== 0);
};

// -------------------------------------------------------------------- where they are

/** The cells that a pageblock fills, in columns and rows; `before`: rows of the first that come before the region's own. */
function shapeOf(plan: Plan, { origin }: Region, order: number): { wide: number; high: number; before: number } {
  if (plan.layout === 'quilt') {
    const bits = Math.min(order, plan.bits);
    return { wide: 2 ** Math.ceil(bits / 2), high: 2 ** Math.floor(bits / 2), before: 0 };
  }
  const across = 2 ** plan.bits;
  const wide = Math.min(2 ** order, across);
  return { wide, high: 2 ** order / wide, before: Math.floor((origin % 2 ** order) / across) };
}

/** So many are one that they are at least `least` pixels. */
function together(size: number, least: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(least / size) - 1e-9));
}

function eachUnit(scene: Scene, see: (unit: Unit) => void): void {
  const { plan, view, camera, space, blocks } = scene;
  for (const cells of scene.cells) {
    const { region } = cells;
    const { wide, high, before } = shapeOf(plan, region, blocks.order);
    const [gx, gy] = [wide, high].map((size) => together(size * camera.scale, px(space, LEAST))) as [number, number];
    const [stepX, stepY] = [gx * wide, gy * high];
    const [left, top] = onMap(view, camera, view.left, view.top);
    const [right, bottom] = onMap(view, camera, view.left + view.width, view.top + view.height);
    const column = (at: number): number => Math.min(Math.max(0, at), region.columns);
    const row = (at: number): number => Math.min(Math.max(0, at - before), region.rows);
    const firstX = Math.max(0, Math.floor((left - region.x) / stepX));
    const firstY = Math.max(0, Math.floor((top - region.y + before) / stepY));
    for (let j = firstY; j * stepY - before < Math.min(region.rows, bottom - region.y); j++)
      for (let i = firstX; i * stepX < Math.min(region.columns, right - region.x); i++) {
        const [x0, x1, y0, y1] = [column(i * stepX), column((i + 1) * stepX), row(j * stepY), row((j + 1) * stepY)];
        const counts = countsIn(scene, cells, [x0, x1, wide], [y0, y1, high]);
        if (counts.size === 0) continue;
        const [x, y] = onScreen(view, camera, region.x + x0, region.y + y0).map(Math.round) as [number, number];
        const [endX, endY] = onScreen(view, camera, region.x + x1, region.y + y1).map(Math.round) as [number, number];
        const asked = [...counts.keys()].some((code) => isAsked(code, scene.asked));
        see({ x, y, width: endX - x, height: endY - y, counts, isAsked: asked, isOne: gx * gy === 1 });
      }
  }
}

/** How many blocks of each code lie in these columns and rows, which are steps of a block's. */
function countsIn(
  { blocks: { order, codes, names } }: Scene,
  { region, starts, steps }: Cells,
  [x0, x1, wide]: [number, number, number],
  [y0, y1, high]: [number, number, number],
): Map<number, number> {
  const counts = new Map<number, number>();
  for (let y = y0; y < y1; y += high)
    for (let x = x0; x < x1; x += wide) {
      const pfn = region.origin + (starts[y] ?? 0) + (steps[x] ?? 0);
      if (pfn >= region.end || pfn + 2 ** order <= region.first) continue;
      const code = codes[pfn >>> order] ?? TYPE;
      if ((code & TYPE) < names.length) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  return counts;
}

// -------------------------------------------------------------------- what they look like

/** A band in a type's colour; a mixed block's is dashed, in two lines that take turns. */
function drawBand(
  pen: Pen,
  { blocks, space }: Scene,
  code: number,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const colour = colourOf(blocks.names[code & TYPE] ?? '');
  if (!(code & MIXED)) return pen.fill(x, y, width, height, colour);
  const dash = px(space, DASH);
  const isFlat = width >= height;
  const line = Math.max(1, (isFlat ? height : width) >> 1);
  const length = isFlat ? width : height;
  pen.fill(x, y, width, height, 'paper');
  for (let at = 0, n = 0; at < length; at += dash, n++) {
    const size = Math.min(dash, length - at);
    const beside = n % 2 === 0 ? 0 : line;
    if (isFlat) pen.fill(x + at, y + beside, size, Math.min(line, height), colour);
    else pen.fill(x + beside, y + at, Math.min(line, width), size, colour);
  }
}

function drawEdge(pen: Pen, scene: Scene, code: number, { x, y, width, height }: Unit): void {
  const edge = Math.min(px(scene.space, EDGE), Math.max(1, Math.floor(Math.min(width, height) / 12)));
  const thick = code & MIXED ? 2 * edge : edge;
  drawBand(pen, scene, code, x, y, width, thick);
  drawBand(pen, scene, code, x, y + height - thick, width, thick);
  drawBand(pen, scene, code, x, y + thick, thick, height - 2 * thick);
  drawBand(pen, scene, code, x + width - thick, y + thick, thick, height - 2 * thick);
}

/** Along the upper edge a share of each that is asked for. */
function drawShares(pen: Pen, scene: Scene, { x, y, width, height, counts }: Unit): void {
  const asked = [...counts].filter(([code]) => isAsked(code, scene.asked)).sort(([a], [b]) => a - b);
  const total = asked.reduce((sum, [, count]) => sum + count, 0);
  const thick = Math.min(px(scene.space, EDGE), Math.max(1, Math.floor(height / 4)));
  let [from, seen] = [x, 0];
  for (const [code, count] of asked) {
    seen += count;
    const to = x + Math.round((width * seen) / total);
    if (to > from) drawBand(pen, scene, code, from, y, to - from, code & MIXED ? Math.max(2, thick) : thick);
    from = Math.max(from, to);
  }
}

/** All edges. */
export function drawPageblocks(pen: Pen, scene: Scene): void {
  const roomy = px(scene.space, ROOMY);
  eachUnit(scene, (unit) => {
    const { x, y, width, height, counts, isOne } = unit;
    if (!unit.isAsked) return pen.dim(x, y, width, height);
    const [code = 0] = counts.keys();
    if (isOne && Math.min(width, height) >= roomy) drawEdge(pen, scene, code, unit);
    else drawShares(pen, scene, unit);
  });
  if (scene.camera.scale >= px(scene.space, NUMBERED)) drawCorners(pen, scene);
}

/** Where a block is larger than what is seen of it, each frame has a corner in its colour. */
function drawCorners(pen: Pen, scene: Scene): void {
  const { view, camera, space, blocks, asked } = scene;
  const [left, top] = onMap(view, camera, view.left, view.top);
  const [right, bottom] = onMap(view, camera, view.left + view.width, view.top + view.height);
  const size = 2 * Math.round(Math.min(camera.scale / 14, px(space, 5)));
  for (const { region, starts, steps } of scene.cells)
    for (let y = Math.max(0, Math.floor(top - region.y)); y < Math.min(region.rows, bottom - region.y); y++)
      for (let x = Math.max(0, Math.floor(left - region.x)); x < Math.min(region.columns, right - region.x); x++) {
        const pfn = region.origin + (starts[y] ?? 0) + (steps[x] ?? 0);
        const code = blocks.codes[pfn >>> blocks.order] ?? TYPE;
        const isFrame = pfn >= region.first && pfn < region.end;
        if (!isFrame || (code & TYPE) >= blocks.names.length || !isAsked(code, asked)) continue;
        const [endX, startY] = onScreen(view, camera, region.x + x + 1, region.y + y).map(Math.round) as [
          number,
          number,
        ];
        const [at, down] = [endX - size - px(space, 3), startY + px(space, 4)];
        pen.fill(at - 1, down - 1, size + 2, size + 2, 'paper');
        drawBand(pen, scene, code, at, down, size, size);
      }
}

/** The names of types, as far as there is room, in the corner of the block or of what is seen of it. */
export function writeTypes(context: Context, scene: Scene): void {
  const { view, space, blocks, theme } = scene;
  if (scene.camera.scale >= px(space, NUMBERED)) return;
  const [size, gap, high] = [px(space, 11), px(space, 4), px(space, 15)];
  // Above what is seen of a region stands what it is, where there are several.
  const top = view.top + (scene.plan.regions.length > 1 ? px(space, HEAD_HEIGHT - 4) : 0);
  context.font = mono(space, 11, '600 ');
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  eachUnit(scene, (unit) => {
    if (!unit.isOne || !unit.isAsked || unit.width < px(space, NAMED_WIDTH) || unit.height < px(space, NAMED_HEIGHT))
      return;
    const [code = 0] = unit.counts.keys();
    const name = blocks.names[code & TYPE] ?? '';
    const [x, y] = [Math.max(unit.x, view.left), Math.max(unit.y, top)];
    const wideOf = (text: string): number => Math.ceil(text.length * size * 0.605) + 2 * gap;
    const text = x + wideOf(name) <= unit.x + unit.width / 2 ? name : name.slice(0, 1);
    if (x + wideOf(text) > unit.x + unit.width || y + high > unit.y + unit.height) return;
    const colour = theme.colours[colourOf(name)] ?? '#808080';
    context.fillStyle = colour;
    context.fillRect(x, y, wideOf(text), high);
    context.fillStyle = textOn(colour);
    context.fillText(text, x + gap, y + high / 2);
  });
}

// -------------------------------------------------------------------- pens

/** Draws pixels, inside of the view. */
export function pixelPen({ pixels, width: wide }: Surface, view: Viewport, theme: Theme): Pen {
  const words = new Map<string, number>();
  const wordOf = (name: string): number => {
    const known = words.get(name) ?? word(theme.colours[name] ?? '#808080');
    words.set(name, known);
    return known;
  };
  const within = (x: number, y: number, width: number, height: number): [number, number, number, number] => [
    Math.max(view.left, x),
    Math.max(view.top, y),
    Math.min(view.left + view.width, x + width),
    Math.min(view.top + view.height, y + height),
  ];
  const keep = Math.round((1 - DIM) * 256);
  return {
    fill(x, y, width, height, name) {
      const [x0, y0, x1, y1] = within(x, y, width, height);
      const colour = wordOf(name);
      if (x1 > x0) for (let at = y0; at < y1; at++) pixels.fill(colour, at * wide + x0, at * wide + x1);
    },
    dim(x, y, width, height) {
      const [x0, y0, x1, y1] = within(x, y, width, height);
      const paper = wordOf('paper');
      const redBlue = (paper & 0xff00ff) * (256 - keep);
      const green = (paper & 0xff00) * (256 - keep);
      for (let line = y0; line < y1; line++)
        for (let at = line * wide + x0; at < line * wide + x1; at++) {
          const pixel = pixels[at] ?? 0;
          const rb = (((pixel & 0xff00ff) * keep + redBlue) / 256) & 0xff00ff;
          const g = (((pixel & 0xff00) * keep + green) / 256) & 0xff00;
          pixels[at] = (0xff000000 | rb | g) >>> 0;
        }
    },
  };
}

/** Draws shapes. */
export function shapePen(context: Context, theme: Theme): Pen {
  return {
    fill(x, y, width, height, name) {
      context.fillStyle = theme.colours[name] ?? '#808080';
      context.fillRect(x, y, width, height);
    },
    dim(x, y, width, height) {
      context.fillStyle = theme.colours.paper ?? '#ffffff';
      context.globalAlpha = DIM;
      context.fillRect(x, y, width, height);
      context.globalAlpha = 1;
    },
  };
}
