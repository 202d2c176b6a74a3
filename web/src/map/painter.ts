/**
 * Draws the page map on an OffscreenCanvas, in the worker. Knows frames and colours, and nothing of events or words.
 */

import { STATES, type StateName } from '../generated/tables.ts';
import type { NodeInfo, Theme } from '../protocol.ts';
import type { Band, MapLayout } from './layout.ts';
import { drawnNodes, layoutRows, outline } from './layout.ts';
import type { Look } from './patterns.ts';
import { IMPORTANCE, lookOf, TILE, textOn, word } from './patterns.ts';

const STATE = 0x0f;
const HEAD = 0x10;
const MARKED = 0x20;
const NR_STATES = STATES.length;
/** States without blocks: every frame is its own piece where there is room. */
const SINGLE = new Set(['unknown', 'reserved', 'boot-free'].map((name) => STATES.indexOf(name as StateName)));
/** Device pixels (at ratio 1) from which a block has an outline, and from which it also stands apart from its neighbours. */
const OUTLINED = 4;
const APART = 9;
/** CSS pixels from which a cell shows its frame's number. */
const NUMBERED = 27;

export interface MapZone {
  name: string;
  node: number;
  start_pfn: number;
  size: number;
}

export interface MapMachine {
  nodes: NodeInfo[];
  frames: number;
  zones: MapZone[];
}

function fillRect(
  pixels: Uint32Array,
  width: number,
  x: number,
  y: number,
  w: number,
  h: number,
  colour: number,
): void {
  for (let row = y; row < y + h; row++) pixels.fill(colour, row * width + x, row * width + x + w);
}

const hex = (pfn: number): string => pfn.toString(16);

export class MapPainter {
  private canvas: OffscreenCanvas | null = null;
  private context: OffscreenCanvasRenderingContext2D | null = null;
  private theme: Theme = { dark: false, colours: {} };
  private machine: MapMachine = { nodes: [], frames: 0, zones: [] };
  private width = 0;
  private height = 0;
  private ratio = 1;
  private layout: MapLayout = layoutRows([], 0, 0, 1);
  private image: ImageData | null = null;
  private looks: Look[] = [];

  /** The canvas to draw on; its pixel size is set here, from then on by resize(). */
  setCanvas(canvas: OffscreenCanvas): void {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.arrange();
  }

  /** The space there is, in CSS pixels. */
  resize(width: number, height: number, ratio: number): void {
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.arrange();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.looks = [];
  }

  setMachine(machine: MapMachine): void {
    this.machine = machine;
    this.arrange();
  }

  /**
   * Draws everything. `paint` has one PF_PAINT byte a frame from frame 0; `touched` are the frames of the current operation.
   */
  draw(paint: Uint8Array, touched: readonly (readonly [number, number])[]): void {
    const context = this.context;
    if (!context || !this.image || this.width <= 0) return;
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(word(this.colour('paper')));
    if (this.looks.length === 0) this.makeLooks();
    const blocks = this.layout.perCell === 1 && this.layout.cell >= this.px(OUTLINED) ? this.blocksOf(paint) : null;
    for (const band of this.layout.bands) this.fillBand(pixels, this.image.width, band, paint, blocks);
    context.putImageData(this.image, 0, 0);
    for (const band of this.layout.bands) this.label(context, band);
    for (const band of this.layout.bands) this.number(context, band, paint);
    for (const band of this.layout.bands) this.separate(context, band);
    for (const [pfn, count] of touched) this.outlineRun(context, pfn, count, this.colour('accent'));
  }

  private colour(name: string): string {
    return this.theme.colours[name] ?? '#808080';
  }

  private px(css: number): number {
    return Math.max(1, Math.round(css * this.ratio));
  }

  private arrange(): void {
    this.layout = layoutRows(drawnNodes(this.machine.nodes, this.machine.frames), this.width, this.height, this.ratio);
    const [width, height] = [Math.round(this.width * this.ratio), Math.round(this.height * this.ratio)];
    if (
      this.canvas &&
      width > 0 &&
      height > 0 &&
      (this.canvas.width !== width || this.canvas.height !== height || !this.image)
    ) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = new ImageData(width, height);
    }
    this.looks = [];
  }

  /** Looks by state, and NR_STATES further on the same with a mark. */
  private makeLooks(): void {
    const scale = this.px(1);
    for (const marked of [false, true])
      for (let state = 0; state < NR_STATES; state++) this.looks.push(lookOf(this.theme, state, scale, marked));
  }

  /** A number a frame, the same for frames of one piece. */
  private blocksOf(paint: Uint8Array): Int32Array {
    const blocks = new Int32Array(paint.length);
    const apart = this.layout.cell >= this.px(APART);
    let block = 0;
    let before = -1;
    for (let pfn = 0; pfn < paint.length; pfn++) {
      const byte = paint[pfn] ?? 0;
      const state = byte & STATE;
      const single = apart && SINGLE.has(state);
      if (byte & HEAD || single || state !== before) block = pfn;
      before = state;
      blocks[pfn] = block;
    }
    return blocks;
  }

  /** Which look the cell that begins at pfn gets; -1: outside the node. */
  private lookAt(band: Band, pfn: number, paint: Uint8Array): number {
    const from = Math.max(pfn, band.first);
    const to = Math.min(pfn + this.layout.perCell, band.end, paint.length);
    let best = -1;
    let marked = 0;
    for (let i = from; i < to; i++) {
      const byte = paint[i] ?? 0;
      const state = byte & STATE;
      if (best < 0 || (IMPORTANCE[state] ?? 0) > (IMPORTANCE[best] ?? 0)) best = state;
      if (byte & MARKED) marked = NR_STATES;
    }
    return best < 0 ? -1 : best + marked;
  }

  private fillBand(pixels: Uint32Array, width: number, band: Band, paint: Uint8Array, blocks: Int32Array | null): void {
    const { across, perCell } = this.layout;
    for (let row = 0; row < band.rows; row++) {
      for (let column = 0; column < across; column++) {
        const pfn = band.origin + (row * across + column) * perCell;
        const number = this.lookAt(band, pfn, paint);
        const look = this.looks[number];
        if (!look) continue;
        this.fillCell(pixels, width, band.y + row * this.layout.cell, column, look);
        if (blocks && number % NR_STATES !== 0) this.edgeCell(pixels, width, band, row, column, blocks, look.line);
      }
    }
  }

  private fillCell(pixels: Uint32Array, width: number, top: number, column: number, look: Look): void {
    const { cell, x } = this.layout;
    const size = TILE * this.px(1);
    const left = x + column * cell;
    for (let y = top; y < top + cell; y++) {
      const line = (y % size) * size;
      const start = y * width;
      for (let i = left; i < left + cell; i++) pixels[start + i] = look.tile[line + (i % size)] ?? 0;
    }
  }

  /** The parts of its piece's outline that lie in this cell. */
  private edgeCell(
    pixels: Uint32Array,
    width: number,
    band: Band,
    row: number,
    column: number,
    blocks: Int32Array,
    line: number,
  ): void {
    const { cell, x, across } = this.layout;
    const pfn = band.origin + row * across + column;
    const differs = (other: number, inRow: boolean): boolean =>
      !inRow || other < band.first || other >= band.end || blocks[other] !== blocks[pfn];
    const left = x + column * cell;
    const top = band.y + row * cell;
    const w = this.px(1);
    const gap = cell >= this.px(APART) ? w : 0;
    const paper = word(this.colour('paper'));
    const rect = (dx: number, dy: number, across: number, down: number, colour: number): void =>
      fillRect(pixels, width, left + dx, top + dy, across, down, colour);
    const isLeft = differs(pfn - 1, column > 0);
    const isTop = differs(pfn - across, true);
    if (!gap) {
      if (isLeft) rect(0, 0, w, cell, paper);
      if (isTop) rect(0, 0, cell, w, paper);
      return;
    }
    if (isLeft) rect(gap, 0, w, cell, line);
    if (isTop) rect(0, gap, cell, w, line);
    if (differs(pfn + 1, column < across - 1)) rect(cell - w, 0, w, cell, line);
    if (differs(pfn + across, true)) rect(0, cell - w, cell, w, line);
    if (isLeft) rect(0, 0, gap, cell, paper);
    if (isTop) rect(0, 0, cell, gap, paper);
  }

  /** Frame numbers at the left, zone names at the right. */
  private label(context: OffscreenCanvasRenderingContext2D, band: Band): void {
    const { cell, across, perCell, x } = this.layout;
    const size = this.px(11);
    context.font = `${size}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
    context.textBaseline = 'middle';
    context.fillStyle = this.colour('muted');
    context.textAlign = 'right';
    const every = Math.max(1, 2 ** Math.ceil(Math.log2((size * 1.4) / cell)));
    for (let row = 0; row < band.rows; row += every) {
      const y = band.y + row * cell + Math.max(cell, size) / 2;
      if (every > 1 && row + every > band.rows && row > 0 && (band.rows - row) * cell < size) break;
      context.fillText(hex(Math.max(band.first, band.origin + row * across * perCell)), x - this.px(8), y);
    }
    context.textAlign = 'left';
    const right = x + across * cell + this.px(8);
    let free = 0;
    for (const zone of this.machine.zones) {
      if (zone.node !== band.node || zone.size === 0) continue;
      const row = Math.floor((zone.start_pfn - band.origin) / perCell / across);
      const y = Math.max(free, band.y + row * cell + Math.max(cell, size) / 2);
      context.fillText(zone.name, right, y);
      free = y + size * 1.25;
    }
  }

  /** A line between one zone and the next. */
  private separate(context: OffscreenCanvasRenderingContext2D, band: Band): void {
    const { cell, across, perCell, x } = this.layout;
    for (const zone of this.machine.zones) {
      if (zone.node !== band.node || zone.size === 0 || zone.start_pfn <= band.first) continue;
      const at = Math.floor((zone.start_pfn - band.origin) / perCell);
      const [column, y] = [at % across, band.y + Math.floor(at / across) * cell];
      context.beginPath();
      context.moveTo(x + across * cell, y);
      context.lineTo(x + column * cell, y);
      if (column > 0) context.lineTo(x + column * cell, y + cell);
      context.lineTo(x, column > 0 ? y + cell : y);
      this.strokeTwice(context, this.colour('ink'), 1.5);
    }
  }

  private strokeTwice(context: OffscreenCanvasRenderingContext2D, colour: string, width: number): void {
    context.lineJoin = 'round';
    context.strokeStyle = this.colour('paper');
    context.lineWidth = this.px(2 * width);
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = this.px(width);
    context.stroke();
  }

  /** Frame numbers in the cells, where they fit. */
  private number(context: OffscreenCanvasRenderingContext2D, band: Band, paint: Uint8Array): void {
    const { cell, across, perCell, x } = this.layout;
    if (perCell > 1 || cell < this.px(NUMBERED)) return;
    const size = this.px(10.5);
    context.font = `${size}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let pfn = band.first; pfn < Math.min(band.end, paint.length); pfn++) {
      const at = pfn - band.origin;
      const state = (paint[pfn] ?? 0) & STATE;
      if (state === 0) continue;
      const cx = x + (at % across) * cell + cell / 2 + this.px(0.5);
      const cy = band.y + Math.floor(at / across) * cell + cell / 2 + this.px(0.5);
      const text = hex(pfn);
      const width = context.measureText(text).width + this.px(4);
      if (width > cell - this.px(4)) continue;
      const fill = this.colour(STATES[state] ?? 'unknown');
      context.fillStyle = fill;
      context.fillRect(
        Math.round(cx - width / 2),
        Math.round(cy - size * 0.6),
        Math.round(width),
        Math.round(size * 1.2),
      );
      context.fillStyle = textOn(fill);
      context.fillText(text, cx, cy);
    }
  }

  /** An outline with a halo of paper, never thinner than can be seen. */
  private outlineRun(context: OffscreenCanvasRenderingContext2D, pfn: number, count: number, colour: string): void {
    for (const band of this.layout.bands) {
      const first = Math.max(pfn, band.first);
      const last = Math.min(pfn + count, band.end) - 1;
      if (last < first) continue;
      context.beginPath();
      for (const [x, y] of outline(this.layout, band, first, last - first + 1)) context.lineTo(x, y);
      context.closePath();
      this.strokeTwice(context, colour, 2.5);
    }
  }
}
