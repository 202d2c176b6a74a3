/**
 * How a state looks: a fill and a pattern, both told apart without colour. Used by the map and by its legend.
 */
import { STATES, type StateName } from '../generated/tables.ts';
import type { Theme } from '../protocol.ts';

/** By state; where several frames share a pixel, the highest is drawn: trouble, then used, then free, then what is not there. */
export const IMPORTANCE: readonly number[] = STATES.map((state) =>
  ['hole', 'reserved', 'unknown', 'boot-free', 'buddy', 'pcp', 'allocated', 'lost'].indexOf(state),
);

export const TILE = 8;

/** Is the point of an 8 x 8 tile drawn in the state's line colour? `mark` lies over a frame that something is wrong with. */
function inked(key: StateName | 'mark', x: number, y: number): boolean {
  switch (key) {
    case 'reserved':
      return y % 4 === 3;
    case 'boot-free':
      return x % 8 === 3 && y % 8 === 3;
    case 'unknown':
      return (x + y) % 8 === 0;
    case 'pcp':
      return x % 4 < 2 && y % 4 < 2;
    case 'lost':
      return (x - y + 8) % 4 < 2;
    case 'mark':
      return (x + y) % 8 < 3;
    default:
      return false;
  }
}

/** `#rrggbb` as a little-endian RGBA word, the order of ImageData. */
export function word(hex: string): number {
  const n = parseInt(hex.trim().slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

/** Black or white, whichever can be read on the colour. */
export function textOn(hex: string): string {
  const n = parseInt(hex.trim().slice(1), 16);
  const [r, g, b] = [n >> 16, (n >> 8) & 0xff, n & 0xff].map((v) => (v / 255) ** 2.2) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? '#111418' : '#ffffff';
}

export interface Look {
  /** size x size words. */
  tile: Uint32Array;
  line: number;
}

/** The look of one state; `scale` device pixels a point of the pattern. `marked` lays the mark over it. */
export function lookOf(theme: Theme, state: number, scale: number, marked = false): Look {
  const key = STATES[state] ?? 'unknown';
  const fill = word(theme.colours[key] ?? '#808080');
  const line = word(theme.colours[`${key}-line`] ?? '#404040');
  const mark = word(theme.colours.mark ?? '#c00000');
  const size = TILE * scale;
  const tile = new Uint32Array(size * size);
  for (let i = 0; i < tile.length; i++) {
    const x = Math.floor((i % size) / scale);
    const y = Math.floor(i / size / scale);
    tile[i] = marked && inked('mark', x, y) ? mark : inked(key, x, y) ? line : fill;
  }
  return { tile, line: marked ? mark : line };
}
