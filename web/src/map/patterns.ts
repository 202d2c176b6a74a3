/**
 * How a state looks: a fill and a pattern, told apart without colour, too. Used by the map and by its legend.
 *
 * A frame's byte (pf_map_paint) and its mixtures with others are codes: a state, and the bits below.
 */
import { STATES, type StateName } from '../generated/tables.ts';
import type { Theme } from '../protocol.ts';

/** A code's state, and what else it tells. */
export const STATE = 0x0f;
/** The first frame begins a block. */
export const HEAD = 0x10;
/** Something is wrong with it that the kernel did not notice. */
export const MARKED = 0x20;
/** Several frames of one state: later ones begin blocks, too. */
export const MANY = 0x40;
/** No frame here. */
export const NOTHING = 0x80;
export const CODES = 0x100;

/** Of a pageblock's code: the migratetype by number, 15 where none is known, and whether what lies in it is of several types. */
export const TYPE = 0x0f;
export const MIXED = 0x10;

export const TILE = 8;
/** How far the states that are not asked for go towards the paper. */
export const DIM = 0.82;

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

/** `part` of b in a, as words. */
export function blend(a: number, b: number, part: number): number {
  const channel = (shift: number): number => {
    const [from, to] = [(a >>> shift) & 0xff, (b >>> shift) & 0xff];
    return Math.round(from + (to - from) * part) << shift;
  };
  return (0xff000000 | channel(16) | channel(8) | channel(0)) >>> 0;
}

export interface Look {
  /** size x size words. */
  tile: Uint32Array;
  line: number;
}

/**
 * The look of one state; `scale` device pixels a point of the pattern. `marked` lays the mark over it; `dimmed`: others were
 * asked for.
 */
export function lookOf(theme: Theme, state: number, scale: number, marked = false, dimmed = false): Look {
  const key = STATES[state] ?? 'unknown';
  const colour = (name: string, otherwise: string): number => {
    const full = word(theme.colours[name] ?? otherwise);
    return dimmed ? blend(full, word(theme.colours.paper ?? '#ffffff'), DIM) : full;
  };
  const fill = colour(key, '#808080');
  const line = colour(`${key}-line`, '#404040');
  const mark = colour('mark', '#c00000');
  const size = TILE * scale;
  const tile = new Uint32Array(size * size);
  for (let i = 0; i < tile.length; i++) {
    const x = Math.floor((i % size) / scale);
    const y = Math.floor(i / size / scale);
    tile[i] = marked && inked('mark', x, y) ? mark : inked(key, x, y) ? line : fill;
  }
  return { tile, line: marked ? mark : line };
}

/** Looks of all codes, in tables that the drawing indexes. */
export interface Looks {
  /** Side of a tile. */
  size: number;
  /** CODES tiles, one after the other. */
  tiles: Uint32Array;
  /** By code: 1 where its tile has more than one colour. */
  isPatterned: Uint8Array;
  /** By code: the colour of its outline, 0 where it has none. */
  lines: Uint32Array;
  /** By code: its colour from afar, where the pattern cannot be seen. */
  shades: Uint32Array;
  /** The same as parts to be added up (partsOf). */
  parts: Int32Array;
  paper: number;
  mark: number;
}

/** Of a colour's parts, where it stands for something wrong. */
const TROUBLE = 1 << 31;
const LOST = STATES.indexOf('lost');

/** A colour with ten bits for each part, so that four can be added up; the sign tells of trouble. */
export const partsOf = (colour: number, isTrouble: boolean): number =>
  (colour & 0xff) | ((colour & 0xff00) << 2) | ((colour & 0xff0000) << 4) | (isTrouble ? TROUBLE : 0);

/** The mixture of four colours, out of the sum of their parts. */
export const mixtureOf = (sum: number): number => {
  const rounded = sum + 0x00200802;
  return (0xff000000 | ((rounded >>> 2) & 0xff) | ((rounded >>> 4) & 0xff00) | ((rounded >>> 6) & 0xff0000)) >>> 0;
};

function mean(tile: Uint32Array): number {
  const sum = (shift: number): number => tile.reduce((total, pixel) => total + ((pixel >>> shift) & 0xff), 0);
  const channel = (shift: number): number => Math.round(sum(shift) / tile.length) << shift;
  return (0xff000000 | channel(16) | channel(8) | channel(0)) >>> 0;
}

/** `shown`: bit s tells that state s is asked for. */
export function looksOf(theme: Theme, scale: number, shown: number): Looks {
  const size = TILE * scale;
  const paper = word(theme.colours.paper ?? '#ffffff');
  const out: Looks = {
    size,
    tiles: new Uint32Array(CODES * size * size).fill(paper),
    isPatterned: new Uint8Array(CODES),
    lines: new Uint32Array(CODES),
    shades: new Uint32Array(CODES).fill(paper),
    parts: new Int32Array(CODES),
    paper,
    mark: word(theme.colours.mark ?? '#c00000'),
  };
  for (let state = 0; state < STATES.length; state++)
    for (const marked of [false, true]) {
      const { tile, line } = lookOf(theme, state, scale, marked, (shown & (1 << state)) === 0);
      const shade = mean(tile);
      for (const more of [0, HEAD, MANY, HEAD | MANY]) {
        const code = state | (marked ? MARKED : 0) | more;
        out.tiles.set(tile, code * size * size);
        out.isPatterned[code] = tile.some((pixel) => pixel !== tile[0]) ? 1 : 0;
        out.lines[code] = state === 0 ? 0 : line;
        out.shades[code] = shade;
      }
    }
  out.shades.forEach((shade, code) => {
    out.parts[code] = partsOf(shade, (code & MARKED) !== 0 || (code & STATE) === LOST);
  });
  return out;
}
