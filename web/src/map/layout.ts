/**
 * Where frames stand on the map: rows in address order, as the books draw it. Rows hold a power of two of frames, so that
 * aligned blocks line up. The drawing is fitted to the space: a cell is from 1 device pixel to MAX_CELL CSS pixels;
 * where even one pixel a frame is too much, a pixel stands for 2, 4, 8, ... frames.
 */
import type { NodeInfo } from '../protocol.ts';

export const MAX_CELL = 40;
/** CSS pixels that are enough: of layouts whose cells are larger, the one with the longest rows is taken. */
const AMPLE_CELL = 28;
/** CSS pixels beside the cells: left for frame numbers, right for zone names. */
export const GUTTER_LEFT = 52;
export const GUTTER_RIGHT = 64;
const NODE_HEAD = 26;

/** The rows of one node. All measures are in device pixels. */
export interface Band {
  node: number;
  /** First frame and one past the last. */
  first: number;
  end: number;
  /** The frame in the left upper corner: `first`, aligned down to a whole row. */
  origin: number;
  rows: number;
  /** Upper edge of the first row. */
  y: number;
}

export interface MapLayout {
  /** Side of a cell in device pixels. */
  cell: number;
  /** Frames that one cell stands for. */
  perCell: number;
  /** Cells in a row. */
  across: number;
  /** Left edge of the cells. */
  x: number;
  bands: Band[];
  /** Height in use. */
  height: number;
}

/** The nodes to draw: where a source names none, its frames are one. */
export function drawnNodes(nodes: readonly NodeInfo[], frames: number): readonly NodeInfo[] {
  return nodes.some((node) => node.pages > 0) ? nodes : [{ start_pfn: 0, pages: frames }];
}

function bandsOf(nodes: readonly NodeInfo[], perRow: number): Band[] {
  return nodes
    .map((node, index) => ({ node, index }))
    .filter(({ node }) => node.pages > 0)
    .map(({ node, index }) => {
      const origin = Math.floor(node.start_pfn / perRow) * perRow;
      const end = node.start_pfn + node.pages;
      return { node: index, first: node.start_pfn, end, origin, rows: Math.ceil((end - origin) / perRow), y: 0 };
    });
}

/** width and height in CSS pixels; ratio is device pixels a CSS pixel. */
export function layoutRows(nodes: readonly NodeInfo[], width: number, height: number, ratio: number): MapLayout {
  const left = Math.round(GUTTER_LEFT * ratio);
  const total = nodes.reduce((sum, node) => sum + node.pages, 0);
  const head = nodes.length > 1 ? Math.round(NODE_HEAD * ratio) : 0;
  const space = Math.max(8, Math.floor((width - GUTTER_LEFT - GUTTER_RIGHT) * ratio));
  const room = Math.max(8, Math.floor(height * ratio) - head * nodes.length - 2);
  const ample = (cell: number): number => Math.min(cell, AMPLE_CELL * ratio);
  let best = { cell: 0, across: 8, perCell: 1 };
  for (let perCell = 1; best.cell === 0 && perCell <= 1 << 26; perCell *= 2) {
    for (let across = 8; across <= space; across *= 2) {
      const rows = bandsOf(nodes, across * perCell).reduce((sum, band) => sum + band.rows, 0);
      const cell = Math.min(
        Math.floor(space / across),
        Math.floor(room / Math.max(1, rows)),
        Math.round(MAX_CELL * ratio),
      );
      const isLonger = cell > 0 && ample(cell) === ample(best.cell) && across * perCell <= total;
      if (ample(cell) > ample(best.cell) || isLonger) best = { cell, across, perCell };
    }
  }
  const bands = bandsOf(nodes, best.across * best.perCell);
  let y = 0;
  for (const band of bands) {
    band.y = y + head;
    y = band.y + band.rows * best.cell;
  }
  return { ...best, x: left, bands, height: y + 2 };
}

/** The frame (the first of those in the cell) at a point in device pixels, or null. */
export function frameAt(layout: MapLayout, x: number, y: number): number | null {
  const column = Math.floor((x - layout.x) / layout.cell);
  if (column < 0 || column >= layout.across) return null;
  const band = layout.bands.find((b) => y >= b.y && y < b.y + b.rows * layout.cell);
  if (!band) return null;
  const row = Math.floor((y - band.y) / layout.cell);
  const pfn = band.origin + (row * layout.across + column) * layout.perCell;
  return pfn + layout.perCell > band.first && pfn < band.end ? Math.max(pfn, band.first) : null;
}

/** Corners of the outline around frames pfn .. pfn+count-1 of one band, in device pixels, clockwise. */
export function outline(layout: MapLayout, band: Band, pfn: number, count: number): [number, number][] {
  const { cell, across, perCell, x } = layout;
  const from = Math.floor((pfn - band.origin) / perCell);
  const to = Math.floor((pfn + count - 1 - band.origin) / perCell);
  const [top, bottom] = [Math.floor(from / across), Math.floor(to / across)];
  const at = (column: number, row: number): [number, number] => [x + column * cell, band.y + row * cell];
  const [c0, c1] = [from % across, (to % across) + 1];
  if (top === bottom) return [at(c0, top), at(c1, top), at(c1, top + 1), at(c0, top + 1)];
  return [
    at(c0, top),
    at(across, top),
    at(across, bottom),
    at(c1, bottom),
    at(c1, bottom + 1),
    at(0, bottom + 1),
    at(0, top + 1),
    at(c0, top + 1),
  ];
}
