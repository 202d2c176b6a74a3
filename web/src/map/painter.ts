/**
 * Draws one page map on an OffscreenCanvas, in the worker. Knows frames and colours, and nothing of events or words. The page says how
 * the frames stand (plan) and what is seen of them (camera); several painters can draw several maps.
 */
import { STATES, type StateName } from '../generated/tables.ts';
import type { Theme } from '../protocol.ts';
import { type Camera, isWhole, onScreen, type Viewport, whole } from './camera.ts';
import { type Context, type FrameCard, traceZoneBorders, writeCells, writeRowNumbers, writeZones } from './labels.ts';
import { linesAround, onScreenRect } from './marks.ts';
import { CHANGE, eased, halves, type Step, stepsAt, stepsDuration } from './motion.ts';
import type { Pageblocks, Scene } from './pageblocks.ts';
import { type Looks, looksOf, STATE } from './patterns.ts';
import type { Caption, PictureFile } from './picture.ts';
import { cellOf, type MapZone, type Plan, type Rect, rectsOf } from './plan.ts';
import { Pyramid } from './pyramid.ts';
import { fillCells, outlineBlocks, type Surface } from './raster.ts';
import { NO_SPACE, overviewCamera, overviewPlace, px, type Space, viewport } from './view.ts';

export type Range = readonly [pfn: number, count: number];

/** What the page tells a painter. */
export type DrawOrder =
  | { what: 'canvas'; canvas: OffscreenCanvas }
  | { what: 'space'; space: Space }
  /** `calm`: changes are instant. */
  | { what: 'plan'; plan: Plan | null; zones: MapZone[]; calm: boolean }
  | { what: 'camera'; camera: Camera }
  /** Bit s: state s is asked for; the others are dimmed. */
  | { what: 'shown'; states: number }
  /** The pageblocks to draw (protocol.ts: ONLY_MIXED); null: none. */
  | { what: 'pageblocks'; asked: number | null };

/** What there is to draw. */
export interface Picture {
  /** One PF_PAINT byte a frame, from frame 0 on; the caller keeps it up to date. */
  bytes: Uint8Array;
  /** Frames whose byte changed since the last picture; null: any may have. */
  changed: readonly Range[] | null;
  /** Frames that the operation is about, and all that it has changed. */
  touched: readonly Range[];
  altered: readonly Range[];
  /** What happened on the way here, where that was one step. */
  steps: readonly Step[];
  /** null: the kernel has none. */
  blocks: Pageblocks | null;
  card: (pfn: number) => FrameCard | null;
}

/** States without blocks: every frame is its own piece where there is room. */
const SINGLE = ['unknown', 'reserved', 'boot-free'].reduce(
  (bits, name) => bits | (1 << STATES.indexOf(name as StateName)),
  0,
);
export const ALL_STATES = 2 ** STATES.length - 1;
/** CSS pixels from which a block has an outline, and from which the outline has a line in the block's own colour. */
const OUTLINED = 4;
const ROOMY = 9;
/** What is marked is at least that large, in CSS pixels. */
export const LEAST_MARK = 7;
/** So many changes cost more than to build all of it. */
const MANY_CHANGES = 1024;
/** A map of more frames is built in parts, so many milliseconds at a time, while what was there before is still shown. */
const AT_ONCE = 1 << 19;
const BUILDING = 6;
/** More frames do not move one by one when the layout changes: the new map fades in. */
const MOST_MOVING = 1 << 15;

/** What cells look like from nearer and farther away, region by region. */
interface Built {
  looks: Looks;
  pyramids: Pyramid[];
}

interface Change {
  from: { plan: Plan; camera: Camera };
  image: ImageData | null;
  start: number;
}

const NO_PICTURE: Picture = {
  bytes: new Uint8Array(0),
  changed: null,
  touched: [],
  altered: [],
  steps: [],
  blocks: null,
  card: () => null,
};

export class MapPainter {
  private canvas: OffscreenCanvas | null = null;
  private context: Context | null = null;
  private theme: Theme = { dark: false, colours: {} };
  private space: Space = NO_SPACE;
  private plan: Plan | null = null;
  private zones: MapZone[] = [];
  private camera: Camera = { x: 0, y: 0, scale: 1 };
  private shown = ALL_STATES;
  /** Pageblocks that are asked for, null: they are not drawn; and what draws them, once it was fetched. */
  private asked: number | null = null;
  private drawer: typeof import('./pageblocks.ts') | null = null;
  private isCalm = false;
  private picture = NO_PICTURE;
  private image: ImageData | null = null;
  /** What is drawn, null: it has to be built first; what takes its place, and how far that is; and whether it must be built anew. */
  private built: Built | null = null;
  private coming: (Built & { rest: Generator<void> }) | null = null;
  private isStale = false;
  /** Something is to be drawn even if that is not built yet. */
  private hasNews = false;
  private change: Change | null = null;
  private stepsStart = 0;
  private isDue = false;
  private readonly later: (draw: (now: number) => void) => void;
  private readonly now: () => number;

  /** `later` calls back when the next frame can be drawn. */
  constructor(
    later: (draw: (now: number) => void) => void = (draw) => requestAnimationFrame(draw),
    now: () => number = () => performance.now(),
  ) {
    this.later = later;
    this.now = now;
  }

  obey(order: DrawOrder): void {
    switch (order.what) {
      case 'canvas':
        this.canvas = order.canvas;
        this.context = order.canvas.getContext('2d', { alpha: false });
        this.fit();
        break;
      case 'space':
        this.space = order.space;
        this.fit();
        break;
      case 'plan':
        this.setPlan(order.plan, order.zones, order.calm);
        break;
      case 'camera':
        this.camera = order.camera;
        break;
      case 'shown':
        if (order.states === this.shown) return;
        this.shown = order.states;
        return this.renew();
      case 'pageblocks':
        this.asked = order.asked;
        void this.fetchDrawer();
        break;
    }
    this.hasNews = true;
    this.request();
  }

  /** Everything looks different; until it is built nothing does. */
  private renew(): void {
    this.isStale = true;
    this.request();
  }

  /** Pageblocks can be drawn as soon as there are any. */
  private async fetchDrawer(): Promise<void> {
    if (this.drawer || !this.picture.blocks || this.asked === null) return;
    this.drawer = await import('./pageblocks.ts');
    this.hasNews = true;
    this.request();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.renew();
  }

  /** Another source comes: what was shown is no more. */
  forget(): void {
    this.picture = NO_PICTURE;
    this.plan = null;
    this.drop();
    this.change = null;
  }

  /** What was built is of no use any more. */
  private drop(): void {
    this.built = null;
    this.coming = null;
  }

  /** Shows another picture, at once. */
  show(picture: Picture): void {
    const isSame = picture.bytes === this.picture.bytes;
    this.picture = picture;
    void this.fetchDrawer();
    this.stepsStart = this.now();
    if (!isSame) this.drop();
    else if (!picture.changed || picture.changed.length > MANY_CHANGES) this.isStale = true;
    else
      for (const built of [this.built, this.coming])
        for (const [pfn, count] of picture.changed)
          for (const pyramid of built?.pyramids ?? []) pyramid.update(pfn, count, (built as Built).looks);
    this.hasNews = true;
    // Whoever came here has taken some time of this frame already.
    this.draw(0);
  }

  /** What stands on the canvas, as a file; null: nothing does, or it has too many shapes for an SVG. */
  async save(format: 'png' | 'svg', caption: Caption): Promise<PictureFile | null> {
    const { plan, canvas, camera, space, theme, shown } = this;
    if (!plan || !canvas) return null;
    const view = viewport(space, plan.layout);
    const over = (context: Context): void => {
      const blocks = this.blockScene(plan, view);
      this.clip(context, view, 0);
      if (blocks && this.drawer) this.drawer.drawPageblocks(this.drawer.shapePen(context, theme), blocks);
      context.restore();
      this.drawOver(context, plan, view);
    };
    const scene = { plan, view, camera, space, theme, shown, bytes: this.picture.bytes, single: SINGLE, over };
    const { pngOf, svgOf } = await import('./picture.ts');
    return format === 'png' ? pngOf(scene, canvas, caption) : svgOf(scene, caption);
  }

  // ------------------------------------------------------------------ when to draw

  private request(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.later(() => {
      if (this.isDue) this.draw();
    });
  }

  /** Another plan of the same frames: they are seen to go to their new places. */
  private setPlan(plan: Plan | null, zones: MapZone[], isCalm: boolean): void {
    const from = this.plan;
    const isChange = from && plan && from.layout !== plan.layout && !isCalm && this.image && this.built !== null;
    this.change = isChange ? { from: { plan: from, camera: this.camera }, image: this.image, start: this.now() } : null;
    if (isChange && this.image) this.image = new ImageData(this.image.width, this.image.height);
    this.plan = plan;
    this.zones = zones;
    this.isCalm = isCalm;
    this.drop();
    if (plan) this.camera = whole(plan);
  }

  private fit(): void {
    const [width, height] = [
      Math.floor(this.space.width * this.space.ratio),
      Math.floor(this.space.height * this.space.ratio),
    ];
    if (!this.canvas || width <= 0 || height <= 0) return;
    this.isStale = true;
    if (this.image && this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
  }

  // ------------------------------------------------------------------ drawing

  /** `building`: milliseconds for it. */
  private draw(building = BUILDING): void {
    this.isDue = false;
    const { context, plan, image } = this;
    if (!context || !plan || !image || this.picture.bytes.length === 0) return;
    const built = this.prepare(plan, building);
    if (this.coming && !this.hasNews) return;
    this.hasNews = false;
    const { looks } = built;
    const now = this.now();
    const part = this.change ? (now - this.change.start) / CHANGE : 1;
    if (part >= 1) this.change = null;
    if (this.change && this.isSmall(plan)) this.drawMoving(context, image, plan, looks, eased(part));
    else {
      this.drawMap(context, image, plan, looks);
      if (this.change) this.fade(context, this.change, eased(part));
    }
    const isMoving = this.drawSteps(context, plan, now);
    if (this.change || isMoving) {
      this.hasNews = true;
      this.request();
    }
  }

  /** What to draw: as it is, or as long as that is not built, as it was. */
  private prepare(plan: Plan, building: number): Built {
    // Who wants something else each time before it is done would never see any of it.
    const isHasty = this.isStale && this.coming !== null;
    if (this.isStale || !(this.built ?? this.coming)) this.coming = this.begin(plan);
    this.isStale = false;
    const { coming, built } = this;
    if (!coming) return built as Built;
    const isAtOnce = !built || isHasty || this.picture.bytes.length <= AT_ONCE;
    const end = isAtOnce ? Infinity : this.now() + building;
    while (!coming.rest.next().done)
      if (this.now() >= end) {
        this.request();
        return built as Built;
      }
    this.built = coming;
    this.coming = null;
    return coming;
  }

  private begin(plan: Plan): Built & { rest: Generator<void> } {
    const looks = looksOf(this.theme, px(this.space, 1), this.shown);
    const pyramids = plan.regions.map((region) => new Pyramid(plan, region, this.picture.bytes));
    const parts = function* (): Generator<void> {
      for (const pyramid of pyramids) yield* pyramid.parts(looks);
    };
    return { looks, pyramids, rest: parts() };
  }

  private drawMap(context: Context, image: ImageData, plan: Plan, looks: Looks): void {
    const { camera, space } = this;
    const view = viewport(space, plan.layout);
    const surface = this.surface(image, looks.paper);
    this.fillMap(surface, view, camera, looks, true);
    const blocks = this.blockScene(plan, view);
    if (blocks && this.drawer) this.drawer.drawPageblocks(this.drawer.pixelPen(surface, view, this.theme), blocks);
    context.putImageData(image, 0, 0);
    this.drawOver(context, plan, view);
    if (!isWhole(plan, camera)) this.drawOverview(context, plan, view, looks);
  }

  /** Pageblocks as they are to be drawn; null: they are not. */
  private blockScene(plan: Plan, view: Viewport): Scene | null {
    const { camera, space, theme, asked } = this;
    const cells = this.built?.pyramids ?? [];
    const { blocks } = this.picture;
    return blocks && asked !== null ? { plan, cells, view, camera, space, theme, blocks, asked } : null;
  }

  /** What is written over the cells, and the outlines. */
  private drawOver(context: Context, plan: Plan, view: Viewport): void {
    const { camera, space, picture } = this;
    const cells = { plan, view, camera, space };
    writeRowNumbers(context, cells, this.colour('muted'));
    writeZones(context, cells, this.zones, this.colour('muted'));
    this.clip(context, view, 0);
    const blocks = this.blockScene(plan, view);
    if (blocks) this.drawer?.writeTypes(context, blocks);
    writeCells(context, cells, picture.bytes, (state) => this.coloursOf(state), picture.card);
    context.restore();
    this.clip(context, view, px(space, 3));
    if (traceZoneBorders(context, cells, this.zones)) this.strokeTwice(context, 'ink', 1.5);
    this.outlineRanges(context, plan, view, picture.altered, 'ink', 1);
    this.outlineRanges(context, plan, view, picture.touched, 'accent', 2.5);
    context.restore();
  }

  /** Until restore() nothing is drawn outside of the cells' place and `margin` pixels at its sides. */
  private clip(context: Context, view: Viewport, margin: number): void {
    context.save();
    context.beginPath();
    context.rect(view.left - margin, view.top, view.width + 2 * margin, view.height);
    context.clip();
  }

  private surface(image: ImageData, paper: number): Surface {
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(paper);
    return { pixels, width: image.width, height: image.height };
  }

  private fillMap(surface: Surface, view: Viewport, camera: Camera, looks: Looks, outlined: boolean): void {
    const { bytes } = this.picture;
    const rules = {
      least: px(this.space, OUTLINED),
      roomy: px(this.space, ROOMY),
      line: px(this.space, 1),
      single: SINGLE,
    };
    for (const pyramid of this.built?.pyramids ?? []) {
      fillCells(surface, pyramid, bytes, view, camera, looks);
      if (outlined) outlineBlocks(surface, pyramid, bytes, view, camera, looks, rules);
    }
  }

  /** All of the machine, small, and in it what is seen large. */
  private drawOverview(context: Context, plan: Plan, view: Viewport, looks: Looks): void {
    const { space, camera } = this;
    const place = overviewPlace(plan, space, plan.layout);
    const edge = px(space, 4);
    const image = new ImageData(place.width, place.height);
    const inner = { left: 0, top: 0, width: place.width, height: place.height };
    const small = overviewCamera(plan, place);
    this.fillMap(this.surface(image, looks.paper), inner, small, looks, false);
    context.fillStyle = this.colour('paper');
    context.fillRect(place.left - edge, place.top - edge, place.width + 2 * edge, place.height + 2 * edge);
    context.putImageData(image, place.left, place.top);
    context.lineWidth = px(space, 1);
    context.strokeStyle = this.colour('edge');
    const half = px(space, 1) / 2;
    context.strokeRect(
      place.left - edge + half,
      place.top - edge + half,
      place.width + 2 * edge - 2 * half,
      place.height + 2 * edge - 2 * half,
    );
    const seen = {
      x: camera.x,
      y: camera.y,
      width: Math.min(view.width / camera.scale, plan.width - camera.x),
      height: Math.min(view.height / camera.scale, plan.height - camera.y),
    };
    const box = onScreenRect(place, small, seen, px(space, 5));
    context.beginPath();
    context.rect(box.x, box.y, box.width, box.height);
    this.strokeTwice(context, 'accent', 1.5);
  }

  private colour(name: string): string {
    return this.theme.colours[name] ?? '#808080';
  }

  private coloursOf(state: number): { fill: string; line: string } {
    const name = STATES[state] ?? 'unknown';
    return { fill: this.colour(name), line: this.colour(`${name}-line`) };
  }

  private strokeTwice(context: Context, colour: string, width: number): void {
    context.lineJoin = 'round';
    context.strokeStyle = this.colour('paper');
    context.lineWidth = px(this.space, 2 * width);
    context.stroke();
    context.strokeStyle = this.colour(colour);
    context.lineWidth = px(this.space, width);
    context.stroke();
  }

  /** Outlines with a halo of paper, never smaller than can be seen. */
  private outlineRanges(
    context: Context,
    plan: Plan,
    view: Viewport,
    ranges: readonly Range[],
    colour: string,
    width: number,
  ): void {
    const least = px(this.space, LEAST_MARK);
    const lines = ranges.flatMap((range) => linesAround(plan, view, this.camera, range, least));
    if (lines.length === 0) return;
    context.beginPath();
    for (const line of lines) {
      line.forEach(([x, y], i) => {
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
      context.closePath();
    }
    this.strokeTwice(context, colour, width);
  }

  // ------------------------------------------------------------------ movement

  private isSmall(plan: Plan): boolean {
    return plan.regions.reduce((sum, { first, end }) => sum + end - first, 0) <= MOST_MOVING;
  }

  /** Every frame on its way from its place in one layout to that in the other. */
  private drawMoving(context: Context, image: ImageData, plan: Plan, looks: Looks, part: number): void {
    const from = this.change?.from;
    if (!from) return;
    const surface = this.surface(image, looks.paper);
    const { bytes } = this.picture;
    const before = viewport(this.space, from.plan.layout);
    const after = viewport(this.space, plan.layout);
    const size = from.camera.scale + (this.camera.scale - from.camera.scale) * part;
    for (const { first, end } of plan.regions)
      for (let pfn = first; pfn < end && pfn < bytes.length; pfn++) {
        const [a, b] = [cellOf(from.plan, pfn), cellOf(plan, pfn)];
        if (!a || !b) continue;
        const [x0, y0] = onScreen(before, from.camera, a[0], a[1]);
        const [x1, y1] = onScreen(after, this.camera, b[0], b[1]);
        const code = bytes[pfn] ?? 0;
        if ((code & STATE) !== 0)
          fillSquare(surface, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part, size, looks.shades[code] ?? 0);
      }
    context.putImageData(image, 0, 0);
  }

  /** What was there before, over what is there now. */
  private fade(context: Context, change: Change, part: number): void {
    if (!change.image) return;
    const before = new OffscreenCanvas(change.image.width, change.image.height);
    before.getContext('2d')?.putImageData(change.image, 0, 0);
    context.globalAlpha = 1 - part;
    context.drawImage(before, 0, 0);
    context.globalAlpha = 1;
  }

  /** Splits and merges, one after another. Says whether there is more to come. */
  private drawSteps(context: Context, plan: Plan, now: number): boolean {
    const { steps } = this.picture;
    const time = now - this.stepsStart;
    if (this.isCalm || this.change || steps.length === 0 || time >= stepsDuration(steps.length)) return false;
    const view = viewport(this.space, plan.layout);
    this.clip(context, view, px(this.space, 3));
    for (const { step, apart, strength } of stepsAt(steps, time)) {
      const [a, b] = [0, 1].map((half) => this.areaOf(plan, view, step.pfn + half * 2 ** step.order, 2 ** step.order));
      if (!a || !b) continue;
      context.globalAlpha = strength;
      for (const rect of halves([a, b], apart, px(this.space, 6))) {
        context.beginPath();
        context.rect(rect.x, rect.y, rect.width, rect.height);
        this.strokeTwice(context, 'accent', 2);
      }
    }
    context.globalAlpha = 1;
    context.restore();
    return true;
  }

  /** The rectangle around a block; null where the map has no such frames. */
  private areaOf(plan: Plan, view: Viewport, pfn: number, count: number): Rect | null {
    const rects = rectsOf(plan, pfn, count);
    if (rects.length === 0) return null;
    const x = Math.min(...rects.map((rect) => rect.x));
    const y = Math.min(...rects.map((rect) => rect.y));
    const width = Math.max(...rects.map((rect) => rect.x + rect.width)) - x;
    const height = Math.max(...rects.map((rect) => rect.y + rect.height)) - y;
    return onScreenRect(view, this.camera, { x, y, width, height }, px(this.space, LEAST_MARK));
  }
}

function fillSquare({ pixels, width, height }: Surface, x: number, y: number, size: number, colour: number): void {
  const left = Math.max(0, Math.round(x));
  const right = Math.min(width, Math.max(Math.round(x + size), left + 1));
  const bottom = Math.min(height, Math.max(Math.round(y + size), Math.round(y) + 1));
  for (let line = Math.max(0, Math.round(y)); line < bottom; line++)
    pixels.fill(colour, line * width + left, line * width + right);
}
