/** The border of an area made of rectangles: of a block, of a run of frames, of all that an operation touched. */
import type { Rect } from './plan.ts';

type Point = [x: number, y: number];

const rising = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/**
 * Closed lines around the area that the rectangles cover together, each without its last point; the area lies at their right.
 */
export function outline(rects: readonly Rect[]): Point[][] {
  const xs = rising(rects.flatMap(({ x, width }) => [x, x + width]));
  const ys = rising(rects.flatMap(({ y, height }) => [y, y + height]));
  const columns = xs.length + 1;
  const covered = new Uint8Array(columns * (ys.length + 1));
  for (const { x, y, width, height } of rects)
    for (let j = ys.indexOf(y); ys[j] !== undefined && (ys[j] ?? 0) < y + height; j++)
      for (let i = xs.indexOf(x); xs[i] !== undefined && (xs[i] ?? 0) < x + width; i++)
        covered[(j + 1) * columns + i + 1] = 1;
  return lines(edges(covered, columns, ys.length)).map((line) =>
    line.map((at): Point => [xs[at % columns] ?? 0, ys[Math.floor(at / columns)] ?? 0]),
  );
}

/** From corner to corner (row * columns + column): the edges between covered and not, the covered side at the right. */
function edges(covered: Uint8Array, columns: number, rows: number): Map<number, number[]> {
  const out = new Map<number, number[]>();
  const add = (from: number, to: number): void => {
    out.set(from, [...(out.get(from) ?? []), to]);
  };
  for (let j = 0; j <= rows; j++)
    for (let i = 0; i < columns; i++) {
      const at = j * columns + i;
      // Cell (i, j) of `covered` lies above and to the left of corner (i, j).
      const here = covered[at] ?? 0;
      const right = i + 1 < columns ? (covered[at + 1] ?? 0) : 0;
      const below = j < rows ? (covered[at + columns] ?? 0) : 0;
      if (here !== right) here ? add(at - columns, at) : add(at, at - columns);
      if (here !== below) here ? add(at, at - 1) : add(at - 1, at);
    }
  return out;
}

function lines(from: Map<number, number[]>): number[][] {
  const out: number[][] = [];
  for (const [start, nexts] of from) {
    while (nexts.length > 0) {
      const line = [start];
      let at = nexts.pop() ?? start;
      while (at !== start) {
        line.push(at);
        at = from.get(at)?.pop() ?? start;
      }
      out.push(straightened(line));
    }
  }
  return out;
}

/** Without the corners that lie on a straight line. */
function straightened(line: number[]): number[] {
  const step = (a: number, b: number): boolean => Math.abs(a - b) === 1;
  return line.filter((at, i) => {
    const before = line[(i + line.length - 1) % line.length] ?? at;
    const after = line[(i + 1) % line.length] ?? at;
    return step(before, at) !== step(at, after);
  });
}
