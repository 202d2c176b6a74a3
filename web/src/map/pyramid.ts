/**
 * A region from nearer and farther away. On level 0 a cell is a frame; on each further level four cells become one, which
 * has their code (patterns.ts) where they are of one state, and otherwise the mixture of their colours: a cell tells how much
 * of each state lies under it. Trouble is the exception: where it is mixed with anything else, the cell has the mark's colour,
 * so that one lost frame in a large machine is still found.
 */
import { STATES } from '../generated/tables.ts';
import { CODES, HEAD, type Looks, MANY, MARKED, NOTHING, STATE } from './patterns.ts';
import { columnSteps, type Plan, type Rect, type Region, rectsIn, rowStarts } from './plan.ts';

const LOST = STATES.indexOf('lost');

/** One level: cells by row, a code or (from CODES on) a colour. */
export interface Level {
  columns: number;
  rows: number;
  cells: Uint32Array;
}

const isTrouble = (value: number, mark: number): boolean =>
  value < CODES ? (value & MARKED) !== 0 || (value & STATE) === LOST : value === mark;

/** Four cells as one: in the quilt they are given in the order of their frames. */
function combined(a: number, b: number, c: number, d: number, looks: Looks): number {
  const apart = ~(HEAD | MANY);
  const kind = a & apart;
  if (a < CODES && kind === (b & apart) && kind === (c & apart) && kind === (d & apart))
    return a | (((b | c | d) & (HEAD | MANY)) !== 0 ? MANY : 0);
  const { mark, shades } = looks;
  if (isTrouble(a, mark) || isTrouble(b, mark) || isTrouble(c, mark) || isTrouble(d, mark)) return mark;
  const p = a < CODES ? (shades[a] ?? 0) : a;
  const q = b < CODES ? (shades[b] ?? 0) : b;
  const r = c < CODES ? (shades[c] ?? 0) : c;
  const s = d < CODES ? (shades[d] ?? 0) : d;
  const redBlue = ((p & 0xff00ff) + (q & 0xff00ff) + (r & 0xff00ff) + (s & 0xff00ff) + 0x20002) >>> 2;
  const green = ((p & 0xff00) + (q & 0xff00) + (r & 0xff00) + (s & 0xff00) + 0x200) >>> 2;
  return (0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
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

  /** `bytes`: a code a frame, from frame 0 on, which the caller keeps up to date; then build() or update(). */
  constructor(plan: Plan, region: Region, bytes: Uint8Array) {
    this.plan = plan;
    this.region = region;
    this.bytes = bytes;
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
    const { columns, rows } = this.region;
    this.refresh({ x: 0, y: 0, width: columns, height: rows }, looks);
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
    const { starts, steps, bytes, region } = this;
    const { origin, first } = region;
    const end = Math.min(region.end, bytes.length);
    const at = (pfn: number): number => (pfn >= first && pfn < end ? (bytes[pfn] ?? NOTHING) : NOTHING);
    for (let y = top; y < bottom; y++) {
      const upper = origin + (starts[2 * y] ?? 0);
      const lower = 2 * y + 1 < region.rows ? origin + (starts[2 * y + 1] ?? 0) : -Infinity;
      for (let x = left; x < right; x++) {
        const step = steps[2 * x] ?? 0;
        const next = 2 * x + 1 < region.columns ? (steps[2 * x + 1] ?? 0) : -Infinity;
        to.cells[y * to.columns + x] = combined(
          at(upper + step),
          at(upper + next),
          at(lower + step),
          at(lower + next),
          looks,
        );
      }
    }
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
  for (let y = top; y < bottom; y++) {
    const upper = 2 * y * columns;
    const isLast = 2 * y + 1 >= rows;
    for (let x = left; x < right; x++) {
      const at = upper + 2 * x;
      const isEnd = 2 * x + 1 >= columns;
      to.cells[y * to.columns + x] = combined(
        cells[at] ?? NOTHING,
        isEnd ? NOTHING : (cells[at + 1] ?? NOTHING),
        isLast ? NOTHING : (cells[at + columns] ?? NOTHING),
        isEnd || isLast ? NOTHING : (cells[at + columns + 1] ?? NOTHING),
        looks,
      );
    }
  }
}
