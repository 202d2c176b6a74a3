/**
 * What the map shows as a file: the picture with its caption and its legend, as PNG or as SVG with a shape for every block. Fetched
 * when somebody saves one.
 */
import type { Theme } from '../protocol.ts';
import { type Camera, onMap, onScreen, type Viewport } from './camera.ts';
import type { Context } from './labels.ts';
import { linesAround } from './marks.ts';
import { HEAD, lookOf, MARKED, STATE, TILE } from './patterns.ts';
import type { Plan, Region } from './plan.ts';
import { SvgContext } from './svg-context.ts';
import { px, type Space } from './view.ts';

/** More shapes than this are no picture but a burden: the viewer comes nearer, or takes the PNG. */
export const MOST_SHAPES = 20_000;
/** CSS pixels around everything, of a line of the caption, and of a legend's swatch. */
const MARGIN = 16;
const LINE = 20;
const SWATCH = 14;
/** A letter of the caption takes at most this part of its height, on the average of a line: who opens an SVG brings the font. */
const LETTER = 0.62;

/** What stands on a canvas. */
export interface Scene {
  plan: Plan;
  view: Viewport;
  camera: Camera;
  space: Space;
  theme: Theme;
  /** One PF_PAINT byte a frame. */
  bytes: Uint8Array;
  /** Bit s: state s is asked for. */
  shown: number;
  /** Bit s: each frame of state s is a piece of its own. */
  single: number;
  /** Writes and outlines what lies over the cells. */
  over(context: Context): void;
}

/** What a look means: that of a state's frames, or the edge of pageblocks; without a look, a title that begins a row. */
export interface LegendEntry {
  text: string;
  state?: number;
  /** A colour of the theme. */
  edge?: string;
  isDashed?: boolean;
}

export interface Caption {
  title: string;
  text: string;
  /** What stands over each region, where there are several. */
  heads: string[];
  legend: LegendEntry[];
}

export interface PictureFile {
  type: string;
  bytes: ArrayBuffer;
}

// -------------------------------------------------------------------- the page around the map

interface Sheet {
  width: number;
  height: number;
  lines: string[];
  /** Where the map begins, and its legend. */
  top: number;
  bottom: number;
}

/** In lines of at most so many letters. */
export function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

interface Placed extends LegendEntry {
  x: number;
  row: number;
}

const hasLook = ({ state, edge }: LegendEntry): boolean => state !== undefined || edge !== undefined;

function legendRows({ legend }: Caption, width: number, space: Space): Placed[] {
  let [x, row] = [0, 0];
  return legend.map((entry) => {
    const look = hasLook(entry) ? SWATCH + 8 : 0;
    const wide = px(space, look + entry.text.length * 13 * LETTER + 18);
    if (x > 0 && (x + wide > width || !hasLook(entry))) [x, row] = [0, row + 1];
    const place = { ...entry, x, row };
    x += wide;
    return place;
  });
}

function sheetOf({ space }: Scene, caption: Caption): Sheet {
  const [margin, line] = [px(space, MARGIN), px(space, LINE)];
  const inner = Math.floor(space.width * space.ratio);
  const lines = wrapped(caption.text, Math.floor(space.width / (13 * LETTER)));
  const top = margin + line * (1 + lines.length) + px(space, 8);
  const bottom = top + Math.floor(space.height * space.ratio) + px(space, 8);
  const rows = Math.max(0, ...legendRows(caption, inner, space).map(({ row }) => row + 1));
  return { width: inner + 2 * margin, height: bottom + rows * line + margin, lines, top, bottom };
}

type FillOf = (state: number) => string | CanvasPattern;

/** What stands before a legend's text; (x, y) is its corner. */
function drawSwatch(
  context: Context,
  { space, theme }: Scene,
  { state, edge, isDashed }: LegendEntry,
  fillOf: FillOf,
  x: number,
  y: number,
): void {
  const size = px(space, SWATCH);
  if (state !== undefined) {
    context.fillStyle = fillOf(state);
    context.fillRect(x, y, size, size);
    context.strokeStyle = hexOf(lookOf(theme, state, 1).line);
    context.lineWidth = px(space, 1);
    context.strokeRect(x, y, size, size);
  } else if (edge !== undefined) {
    const thick = px(space, 3);
    context.strokeStyle = theme.colours[edge] ?? '#808080';
    context.lineWidth = thick;
    context.setLineDash(isDashed ? [thick, thick] : []);
    context.strokeRect(x + thick / 2, y + thick / 2, size - thick, size - thick);
    context.setLineDash([]);
  }
}

/** Caption and legend; `fillOf`: how a state's swatch is filled. */
function drawSheet(context: Context, scene: Scene, caption: Caption, sheet: Sheet, fillOf: FillOf): void {
  const { space, theme } = scene;
  const [margin, line, swatch] = [px(space, MARGIN), px(space, LINE), px(space, SWATCH)];
  const font = (size: number, weight = ''): string =>
    `${weight}${px(space, size)}px system-ui, "DejaVu Sans", sans-serif`;
  context.fillStyle = theme.colours.paper ?? '#ffffff';
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = theme.colours.ink ?? '#000000';
  context.font = font(15, '600 ');
  context.fillText(caption.title, margin, margin + line / 2);
  context.font = font(13);
  for (const [i, text] of sheet.lines.entries()) context.fillText(text, margin, margin + line * (i + 1.5));
  for (const entry of legendRows(caption, sheet.width - 2 * margin, space)) {
    const [x, y] = [margin + entry.x, sheet.bottom + entry.row * line];
    drawSwatch(context, scene, entry, fillOf, x, y + (line - swatch) / 2);
    context.fillStyle = theme.colours.ink ?? '#000000';
    context.fillText(entry.text, x + (hasLook(entry) ? swatch + px(space, 6) : 0), y + line / 2);
  }
}

/** Over each region what it is; (0, 0) is where the map begins. */
function drawHeads(context: Context, { plan, view, camera, space, theme }: Scene, { heads }: Caption): void {
  const high = px(space, 18);
  context.font = `${px(space, 12)}px system-ui, "DejaVu Sans", sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const [i, text] of heads.entries()) {
    const region = plan.regions[i];
    if (!region) return;
    const [left, top] = onScreen(view, camera, region.x, region.y);
    const isSeen = top + region.rows * camera.scale > px(space, 16) && top - px(space, 20) < view.height;
    if (!isSeen) continue;
    const [x, y] = [Math.max(left, view.left), Math.max(px(space, 10), top - px(space, 11))];
    if (y > top - high / 2) {
      context.fillStyle = theme.colours.paper ?? '#ffffff';
      context.fillRect(x, y - high / 2, px(space, text.length * 12 * LETTER), high); // it stands over cells
    }
    context.fillStyle = theme.colours.muted ?? '#606060';
    context.fillText(text, x, y);
  }
}

// -------------------------------------------------------------------- PNG

function tileOf({ theme, space }: Scene, state: number): OffscreenCanvas {
  const { tile } = lookOf(theme, state, px(space, 1));
  const size = Math.sqrt(tile.length);
  const canvas = new OffscreenCanvas(size, size);
  const image = new ImageData(size, size);
  new Uint32Array(image.data.buffer).set(tile);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

export async function pngOf(scene: Scene, map: OffscreenCanvas, caption: Caption): Promise<PictureFile> {
  const sheet = sheetOf(scene, caption);
  const canvas = new OffscreenCanvas(sheet.width, sheet.height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('no canvas');
  drawSheet(
    context,
    scene,
    caption,
    sheet,
    (state) => context.createPattern(tileOf(scene, state), 'repeat') ?? '#808080',
  );
  context.translate(px(scene.space, MARGIN), sheet.top);
  context.drawImage(map, 0, 0);
  drawHeads(context, scene, caption);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return { type: blob.type, bytes: await blob.arrayBuffer() };
}

// -------------------------------------------------------------------- SVG

export interface Piece {
  pfn: number;
  count: number;
  state: number;
  marked: boolean;
}

/** The first and one past the last frame that can be in view, of a region. */
function seenOf({ plan, view, camera }: Scene, region: Region): [number, number] {
  if (plan.layout !== 'rows') return [region.first, region.end];
  const [, top] = onMap(view, camera, 0, view.top);
  const [, bottom] = onMap(view, camera, 0, view.top + view.height);
  const at = (y: number): number => region.origin + Math.floor(y - region.y) * 2 ** plan.bits;
  return [Math.max(region.first, at(top)), Math.min(region.end, at(bottom + 1))];
}

/** Blocks, runs of frames of one state without blocks, and where there is room each of these frames. */
export function* piecesOf(scene: Scene): Generator<Piece> {
  const { plan, bytes, camera, space } = scene;
  const isRoomy = camera.scale >= px(space, 4);
  for (const region of plan.regions) {
    const [first, end] = seenOf(scene, region);
    for (let pfn = first, next = first; pfn < Math.min(end, bytes.length); pfn = next) {
      const code = (bytes[pfn] ?? 0) & (STATE | MARKED);
      const state = code & STATE;
      const isAlone = isRoomy && (scene.single & (1 << state)) !== 0;
      next = pfn + 1;
      while (!isAlone && next < end && ((bytes[next] ?? 0) & (STATE | MARKED | HEAD)) === code) next++;
      if (state !== 0) yield { pfn, count: next - pfn, state, marked: (code & MARKED) !== 0 };
    }
  }
}

const hexOf = (word: number): string =>
  `#${[0, 8, 16].map((shift) => ((word >>> shift) & 0xff).toString(16).padStart(2, '0')).join('')}`;

const patternName = (state: number, marked: boolean): string => `s${state}${marked ? 'm' : ''}`;

/** A state's tile as a pattern: its fill, and a rectangle for each stretch of another colour. */
function patternOf({ theme, space }: Scene, state: number, marked: boolean): string {
  const { tile } = lookOf(theme, state, 1, marked);
  const counts = new Map<number, number>();
  for (const word of tile) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [fill = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  let inked = '';
  for (let y = 0; y < TILE; y++)
    for (let x = 0, from = 0; x < TILE; x++) {
      const word = tile[y * TILE + x];
      if (x === 0 || tile[y * TILE + x - 1] !== word) from = x;
      const isEnd = x === TILE - 1 || tile[y * TILE + x + 1] !== word;
      if (isEnd && word !== undefined && word !== fill)
        inked += `<rect x="${from}" y="${y}" width="${x + 1 - from}" height="1" fill="${hexOf(word)}"/>`;
    }
  const scale = px(space, 1);
  return `<pattern id="${patternName(state, marked)}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse" patternTransform="scale(${scale})"><rect width="${TILE}" height="${TILE}" fill="${hexOf(fill)}"/>${inked}</pattern>`;
}

/** null: more shapes than MOST_SHAPES. */
export function svgOf(scene: Scene, caption: Caption): PictureFile | null {
  const { plan, view, camera, space, theme, shown } = scene;
  const sheet = sheetOf(scene, caption);
  const context = new SvgContext();
  const used = new Set<string>();
  const patterns: string[] = [];
  const fillOf = (state: number, marked = false): string => {
    const name = patternName(state, marked);
    if (!used.has(name)) patterns.push(patternOf(scene, state, marked));
    used.add(name);
    return `url(#${name})`;
  };
  drawSheet(context.asContext, scene, caption, sheet, fillOf);
  context.save();
  context.translate(px(space, MARGIN), sheet.top);
  context.save();
  context.beginPath();
  context.rect(view.left, view.top, view.width, view.height);
  context.clip();
  let shapes = 0;
  for (const { pfn, count, state, marked } of piecesOf(scene)) {
    const lines = linesAround(plan, view, camera, [pfn, count], 1);
    if (lines.length === 0) continue;
    if (++shapes > MOST_SHAPES) return null;
    const frames = count > 1 ? `0x${pfn.toString(16)}–0x${(pfn + count - 1).toString(16)}` : `0x${pfn.toString(16)}`;
    const isRoomy = camera.scale * Math.sqrt(count) >= px(space, 4);
    context.shape(lines, {
      fill: fillOf(state, marked),
      stroke: isRoomy ? hexOf(lookOf(theme, state, 1, marked).line) : '',
      alpha: shown & (1 << state) ? 1 : 0.18,
      title: frames,
    });
  }
  context.restore();
  scene.over(context.asContext);
  drawHeads(context.asContext, scene, caption);
  context.restore();
  const [width, height] = [sheet.width / space.ratio, sheet.height / space.ratio];
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${sheet.width} ${sheet.height}"><defs>${patterns.join('')}</defs>${context.text}</svg>`;
  return { type: 'image/svg+xml', bytes: new TextEncoder().encode(text).buffer as ArrayBuffer };
}
