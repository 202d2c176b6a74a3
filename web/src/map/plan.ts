/**
 * Where frames stand on the map, in cells: one cell is one frame, wherever the viewer looks and however large it is drawn.
 *
 * Rows: address order, as the books draw it; rows hold a power of two of frames, so that aligned blocks line up.
 * Quilt: square tiles that hold the largest block, in address order; inside a tile frames follow the Z-order, in which
 * every aligned block of 2^n frames is a square or a rectangle twice as wide as high, and two buddies are neighbours.
 *
 * In both, the frame of a cell is the sum of a number for its row and one for its column (rowStarts, columnSteps): drawing needs
 * no more than that.
 */
import type { NodeInfo } from '../protocol.ts';

export type LayoutName = 'rows' | 'quilt';

/** Frames that stand together: of a node in rows, of a zone in the quilt. Measures are in cells. */
export interface Region {
  node: number;
  /** Its name; empty: all of the node. */
  zone: string;
  /** First frame and one past the last. */
  first: number;
  end: number;
  /** The frame of the left upper cell: `first`, or before it. */
  origin: number;
  /** Left upper corner. */
  x: number;
  y: number;
  columns: number;
  rows: number;
}

export interface Plan {
  layout: LayoutName;
  regions: Region[];
  /** Rows: log2 of the frames in a row. Quilt: 2 * log2 of a tile's side. */
  bits: number;
  /** Quilt: tiles beside each other. */
  tiles: number;
  width: number;
  height: number;
  /** Device pixels a cell where all of it is shown. */
  scale: number;
}

export interface MapZone {
  name: string;
  node: number;
  start_pfn: number;
  size: number;
}

export interface PlanInput {
  layout: LayoutName;
  nodes: readonly NodeInfo[];
  frames: number;
  zones: readonly MapZone[];
  /** Largest order of a block; its frames fit one tile. */
  topOrder: number;
  /** Blocks are aligned to their zone's start, not to frame 0. */
  fromZoneStart: boolean;
}

/** The room for the cells, in device pixels; `head` is left above each region where there are several. */
export interface Room {
  width: number;
  height: number;
  head: number;
  /** A cell is not larger where all is shown, and larger than `ample` is no reason for shorter rows. */
  most: number;
  ample: number;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

// -------------------------------------------------------------------- Z-order

/** Every second bit of `value`, from the lowest on. */
function gather(value: number): number {
  let out = 0;
  for (let bit = 0; bit < 16; bit++) out |= ((value >>> (2 * bit)) & 1) << bit;
  return out;
}

/** The bits of `value` with a zero between each two. */
function spread(value: number): number {
  let out = 0;
  for (let bit = 0; bit < 16; bit++) out |= ((value >>> bit) & 1) << (2 * bit);
  return out;
}

/** The cells (row * side + column) of a square tile in the order of its frames. */
export function zOrder(side: number): Uint32Array {
  return Uint32Array.from({ length: side * side }, (_, index) => gather(index >>> 1) * side + gather(index));
}

// -------------------------------------------------------------------- planning

/** The nodes to draw: where a source names none, its frames are one. */
export function drawnNodes(nodes: readonly NodeInfo[], frames: number): readonly NodeInfo[] {
  return nodes.some((node) => node.pages > 0) ? nodes : [{ start_pfn: 0, pages: frames }];
}

const alignDown = (value: number, unit: number): number => Math.floor(value / unit) * unit;

function nodeRegions({ nodes, frames }: PlanInput): Region[] {
  return drawnNodes(nodes, frames).flatMap(({ start_pfn: first, pages }, node) =>
    pages > 0 ? [{ node, zone: '', first, end: first + pages, origin: first, x: 0, y: 0, columns: 0, rows: 0 }] : [],
  );
}

/** A node's zones, and what of the node is in none. */
function zoneRegions(input: PlanInput): Region[] {
  return nodeRegions(input).flatMap((region) => {
    const zones = input.zones
      .filter(({ node, size, start_pfn }) => node === region.node && size > 0 && start_pfn >= region.first)
      .sort((a, b) => a.start_pfn - b.start_pfn);
    const out: Region[] = [];
    let at = region.first;
    for (const { name, start_pfn, size } of zones) {
      if (start_pfn < at || start_pfn >= region.end) continue;
      if (start_pfn > at) out.push({ ...region, first: at, end: start_pfn });
      at = Math.min(start_pfn + size, region.end);
      out.push({ ...region, zone: name, first: start_pfn, end: at });
    }
    if (at < region.end) out.push({ ...region, first: at });
    return out;
  });
}

/** Stacks the regions; between them room for their heads. */
function stacked(plan: Plan, room: Room): Plan {
  const head = plan.regions.length > 1 ? room.head / plan.scale : 0;
  let y = 0;
  for (const region of plan.regions) {
    region.y = y + head;
    y = region.y + region.rows;
  }
  const width = Math.max(1, ...plan.regions.map(({ columns }) => columns));
  return { ...plan, width, height: Math.max(1, y) };
}

/** From here on cells are whole pixels; where they are smaller, unevenness is not seen, but unused room is. */
const WHOLE = 4;

function fitting(room: Room, columns: number, rows: number, regions: number): number {
  const height = Math.max(8, room.height - (regions > 1 ? regions * room.head : 0));
  const scale = Math.min(room.width / columns, height / Math.max(1, rows), room.most);
  return scale >= WHOLE ? Math.floor(scale) : scale;
}

function planRows(input: PlanInput, room: Room): Plan {
  const regions = nodeRegions(input);
  const total = regions.reduce((sum, { first, end }) => sum + end - first, 0);
  const ample = (scale: number): number => Math.min(scale, room.ample);
  let best = { bits: 3, scale: 0 };
  for (let bits = 3; bits <= 26; bits++) {
    const across = 2 ** bits;
    const rows = regions.reduce((sum, { first, end }) => sum + Math.ceil((end - alignDown(first, across)) / across), 0);
    const scale = fitting(room, across, rows, regions.length);
    const isLonger = ample(scale) === ample(best.scale) && across <= total;
    if (ample(scale) > ample(best.scale) || isLonger) best = { bits, scale };
  }
  const across = 2 ** best.bits;
  for (const region of regions) {
    region.origin = alignDown(region.first, across);
    region.columns = across;
    region.rows = Math.ceil((region.end - region.origin) / across);
  }
  return stacked({ layout: 'rows', regions, ...best, tiles: 1, width: 0, height: 0 }, room);
}

/** Columns and rows of `frames` frames in tiles of 2^bits, `across` beside each other. Less than a tile takes what it needs. */
function extent(frames: number, bits: number, across: number): [columns: number, rows: number] {
  const side = 2 ** (bits / 2);
  const tiles = Math.ceil(frames / 2 ** bits);
  if (tiles > 1) return [Math.min(tiles, across) * side, Math.ceil(tiles / across) * side];
  const needed = Math.max(0, Math.ceil(Math.log2(frames)));
  return [2 ** Math.ceil(needed / 2), 2 ** Math.floor(needed / 2)];
}

function planQuilt(input: PlanInput, room: Room): Plan {
  const bits = 2 * Math.ceil(input.topOrder / 2);
  const regions = zoneRegions(input);
  for (const region of regions)
    region.origin = input.fromZoneStart && region.zone ? region.first : alignDown(region.first, 2 ** bits);
  const counts = regions.map(({ origin, end }) => end - origin);
  const most = Math.max(1, ...counts.map((count) => Math.ceil(count / 2 ** bits)));
  let best = { tiles: 1, scale: 0 };
  for (let tiles = 1; tiles <= most; tiles++) {
    const extents = counts.map((count) => extent(count, bits, tiles));
    const columns = Math.max(1, ...extents.map(([wide]) => wide));
    const rows = extents.reduce((sum, [, high]) => sum + high, 0);
    const scale = fitting(room, columns, rows, regions.length);
    if (scale > best.scale) best = { tiles, scale };
  }
  regions.forEach((region, i) => {
    [region.columns, region.rows] = extent(counts[i] ?? 1, bits, best.tiles);
  });
  return stacked({ layout: 'quilt', regions, bits, ...best, width: 0, height: 0 }, room);
}

export function makePlan(input: PlanInput, room: Room): Plan {
  return input.layout === 'rows' ? planRows(input, room) : planQuilt(input, room);
}

// -------------------------------------------------------------------- cells and frames

/** What a row of the region adds to a column's number for the frame, counted from the region's origin. */
function rowStart({ layout, bits, tiles }: Plan, y: number): number {
  if (layout === 'rows') return y * 2 ** bits;
  const half = bits / 2;
  return (y >>> half) * tiles * 2 ** bits + 2 * spread(y & (2 ** half - 1));
}

function columnStep({ layout, bits }: Plan, x: number): number {
  if (layout === 'rows') return x;
  const half = bits / 2;
  return (x >>> half) * 2 ** bits + spread(x & (2 ** half - 1));
}

/** Of all rows and columns, from the first on. */
export function rowStarts(plan: Plan, rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, y) => rowStart(plan, y));
}

export function columnSteps(plan: Plan, columns: number): Int32Array {
  return Int32Array.from({ length: columns }, (_, x) => columnStep(plan, x));
}

const regionOf = (plan: Plan, pfn: number): Region | null =>
  plan.regions.find(({ first, end }) => pfn >= first && pfn < end) ?? null;

/** The cell of a frame within its region. */
function cellIn(plan: Plan, region: Region, pfn: number): [x: number, y: number] {
  const index = pfn - region.origin;
  const unit = 2 ** plan.bits;
  const tile = Math.floor(index / unit);
  if (plan.layout === 'rows') return [index - tile * unit, tile];
  const [side, inner] = [2 ** (plan.bits / 2), index - tile * unit];
  return [(tile % plan.tiles) * side + gather(inner), Math.floor(tile / plan.tiles) * side + gather(inner >>> 1)];
}

/** The cell of a frame; null where the map has none. */
export function cellOf(plan: Plan, pfn: number): [x: number, y: number] | null {
  const region = regionOf(plan, pfn);
  if (!region) return null;
  const [x, y] = cellIn(plan, region, pfn);
  return [region.x + x, region.y + y];
}

/** The frame at a place in cells, or null. */
export function frameAt(plan: Plan, x: number, y: number): number | null {
  const region = plan.regions.find((one) => y >= one.y && y < one.y + one.rows);
  const column = Math.floor(x - (region?.x ?? 0));
  if (!region || column < 0 || column >= region.columns) return null;
  const row = Math.floor(y - region.y);
  const pfn = region.origin + rowStart(plan, row) + columnStep(plan, column);
  return pfn >= region.first && pfn < region.end ? pfn : null;
}

/** The rectangles that frames pfn .. pfn+count-1 of one region fill, within the region. */
export function rectsIn(plan: Plan, region: Region, pfn: number, count: number): Rect[] {
  const first = Math.max(pfn, region.first);
  const end = Math.min(pfn + count, region.end);
  if (end <= first) return [];
  return plan.layout === 'rows' ? rowRects(plan, region, first, end) : blockRects(plan, region, first, end);
}

function rowRects(plan: Plan, region: Region, first: number, end: number): Rect[] {
  const across = 2 ** plan.bits;
  const [x0, top] = cellIn(plan, region, first);
  const [last, bottom] = cellIn(plan, region, end - 1);
  const x1 = last + 1;
  if (top === bottom) return [{ x: x0, y: top, width: x1 - x0, height: 1 }];
  const out: Rect[] = [];
  const from = x0 === 0 ? top : top + 1;
  const to = x1 === across ? bottom + 1 : bottom;
  if (from > top) out.push({ x: x0, y: top, width: across - x0, height: 1 });
  if (to > from) out.push({ x: 0, y: from, width: across, height: to - from });
  if (to === bottom) out.push({ x: 0, y: bottom, width: x1, height: 1 });
  return out;
}

/** The largest aligned blocks one after another; whole rows of tiles at once. */
function blockRects(plan: Plan, region: Region, first: number, end: number): Rect[] {
  const out: Rect[] = [];
  const row = plan.tiles * 2 ** plan.bits;
  const side = 2 ** (plan.bits / 2);
  for (let index = first - region.origin; index < end - region.origin; ) {
    const left = end - region.origin - index;
    const [x, y] = cellIn(plan, region, region.origin + index);
    if (index % row === 0 && left >= row) {
      const rows = Math.floor(left / row);
      out.push({ x: 0, y, width: plan.tiles * side, height: rows * side });
      index += rows * row;
      continue;
    }
    let order = 0;
    while (order < plan.bits && index % 2 ** (order + 1) === 0 && 2 ** (order + 1) <= left) order++;
    out.push({ x, y, width: 2 ** Math.ceil(order / 2), height: 2 ** Math.floor(order / 2) });
    index += 2 ** order;
  }
  return out;
}

/** The rectangles of frames wherever they stand on the map. */
export function rectsOf(plan: Plan, pfn: number, count: number): Rect[] {
  return plan.regions.flatMap((region) =>
    rectsIn(plan, region, pfn, count).map((rect) => ({ ...rect, x: rect.x + region.x, y: rect.y + region.y })),
  );
}

/** The frames that share a square of 2^level cells a side with a frame: those under one dot, where a dot is that large. */
export function framesAround(plan: Plan, pfn: number, level: number): [pfn: number, count: number][] {
  const region = regionOf(plan, pfn);
  if (!region) return [];
  const isRows = plan.layout === 'rows';
  const half = plan.bits / 2;
  const size = 2 ** plan.bits;
  const index = pfn - region.origin;
  const out: [number, number][] = [];
  const add = (first: number, count: number): void => {
    const from = Math.max(region.first, region.origin + first);
    const end = Math.min(region.end, region.origin + first + count);
    if (end > from) out.push([from, end - from]);
  };
  if (!isRows && level <= half) add(alignDown(index, 4 ** level), 4 ** level);
  else {
    // In rows a frame, in a quilt a tile: they stand beside each other, and `across` of them make a row.
    const [unit, side, across] = isRows ? [1, 2 ** level, size] : [size, 2 ** (level - half), plan.tiles];
    const at = Math.floor(index / unit);
    const column = alignDown(at % across, side);
    const top = alignDown(Math.floor(at / across), side);
    for (let row = top; row < top + side; row++)
      add((row * across + column) * unit, Math.min(side, across - column) * unit);
  }
  return out;
}
