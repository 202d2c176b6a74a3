/**
 * A region from nearer and farther away. On level 0 a cell is a frame; on each further level four cells become one, which
 * has their code (patterns.ts) where they are of one state, and otherwise the mixture of their colours: a cell tells how much
 * of each state lies under it. Trouble is the exception: where it is mixed with anything else, the cell has the mark's colour,
 * so that one lost frame in a large machine is still found.
 */
import { CODES, HEAD, type Looks, MANY, mixtureOf, NOTHING, partsOf } from './patterns.ts';
import { columnSteps, type Plan, type Rect, type Region, rectsIn, rowStarts } from './plan.ts';

/** One level: cells by row, a code or (from CODES on) a colour. */
export interface Level {
  columns: number;
  rows: number;
  cells: Uint32Array;
}

/** Frames that are built in one go: some milliseconds. */
const PART = 1 << 18;
/** Where blocks begin makes no other state. */
const WITHIN = (HEAD | MANY) * 0x01010101;

/** Four codes as one, the first in the lowest byte. */
function fourCodes(four: number, parts: Int32Array, mark: number): number {
  const kinds = four & ~WITHIN;
  if (kinds === Math.imul(kinds & 0xff, 0x01010101)) return (four & 0xff) | ((four & WITHIN & ~0xff) !== 0 ? MANY : 0);
  const a = parts[four & 0xff] as number;
  const b = parts[(four >>> 8) & 0xff] as number;
  const c = parts[(four >>> 16) & 0xff] as number;
  const d = parts[four >>> 24] as number;
  return (a | b | c | d) < 0 ? mark : mixtureOf((a + b + c + d) | 0);
}

const partsIn = (cell: number, parts: Int32Array, mark: number): number =>
  cell < CODES ? (parts[cell] as number) : partsOf(cell, cell === mark);

/** Four cells as one: in the quilt they are given in the order of their frames. */
function fourCells(a: number, b: number, c: number, d: number, parts: Int32Array, mark: number): number {
  if (a < CODES && b < CODES && c < CODES && d < CODES)
    return fourCodes(a | (b << 8) | (c << 16) | (d << 24), parts, mark);
  const p = partsIn(a, parts, mark);
  const q = partsIn(b, parts, mark);
  const r = partsIn(c, parts, mark);
  const s = partsIn(d, parts, mark);
  return (p | q | r | s) < 0 ? mark : mixtureOf((p + q + r + s) | 0);
}

export class Pyramid {
  readonly plan: Plan;
  readonly region: Region;
  /** Level 0: the frame of a cell is region.origin + starts[row] + steps[column]. */
  readonly starts: Int32Array;
  readonly steps: Int32Array;
  /** Level k at index k - 1. */
  readonly levels: Level[] = [];
  private readonly bytes: Uint8Array;
  /** The same, two and four at once. */
  private readonly twos: Uint16Array;
  private readonly fours: Int32Array;

  /** `bytes`: a code a frame, from frame 0 on, which the caller keeps up to date; then build() or update(). */
  constructor(plan: Plan, region: Region, bytes: Uint8Array) {
    this.plan = plan;
    this.region = region;
    this.bytes = bytes;
    const { buffer, byteOffset, length } = bytes;
    const isEven = byteOffset % 4 === 0;
    this.twos = new Uint16Array(buffer, isEven ? byteOffset : 0, isEven ? length >> 1 : 0);
    this.fours = new Int32Array(buffer, isEven ? byteOffset : 0, isEven ? length >> 2 : 0);
    this.starts = rowStarts(plan, region.rows);
    this.steps = columnSteps(plan, region.columns);
    let { columns, rows } = region;
    while (columns > 1 || rows > 1) {
      columns = (columns + 1) >> 1;
      rows = (rows + 1) >> 1;
      this.levels.push({ columns, rows, cells: new Uint32Array(columns * rows) });
    }
  }

  build(looks: Looks): void {
    for (const _ of this.parts(looks));
  }

  /** Builds it part by part. What is changed meanwhile has to be updated, too. */
  *parts(looks: Looks): Generator<void> {
    const { columns, rows } = this.region;
    const height = Math.max(2, 2 * Math.floor(PART / (2 * columns)));
    for (let y = 0; y < rows; y += height) {
      this.refresh({ x: 0, y, width: columns, height: Math.min(height, rows - y) }, looks);
      yield;
    }
  }

  /** Frames pfn .. pfn+count-1 have other codes now. */
  update(pfn: number, count: number, looks: Looks): void {
    for (const rect of rectsIn(this.plan, this.region, pfn, count)) this.refresh(rect, looks);
  }

  private refresh(rect: Rect, looks: Looks): void {
    let [left, top] = [rect.x, rect.y];
    let [right, bottom] = [rect.x + rect.width, rect.y + rect.height];
    this.levels.forEach((level, i) => {
      left >>= 1;
      top >>= 1;
      right = (right + 1) >> 1;
      bottom = (bottom + 1) >> 1;
      const below = this.levels[i - 1];
      if (below) combineCells(below, level, left, top, right, bottom, looks);
      else this.combineFrames(level, left, top, right, bottom, looks);
    });
  }

  private combineFrames(to: Level, left: number, top: number, right: number, bottom: number, looks: Looks): void {
    const { starts, steps, twos, fours, region } = this;
    const { parts, mark } = looks;
    const { cells, columns } = to;
    const most = Math.min(region.end, 4 * fours.length) - (steps[region.columns - 1] ?? 0);
    for (let y = top; y < bottom; y++) {
      const upper = region.origin + (starts[2 * y] ?? 0);
      const lower = region.origin + (starts[2 * y + 1] ?? region.end);
      const isWhole = upper >= region.first && lower < most && upper % 4 === 0 && region.columns % 2 === 0;
      const row = y * columns;
      // Frames that follow one another are read together: in the quilt all four, in rows two and two.
      if (isWhole && lower === upper + 2)
        for (let x = left; x < right; x++)
          cells[row + x] = fourCodes(fours[(upper + (steps[2 * x] as number)) >> 2] as number, parts, mark);
      else if (isWhole && lower % 2 === 0)
        for (let x = left; x < right; x++)
          cells[row + x] = fourCodes(
            (twos[(upper >> 1) + x] as number) | ((twos[(lower >> 1) + x] as number) << 16),
            parts,
            mark,
          );
      else for (let x = left; x < right; x++) cells[row + x] = fourCodes(this.four(x, y), parts, mark);
    }
  }

  private code(pfn: number): number {
    const { first, end } = this.region;
    return pfn >= first && pfn < end ? (this.bytes[pfn] ?? NOTHING) : NOTHING;
  }

  /** The codes of the four frames of a cell, wherever they are. */
  private four(x: number, y: number): number {
    const { starts, steps, region } = this;
    let four = 0;
    for (let i = 3; i >= 0; i--) {
      const [column, row] = [2 * x + (i & 1), 2 * y + (i >> 1)];
      const isThere = column < region.columns && row < region.rows;
      four = (four << 8) | (isThere ? this.code(region.origin + (starts[row] ?? 0) + (steps[column] ?? 0)) : NOTHING);
    }
    return four;
  }
}

function combineCells(
  from: Level,
  to: Level,
  left: number,
  top: number,
  right: number,
  bottom: number,
  looks: Looks,
): void {
  const { cells, columns, rows } = from;
  const { parts, mark } = looks;
  for (let y = top; y < bottom; y++) {
    const upper = 2 * y * columns;
    const isLast = 2 * y + 1 >= rows;
    for (let x = left; x < right; x++) {
      const at = upper + 2 * x;
      const isEnd = 2 * x + 1 >= columns;
      to.cells[y * to.columns + x] = fourCells(
        cells[at] ?? NOTHING,
        isEnd ? NOTHING : (cells[at + 1] ?? NOTHING),
        isLast ? NOTHING : (cells[at + columns] ?? NOTHING),
        isEnd || isLast ? NOTHING : (cells[at + columns + 1] ?? NOTHING),
        parts,
        mark,
      );
    }
  }
}
