/** Fills pixels: the cells of a region as a camera sees them, and the outlines of its blocks. */
import type { Camera, Viewport } from './camera.ts';
import { CODES, HEAD, type Looks, MANY, NOTHING, STATE } from './patterns.ts';
import { zOrder } from './plan.ts';
import type { Pyramid } from './pyramid.ts';

/** An image as words: the data of an ImageData. */
export interface Surface {
  pixels: Uint32Array;
  width: number;
  height: number;
}

/** The part of a region's cells (on a level) that is seen, and where: cell i of the part spans xs[i] .. xs[i + 1]. */
interface Part {
  left: number;
  top: number;
  xs: Int32Array;
  ys: Int32Array;
  /** Cells of the region on this level. */
  columns: number;
  rows: number;
}

/** The edges, in whole pixels, of the cells that lie in `low` .. `high`; cells are `size` pixels, the first begins at `start`. */
function cellEdges(
  start: number,
  size: number,
  count: number,
  low: number,
  high: number,
): { first: number; edges: Int32Array } {
  const first = Math.max(0, Math.floor((low - start) / size));
  const end = Math.min(count, Math.ceil((high - start) / size));
  if (end <= first) return { first, edges: new Int32Array(0) };
  const edges = Int32Array.from({ length: end - first + 1 }, (_, i) =>
    Math.min(high, Math.max(low, Math.round(start + (first + i) * size))),
  );
  return { first, edges };
}

function partOf(pyramid: Pyramid, level: number, view: Viewport, camera: Camera): Part | null {
  const { region } = pyramid;
  const size = camera.scale * 2 ** level;
  const { columns, rows } = pyramid.levels[level - 1] ?? region;
  const x = cellEdges(
    view.left + (region.x - camera.x) * camera.scale,
    size,
    columns,
    view.left,
    view.left + view.width,
  );
  const y = cellEdges(view.top + (region.y - camera.y) * camera.scale, size, rows, view.top, view.top + view.height);
  if (x.edges.length === 0 || y.edges.length === 0) return null;
  return { left: x.first, top: y.first, xs: x.edges, ys: y.edges, columns, rows };
}

/** The level whose cells are at least `least` pixels, as near to that as can be. */
export function levelFor(scale: number, least: number, levels: number): number {
  return Math.min(levels, Math.max(0, Math.ceil(Math.log2(least / scale) - 1e-9)));
}

/** Writes the codes or colours of one row of a part into `out`. */
function readRow(pyramid: Pyramid, bytes: Uint8Array, level: number, row: number, part: Part, out: Uint32Array): void {
  const count = part.xs.length - 1;
  const from = pyramid.levels[level - 1];
  if (from) {
    out.set(from.cells.subarray(row * from.columns + part.left, row * from.columns + part.left + count));
    return;
  }
  const { region, steps } = pyramid;
  const start = region.origin + (pyramid.starts[row] ?? 0);
  const end = Math.min(region.end, bytes.length);
  for (let i = 0; i < count; i++) {
    const pfn = start + (steps[part.left + i] ?? 0);
    out[i] = pfn >= region.first && pfn < end ? (bytes[pfn] ?? NOTHING) : NOTHING;
  }
}

/** Where the patterns begin, so that they stay with what they are drawn on: 0 .. size - 1. */
const phase = (place: number, size: number): number => ((Math.round(place) % size) + size) % size;

/** Draws the cells of a region. Nothing else is touched: where it has none the surface stays as it was. */
export function fillCells(
  surface: Surface,
  pyramid: Pyramid,
  bytes: Uint8Array,
  view: Viewport,
  camera: Camera,
  looks: Looks,
): void {
  const level = levelFor(camera.scale, 1, pyramid.levels.length);
  const part = partOf(pyramid, level, view, camera);
  if (!part) return;
  const { xs, ys } = part;
  const { size, tiles } = looks;
  const { region } = pyramid;
  const shiftX = size - phase(view.left + (region.x - camera.x) * camera.scale, size);
  const shiftY = size - phase(view.top + (region.y - camera.y) * camera.scale, size);
  const x0 = xs[0] ?? 0;
  const x1 = xs[xs.length - 1] ?? 0;
  const width = x1 - x0;
  const columnOf = new Int32Array(width);
  const tileX = new Int32Array(width);
  for (let i = 0; i + 1 < xs.length; i++) columnOf.fill(i, (xs[i] ?? 0) - x0, (xs[i + 1] ?? 0) - x0);
  for (let i = 0; i < width; i++) tileX[i] = (x0 + i + shiftX) % size;
  const row = new Uint32Array(xs.length - 1);
  const area = size * size;
  const { pixels, width: wide } = surface;
  for (let j = 0; j + 1 < ys.length; j++) {
    const top = ys[j] ?? 0;
    const bottom = ys[j + 1] ?? 0;
    if (bottom === top) continue;
    readRow(pyramid, bytes, level, part.top + j, part, row);
    // Lines of one row of cells repeat with the patterns; those without patterns are all the same.
    const period = row.some((value) => value < CODES && looks.isPatterned[value] === 1) ? size : 1;
    for (let y = top; y < bottom; y++) {
      const line = y * wide + x0;
      if (y - period >= top) {
        pixels.copyWithin(line, line - period * wide, line - period * wide + width);
        continue;
      }
      const tileY = ((y + shiftY) % size) * size;
      for (let i = 0; i < width; i++) {
        const value = row[columnOf[i] as number] as number;
        pixels[line + i] = value < CODES ? (tiles[value * area + tileY + (tileX[i] as number)] as number) : value;
      }
    }
  }
}

/** Pieces of the cells in view: cells with one number belong to one block. */
interface Pieces {
  part: Part;
  columns: number;
  /** By cell, row by row: the piece's number; 0: nothing, or a mixture, which has no outline. */
  ids: Int32Array;
  /** By cell: the colour of its outline. */
  lines: Uint32Array;
}

/** Numbers the cells of a part by block. Cells follow each other by frames: rows from their beginning, quilts tile by tile. */
function piecesOf(
  pyramid: Pyramid,
  bytes: Uint8Array,
  level: number,
  part: Part,
  looks: Looks,
  single: number,
): Pieces {
  const columns = part.xs.length - 1;
  const rows = part.ys.length - 1;
  const out: Pieces = { part, columns, ids: new Int32Array(columns * rows), lines: new Uint32Array(columns * rows) };
  const numbering = new Numbering(single, looks);
  const side = pyramid.plan.layout === 'rows' ? 1 : 2 ** (pyramid.plan.bits / 2 - level);
  const top = part.top - (part.top % side);
  const wide: Part = { ...part, left: 0, xs: new Int32Array(part.columns + 1) };
  const lines = new Uint32Array(side * part.columns);
  const order = zOrder(side);
  const first = side === 1 ? 0 : part.left - (part.left % side);
  const end = side === 1 ? part.columns : part.left + columns;
  for (let y = top; y < part.top + rows; y += side) {
    for (let row = 0; row < side; row++) {
      const line = lines.subarray(row * part.columns, (row + 1) * part.columns);
      if (y + row < part.rows) readRow(pyramid, bytes, level, y + row, wide, line);
      else line.fill(NOTHING);
    }
    for (let x = first; x < end; x += side) {
      if (side > 1) numbering.leave();
      for (const place of order) {
        const [i, j] = [x + (place % side), Math.floor(place / side)];
        numbering.next(i < part.columns ? (lines[j * part.columns + i] ?? NOTHING) : NOTHING);
        const [column, row] = [i - part.left, y + j - part.top];
        if (column >= 0 && column < columns && row >= 0 && row < rows) numbering.write(out, row * columns + column);
      }
    }
  }
  return out;
}

/** Gives the same number to cells of one block that come one after another. */
class Numbering {
  private readonly single: number;
  private readonly looks: Looks;
  private last = 0;
  private state = -1;
  private id = 0;
  private line = 0;

  /** `single`: states, as bits, each frame of which is a piece of its own. */
  constructor(single: number, looks: Looks) {
    this.single = single;
    this.looks = looks;
  }

  /** What comes next does not follow what came before. */
  leave(): void {
    this.state = -1;
  }

  next(value: number): void {
    const mixed = value >= CODES || (value & (NOTHING | MANY)) !== 0;
    const state = value & STATE;
    if (mixed || state === 0) {
      this.id = 0;
      this.line = 0;
      this.state = -1;
      return;
    }
    const isSingle = (this.single & (1 << state)) !== 0;
    if (state !== this.state || (value & HEAD) !== 0 || isSingle) this.id = ++this.last;
    this.state = state;
    this.line = this.looks.lines[value] ?? 0;
  }

  write(out: Pieces, at: number): void {
    out.ids[at] = this.id;
    out.lines[at] = this.line;
  }
}

function fillRect(surface: Surface, x: number, y: number, width: number, height: number, colour: number): void {
  const { pixels, width: wide } = surface;
  const end = (y + height) * wide + x;
  for (let line = y * wide + x; line < end; line += wide)
    for (let at = line; at < line + width; at++) pixels[at] = colour;
}

export interface OutlineRules {
  /** Pixels from which a block has an outline at all, and from which it leaves the room for a line of its own. */
  least: number;
  roomy: number;
  /** Width of a line. */
  line: number;
  /** States (as bits) without blocks, each frame of which is a piece of its own where there is room. */
  single: number;
}

/**
 * Draws the outlines of blocks: a line of paper between one and the next, and inside of it, where there is room, a line in the block's own
 * colour. In a quilt large blocks have theirs however small a frame is, for a level's cell is a block.
 */
export function outlineBlocks(
  surface: Surface,
  pyramid: Pyramid,
  bytes: Uint8Array,
  view: Viewport,
  camera: Camera,
  looks: Looks,
  rules: OutlineRules,
): void {
  const most = pyramid.plan.layout === 'rows' ? 0 : Math.min(pyramid.plan.bits / 2, pyramid.levels.length);
  const isRoomy = camera.scale >= rules.roomy;
  const pieces = (least: number): Pieces | null => {
    const level = levelFor(camera.scale, least, most);
    const part = camera.scale * 2 ** level < least ? null : partOf(pyramid, level, view, camera);
    return part && piecesOf(pyramid, bytes, level, part, looks, isRoomy ? rules.single : 0);
  };
  const large = pieces(rules.roomy);
  const all = isRoomy ? large : pieces(rules.least);
  if (large) drawLines(surface, large, rules.line);
  if (all) drawGaps(surface, all, rules.line, looks.paper);
}

/** At the upper and left border of each piece. */
function drawGaps(surface: Surface, { part, columns, ids }: Pieces, width: number, paper: number): void {
  const { xs, ys } = part;
  for (let j = 0, at = 0; j + 1 < ys.length; j++) {
    const [y0, y1] = [ys[j] ?? 0, ys[j + 1] ?? 0];
    for (let i = 0; i < columns; i++, at++) {
      const id = ids[at] ?? 0;
      const [x0, x1] = [xs[i] ?? 0, xs[i + 1] ?? 0];
      const isInView = x1 > x0 && y1 > y0;
      if (!isInView) continue;
      if (i > 0 ? ids[at - 1] !== id : part.left === 0 && id !== 0)
        fillRect(surface, x0, y0, Math.min(width, x1 - x0), y1 - y0, paper);
      if (j > 0 ? ids[at - columns] !== id : part.top === 0 && id !== 0)
        fillRect(surface, x0, y0, x1 - x0, Math.min(width, y1 - y0), paper);
    }
  }
}

/** All around each piece, inside of the gaps. */
function drawLines(surface: Surface, { part, columns, ids, lines }: Pieces, width: number): void {
  const { xs, ys } = part;
  const rows = ys.length - 1;
  for (let j = 0, at = 0; j < rows; j++) {
    const [y0, y1] = [ys[j] ?? 0, ys[j + 1] ?? 0];
    for (let i = 0; i < columns; i++, at++) {
      const id = ids[at] ?? 0;
      if (id === 0) continue;
      const [x0, x1] = [xs[i] ?? 0, xs[i + 1] ?? 0];
      const colour = lines[at] ?? 0;
      if (x1 - x0 < 3 * width || y1 - y0 < 3 * width) continue;
      if (i > 0 ? ids[at - 1] !== id : part.left === 0) fillRect(surface, x0 + width, y0, width, y1 - y0, colour);
      if (j > 0 ? ids[at - columns] !== id : part.top === 0) fillRect(surface, x0, y0 + width, x1 - x0, width, colour);
      if (i + 1 < columns ? ids[at + 1] !== id : part.left + columns === part.columns)
        fillRect(surface, x1 - width, y0, width, y1 - y0, colour);
      if (j + 1 < rows ? ids[at + columns] !== id : part.top + rows === part.rows)
        fillRect(surface, x0, y1 - width, x1 - x0, width, colour);
    }
  }
}
