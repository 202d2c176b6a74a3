/**
 * Pageblocks over the frames: each has an edge in its type's colour, dashed where it is mixed, and where there is room its type's name.
 * Where blocks are too small to be told apart, some stand for a unit, whose upper edge has a share of each type. Fetched when there are any.
 */
import { ONLY_MIXED, type Theme } from '../protocol.ts';
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
  /** How many of each code that is asked for; of one of these, the code. */
  counts: Uint16Array;
  total: number;
  code: number;
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

/** Codes that there can be. */
const CODES = 2 * MIXED;

/** By code: 1 where it has a type and is asked for. */
function askedCodes({ blocks: { names }, asked }: Scene): Uint8Array {
  const types = asked & ~ONLY_MIXED || -1;
  return Uint8Array.from({ length: CODES }, (_, code) => {
    const type = code & TYPE;
    return type < names.length && types & (1 << type) && (!(asked & ONLY_MIXED) || code & MIXED) ? 1 : 0;
  });
}

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

/** Shows each unit in view, all by the same object; `least`: CSS pixels, smaller units are left out. */
function eachUnit(scene: Scene, least: { width: number; height: number }, see: (unit: Unit) => void): void {
  const { plan, view, camera, space, blocks } = scene;
  const asked = askedCodes(scene);
  const unit: Unit = {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    counts: new Uint16Array(CODES),
    total: 0,
    code: 0,
    isOne: true,
  };
  for (const cells of scene.cells) {
    const { region } = cells;
    const { wide, high, before } = shapeOf(plan, region, blocks.order);
    const [gx, gy] = [wide, high].map((size) => together(size * camera.scale, px(space, LEAST))) as [number, number];
    const [stepX, stepY] = [gx * wide, gy * high];
    if (stepX * camera.scale < px(space, least.width) || stepY * camera.scale < px(space, least.height)) continue;
    unit.isOne = gx * gy === 1;
    const [left, top] = onMap(view, camera, view.left, view.top);
    const right = Math.min(region.columns, left + view.width / camera.scale - region.x);
    const bottom = Math.min(region.rows, top + view.height / camera.scale - region.y);
    const screenX = (at: number): number => Math.round(view.left + (region.x + at - camera.x) * camera.scale);
    const screenY = (at: number): number => Math.round(view.top + (region.y + at - camera.y) * camera.scale);
    const firstX = Math.max(0, Math.floor((left - region.x) / stepX)) * stepX;
    const firstY = Math.max(0, Math.floor((top - region.y + before) / stepY)) * stepY - before;
    for (let y = firstY; y < bottom; y += stepY)
      for (let x = firstX; x < right; x += stepX) {
        const y0 = Math.max(0, y);
        const x1 = Math.min(x + stepX, region.columns);
        const y1 = Math.min(y + stepY, region.rows);
        if (!survey(unit, scene, cells, asked, x, x1, wide, y0, y1, high)) continue;
        unit.x = screenX(x);
        unit.y = screenY(y0);
        unit.width = screenX(x1) - unit.x;
        unit.height = screenY(y1) - unit.y;
        see(unit);
      }
  }
}

/** Counts the blocks of these columns and rows, which are steps of a block's; says whether there are any at all. */
function survey(
  unit: Unit,
  { blocks: { order, codes, names } }: Scene,
  { region, starts, steps }: Cells,
  asked: Uint8Array,
  x0: number,
  x1: number,
  wide: number,
  y0: number,
  y1: number,
  high: number,
): boolean {
  unit.total = 0;
  unit.counts.fill(0);
  let isAny = false;
  for (let y = y0; y < y1; y += high)
    for (let x = x0; x < x1; x += wide) {
      const pfn = region.origin + (starts[y] ?? 0) + (steps[x] ?? 0);
      if (pfn >= region.end || pfn + 2 ** order <= region.first) continue;
      const code = codes[pfn >>> order] ?? TYPE;
      isAny ||= (code & TYPE) < names.length;
      if (!asked[code]) continue;
      unit.total++;
      unit.code = code;
      unit.counts[code] = (unit.counts[code] ?? 0) + 1;
    }
  return isAny;
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
function drawShares(pen: Pen, scene: Scene, { x, y, width, height, counts, total }: Unit): void {
  const thick = Math.min(px(scene.space, EDGE), Math.max(1, Math.floor(height / 4)));
  let [from, seen] = [x, 0];
  for (let code = 0; seen < total; code++) {
    seen += counts[code] ?? 0;
    const to = x + Math.round((width * seen) / total);
    if (to > from) drawBand(pen, scene, code, from, y, to - from, code & MIXED ? Math.max(2, thick) : thick);
    from = to;
  }
}

/** All edges. */
export function drawPageblocks(pen: Pen, scene: Scene): void {
  const roomy = px(scene.space, ROOMY);
  eachUnit(scene, { width: 0, height: 0 }, (unit) => {
    if (unit.total === 0) pen.dim(unit.x, unit.y, unit.width, unit.height);
    else if (unit.isOne && Math.min(unit.width, unit.height) >= roomy) drawEdge(pen, scene, unit.code, unit);
    else drawShares(pen, scene, unit);
  });
  if (scene.camera.scale >= px(scene.space, NUMBERED)) drawCorners(pen, scene);
}

/** Where a block is larger than what is seen of it, each frame has a corner in its colour. */
function drawCorners(pen: Pen, scene: Scene): void {
  const { view, camera, space, blocks } = scene;
  const asked = askedCodes(scene);
  const [left, top] = onMap(view, camera, view.left, view.top);
  const [right, bottom] = onMap(view, camera, view.left + view.width, view.top + view.height);
  const size = 2 * Math.round(Math.min(camera.scale / 14, px(space, 5)));
  for (const { region, starts, steps } of scene.cells)
    for (let y = Math.max(0, Math.floor(top - region.y)); y < Math.min(region.rows, bottom - region.y); y++)
      for (let x = Math.max(0, Math.floor(left - region.x)); x < Math.min(region.columns, right - region.x); x++) {
        const pfn = region.origin + (starts[y] ?? 0) + (steps[x] ?? 0);
        const code = blocks.codes[pfn >>> blocks.order] ?? TYPE;
        const isFrame = pfn >= region.first && pfn < region.end;
        if (!isFrame || !asked[code]) continue;
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
  eachUnit(scene, { width: NAMED_WIDTH, height: NAMED_HEIGHT }, (unit) => {
    if (!unit.isOne || unit.total === 0) return;
    const name = blocks.names[unit.code & TYPE] ?? '';
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
