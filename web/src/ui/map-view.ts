import { css, html, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { PAGE_SIZE, STATES } from '../generated/tables.ts';
import {
  type Camera,
  centre,
  centred,
  clamped,
  including,
  isWhole,
  lookingAt,
  onMap,
  onScreen,
  type Viewport,
  whole,
  zoomed,
} from '../map/camera.ts';
import { pathAround } from '../map/marks.ts';
import { ALL_STATES, type DrawOrder, LEAST_MARK } from '../map/painter.ts';
import { cellOf, frameAt, framesAround, type LayoutName, type MapZone, makePlan, type Plan } from '../map/plan.ts';
import { levelFor } from '../map/raster.ts';
import {
  NEAREST,
  NO_SPACE,
  overviewCamera,
  overviewMargin,
  overviewPlace,
  px,
  roomIn,
  type Space,
  viewport,
} from '../map/view.ts';
import type { SourceInfo, Theme, View } from '../protocol.ts';
import { hex } from '../words/parts.ts';
import { ShellElement, shared } from './element.ts';
import { icon } from './icons.ts';
import { type GestureHandler, Gestures } from './map-gestures.ts';
import './map-legend.ts';
import type { Range } from './touched.ts';

/** What of the map is looked at, and how. */
export interface MapLook {
  layout: LayoutName;
  /** CSS pixels a frame; null: the whole map. */
  zoom: number | null;
  /** The frame in the middle, where it is zoomed. */
  centre: number | null;
  /** States that are asked for, bit s for state s; the others are dimmed. */
  states: number;
  /** Pageblocks that are asked for, where the kernel has them (protocol.ts: ONLY_MIXED); null: none is drawn. */
  pageblocks: number | null;
}

export const WHOLE: MapLook = { layout: 'rows', zoom: null, centre: null, states: ALL_STATES, pageblocks: 0 };

/** Rows that Page Up and Page Down move by. */
const PAGE = 8;
/** A press of a zoom button or key. */
const ZOOM = 2;
/** The part of the viewport that Shift and an arrow key move by. */
const PAN = 0.25;
const GLIDE = 160;
/** CSS pixels between the cursor and the edge. */
const EDGE = 40;
/** Below this width, in pixels, the regions' heads need all of it. */
const NARROW = 480;
/** A dot is at most 2^this cells wide. */
const MOST_LEVELS = 13;
/** Milliseconds without movement before the look is told. */
const REST = 120;
/** Order of the largest block where no kernel says. */
const TOP_ORDER = 10;

/**
 * The page map: a canvas that the worker draws on, with what the viewer points at laid over it, the buttons that change how it is
 * looked at, and its legend.
 *
 * @fires pf-draw what the worker's painter is to do
 * @fires pf-look when the viewer looks elsewhere
 * @fires pf-mixture the frames under the cursor's dot, where it stands for several
 * @fires pf-pick the frame under the cursor, or null
 * @fires pf-choose the frame that was clicked, or Enter pressed on
 * @csspart canvas
 * @csspart legend
 * @csspart legends
 */
@customElement('pf-map')
export class MapView extends ShellElement implements GestureHandler {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
        min-height: 0;
      }
      .top {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 28px;
      }
      .title {
        flex: 1;
        line-height: 20px;
        height: 20px;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
        color: var(--muted);
        font-size: 13px;
      }
      .buttons {
        display: flex;
      }
      .buttons button {
        min-width: 28px;
        padding: 2px 5px;
        border-radius: 0;
        margin-left: -1px;
        display: grid;
        place-items: center;
        font-size: 13px;
        color: var(--muted);
      }
      .buttons button[aria-pressed='true'] {
        color: var(--ink);
        font-weight: 600;
        background: var(--wash);
      }
      .buttons button:focus-visible {
        z-index: 1;
      }
      .space {
        position: relative;
        min-height: 0;
        margin: 8px 0 6px;
      }
      canvas,
      .over {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .over {
        pointer-events: none;
        overflow: hidden;
      }
      canvas {
        touch-action: pan-x pan-y;
      }
      /* Black before anything is drawn. */
      canvas[data-blank] {
        opacity: 0;
      }
      canvas[data-near] {
        touch-action: none;
        cursor: grab;
      }
      canvas[data-near]:active {
        cursor: grabbing;
      }
      pf-pageblock-legend {
        min-height: 28px;
      }
      .over path {
        fill: none;
        stroke-linejoin: round;
      }
      .halo {
        stroke: var(--paper);
        stroke-width: 5;
      }
      .marked {
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      .cursor {
        stroke: var(--ink);
        stroke-width: 2.5;
      }
      .over text {
        font: 600 12px var(--plain);
        fill: var(--muted);
        stroke: var(--paper);
        stroke-width: 5px;
        paint-order: stroke;
      }
      .over text.narrow {
        font-size: 11px;
      }
      @media (max-width: 1099px) {
        .top {
          flex-wrap: wrap;
          gap: 2px 12px;
        }
        .title {
          flex: 1 0 100%;
        }
        .space {
          height: clamp(200px, 28vh, 420px);
          margin: 4px 0;
        }
      }
    `,
  ];

  /** Whose map it is, where there are two. */
  @property() name = '';
  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) theme: Theme | null = null;
  /** Frames that a link points at. */
  @property({ attribute: false }) marked: Range | null = null;
  /** The frame looked at. */
  @property({ attribute: false }) cursor: number | null = null;
  /** Set by whoever restores it; what the viewer does to it is told by pf-look. */
  @property({ attribute: false }) look: MapLook = WHOLE;
  /** Frames by state under the cursor's dot, as pf-mixture asked for. */
  @property({ attribute: false }) mixture: readonly number[] | null = null;
  @state() private plan: Plan | null = null;
  @state() private camera: Camera = { x: 0, y: 0, scale: 1 };
  @query('.space > canvas') private canvas!: HTMLCanvasElement;
  private space: Space = NO_SPACE;
  private zones: MapZone[] = [];
  /** The look told last: it need not be taken back. */
  private told: MapLook | null = null;
  private gliding = 0;
  private resting = 0;
  /** How large the dots were of which a mixture was asked for last. */
  private askedLevel = -1;
  /** The frame pointed at, which is in view already. */
  private pointed: number | null = null;
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)');

  override firstUpdated(): void {
    const canvas = this.canvas.transferControlToOffscreen();
    this.draw({ what: 'canvas', canvas });
    new Gestures(this.canvas, this);
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(this.canvas);
    this.measure();
  }

  override focus(): void {
    this.canvas.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source') && changed.get('source') !== this.source) this.zones = [];
    if (changed.has('view')) this.takeZones();
    if (changed.has('look') && this.look !== this.told) this.arrange();
    else if (changed.has('source')) this.arrange();
    if (changed.has('look')) this.drawAsked();
    if (changed.has('cursor')) this.follow();
  }

  override updated(changed: PropertyValues<this>): void {
    if (this.cursor === null) return;
    if (changed.has('cursor') || changed.has('view') || this.level !== this.askedLevel) this.askMixture(this.cursor);
  }

  /** What lies under the dot that the cursor is on; where the map is small, also of a single frame. */
  private askMixture(pfn: number): void {
    const { level } = this;
    this.askedLevel = level;
    if (!this.plan || (level === 0 && !this.isSmall)) return;
    this.dispatchEvent(new CustomEvent('pf-mixture', { detail: framesAround(this.plan, pfn, level) }));
  }

  /** A dot's side is 2^level cells. */
  private get level(): number {
    return levelFor(this.camera.scale, 1, MOST_LEVELS);
  }

  /** There is little room: on a phone, or beside other sides. What tells of the cursor's frame may be out of sight. */
  private get isSmall(): boolean {
    return this.space.width < NARROW;
  }

  override render() {
    const { ui } = this.texts;
    const { source, plan } = this;
    const isNear = plan !== null && !isWhole(plan, this.camera);
    return html`
      <div class="top">
        ${this.caption()}
        <div class="buttons" role="group" aria-label=${ui.layout}>
          ${(['rows', 'quilt'] as const).map(
            (layout) =>
              html`<button aria-pressed=${this.look.layout === layout} @click=${() => this.setLayout(layout)}>${ui.layouts[layout]}</button>`,
          )}
        </div>
        <div class="buttons" role="group" aria-label=${ui.zoom}>
          ${this.zoomButton('farther', ui.zoomOut, () => this.step(1 / ZOOM), isNear)}
          ${this.zoomButton('nearer', ui.zoomIn, () => this.step(ZOOM), this.camera.scale < this.nearest * 0.999)}
          ${this.zoomButton('whole', ui.zoomWhole, () => this.showWhole(), isNear)}
        </div>
      </div>
      <div class="space">
        <canvas part="canvas" tabindex="0" role="application" ?data-blank=${!source} ?data-near=${isNear} aria-label="${this.name ? `${this.name}: ` : ''}${ui.map}. ${ui.mapHelp}"
          @keydown=${this.key}></canvas>
        <svg class="over" aria-hidden="true">${this.heads()}${this.overlay(this.marked, 'marked')}${this.overlay(this.cursor === null ? null : [this.cursor, 1], 'cursor')}</svg>
      </div>
      <div part="legends">
      <pf-map-legend exportparts="legend" .texts=${this.texts} .view=${this.view} .theme=${this.theme} .shown=${this.look.states} style="--digits: ${String(source?.frames ?? 0).length + 1}"
        @pf-shown=${(event: CustomEvent<number>) => this.change({ states: event.detail })}></pf-map-legend>
      ${this.pageblocks()}
      </div>
    `;
  }

  /** Their legend is fetched when there are any. */
  private pageblocks() {
    const { view, source } = this;
    if (!view?.pageblockTypes.some(({ blocks }) => blocks > 0)) return nothing;
    void import('./pageblock-legend.ts');
    return html`<pf-pageblock-legend .texts=${this.texts} .view=${view} .names=${source?.kernel?.typeNames ?? []} .asked=${this.look.pageblocks}
      @pf-pageblocks=${(event: CustomEvent<number | null>) => this.change({ pageblocks: event.detail })}></pf-pageblock-legend>`;
  }

  private zoomButton(name: 'farther' | 'nearer' | 'whole', label: string, act: () => void, isOn: boolean) {
    return html`<button aria-label=${label} title=${label} aria-disabled=${isOn ? nothing : 'true'} @click=${act}>${icon(name)}</button>`;
  }

  /** What is drawn, and what a square or a dot of it is; where the cursor is on a dot, what lies under that, for which alone is room. */
  private caption() {
    if (!this.source || !this.plan) return html`<div class="title"></div>`;
    const text = this.underCursor() || `${this.heading()} ${this.texts.ui.square(4 ** this.level)}`;
    return html`<div class="title" title=${text}>${text}</div>`;
  }

  private underCursor(): string {
    const { cursor, mixture, level } = this;
    const { ui } = this.texts;
    if (cursor === null || !mixture || (level === 0 && !this.isSmall)) return '';
    const parts = mixture
      .map((count, state) => ({ count, state: STATES[state] ?? 'unknown' }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
    if (level === 0) return `${ui.frame(hex(cursor))}: ${ui.states[parts[0]?.state ?? 'unknown']}`;
    return ui.mixture(parts.map(({ count, state }) => ui.share(count, ui.statesShort[state])).join(', '));
  }

  private heading(): string {
    const regions = this.plan?.regions ?? [];
    const first = Math.min(...regions.map((region) => region.first));
    const end = Math.max(...regions.map((region) => region.end));
    const pages = regions.reduce((sum, region) => sum + region.end - region.first, 0);
    const nodes = new Set(regions.map(({ node }) => node)).size;
    return pages === 0
      ? ''
      : this.texts.ui.machine(0, nodes, hex(first), hex(Math.max(first, end - 1)), pages * PAGE_SIZE);
  }

  // ------------------------------------------------------------------ what lies over it

  /** What each region is, where there are several. */
  get headings(): string[] {
    const regions = this.plan?.regions ?? [];
    if (regions.length < 2) return [];
    return regions.map(({ node, zone, first, end }) =>
      this.texts.ui.nodeHead(node, hex(first), hex(end - 1), (end - first) * PAGE_SIZE, zone),
    );
  }

  /** It stands above each region, in view as long as the region is. */
  private heads() {
    const { plan, view } = this.drawing;
    const texts = this.headings;
    if (!plan || texts.length === 0) return nothing;
    const { ratio } = this.space;
    const isNarrow = view.width < NARROW * ratio;
    return plan.regions.map((region, i) => {
      const [left, top] = onScreen(view, this.camera, region.x, region.y);
      const bottom = top + region.rows * this.camera.scale;
      if (bottom < 16 * ratio || top - 20 * ratio > view.height) return nothing;
      const x = isNarrow ? 0 : Math.max(left, view.left) / ratio;
      return svg`<text class=${isNarrow ? 'narrow' : ''} x=${x} y=${Math.max(14, top / ratio - 7)}>${texts[i]}</text>`;
    });
  }

  private overlay(range: Range | null, kind: string) {
    const { plan, view } = this.drawing;
    if (!range || !plan) return nothing;
    const path = pathAround(plan, view, this.camera, range, px(this.space, LEAST_MARK), this.space.ratio);
    return path === '' ? nothing : svg`<path class="halo" d=${path} /><path class=${kind} d=${path} />`;
  }

  // ------------------------------------------------------------------ plan and camera

  private get drawing(): { plan: Plan | null; view: Viewport } {
    return { plan: this.plan, view: viewport(this.space, this.look.layout) };
  }

  private get nearest(): number {
    return NEAREST * this.space.ratio;
  }

  private draw(order: DrawOrder): void {
    this.dispatchEvent(new CustomEvent('pf-draw', { detail: order }));
  }

  private measure(): void {
    const box = this.canvas.getBoundingClientRect();
    const { width, height, ratio } = this.space;
    if (box.width === 0 || (box.width === width && box.height === height && ratio === devicePixelRatio)) return;
    this.space = { width: box.width, height: box.height, ratio: devicePixelRatio };
    this.draw({ what: 'space', space: this.space });
    this.arrange();
  }

  /** Zones as they are now; where they have changed, the map is planned anew. */
  private takeZones(): void {
    const zones = (this.view?.zones ?? []).map(({ name, node, start_pfn, size }) => ({ name, node, start_pfn, size }));
    if (JSON.stringify(zones) === JSON.stringify(this.zones)) return;
    this.zones = zones;
    this.arrange();
  }

  /** Plans the map and looks at it as `look` says. */
  private arrange(): void {
    const { source, space, look } = this;
    if (!source || space.width === 0) return;
    const { kernel, nodes, frames } = source;
    this.plan = makePlan(
      {
        layout: look.layout,
        nodes,
        frames,
        zones: this.zones,
        topOrder: (kernel?.nrOrders ?? TOP_ORDER + 1) - 1,
        fromZoneStart: (kernel?.nrPairOrders ?? 0) > 0,
      },
      roomIn(space, look.layout),
    );
    this.draw({ what: 'plan', plan: this.plan, zones: this.zones, calm: this.calm.matches });
    const { view } = this.drawing;
    const scale = (look.zoom ?? 0) * space.ratio;
    this.place((look.zoom && lookingAt(this.plan, view, scale, look.centre ?? 0)) || whole(this.plan));
  }

  private margin(plan: Plan): number {
    return overviewMargin(overviewPlace(plan, this.space, this.look.layout), this.space);
  }

  /** Looks there, as far as one may. */
  private place(camera: Camera): void {
    const { plan, view } = this.drawing;
    if (!plan) return;
    this.camera = clamped(plan, view, camera, this.nearest, this.margin(plan));
    this.draw({ what: 'camera', camera: this.camera });
  }

  /** Looks there because the viewer wants to. */
  private aim(camera: Camera): void {
    cancelAnimationFrame(this.gliding);
    this.place(camera);
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.tellLook(), REST);
  }

  /** The same, on the way through what lies between. */
  private glide(goal: Camera): void {
    const { plan, view } = this.drawing;
    if (!plan) return;
    cancelAnimationFrame(this.gliding);
    const to = clamped(plan, view, goal, this.nearest, this.margin(plan));
    const from = this.camera;
    const begin = performance.now();
    if (this.calm.matches) return this.aim(to);
    const frame = (now: number): void => {
      const part = Math.min(1, (now - begin) / GLIDE);
      if (part === 1) return this.aim(to);
      // The scale grows evenly in the eye, and places move with it.
      const scale = from.scale * (to.scale / from.scale) ** part;
      const way = to.scale === from.scale ? part : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
      this.place({ x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way, scale });
      this.gliding = requestAnimationFrame(frame);
    };
    this.gliding = requestAnimationFrame(frame);
  }

  private tellLook(): void {
    const { plan, view } = this.drawing;
    if (!plan) return;
    const isAll = isWhole(plan, this.camera);
    this.change({
      zoom: isAll ? null : this.camera.scale / this.space.ratio,
      centre: isAll ? null : centre(plan, view, this.camera),
    });
  }

  /** Looks otherwise, because the viewer wants to. */
  private change(part: Partial<MapLook>): void {
    this.told = { ...this.look, ...part };
    this.look = this.told;
    this.dispatchEvent(new CustomEvent('pf-look', { detail: this.told }));
  }

  private setLayout(layout: LayoutName): void {
    if (layout === this.look.layout) return;
    clearTimeout(this.resting);
    this.change({ layout });
    this.arrange();
  }

  private drawAsked(): void {
    const { states, pageblocks } = this.look;
    this.draw({ what: 'shown', states });
    this.draw({ what: 'pageblocks', asked: pageblocks });
  }

  private showWhole(): void {
    if (this.plan) this.glide(whole(this.plan));
  }

  /** Nearer or farther, around the frame looked at where it is in view, else around the middle. */
  private step(factor: number): void {
    const { plan, view } = this.drawing;
    if (!plan) return;
    let [x, y] = [view.left + view.width / 2, view.top + view.height / 2];
    const cell = this.cursor === null ? null : cellOf(plan, this.cursor);
    if (cell) {
      const [cx, cy] = onScreen(view, this.camera, cell[0] + 0.5, cell[1] + 0.5);
      if (cx >= view.left && cx <= view.left + view.width && cy >= 0 && cy <= view.height) [x, y] = [cx, cy];
    }
    this.glide(zoomed(view, this.camera, factor, x, y));
  }

  /** The frame looked at comes into view, unless it was pointed at there. */
  private follow(): void {
    const { plan, view } = this.drawing;
    const { cursor } = this;
    if (!plan || cursor === null || cursor === this.pointed || isWhole(plan, this.camera)) return;
    const camera = including(plan, view, this.camera, cursor, EDGE * this.space.ratio);
    if (camera.x !== this.camera.x || camera.y !== this.camera.y) queueMicrotask(() => this.glide(camera));
  }

  // ------------------------------------------------------------------ wheel, mouse, fingers

  canPan(): boolean {
    return this.plan !== null && !isWhole(this.plan, this.camera);
  }

  pan(dx: number, dy: number): void {
    const { x, y, scale } = this.camera;
    const { ratio } = this.space;
    this.aim({ x: x - (dx * ratio) / scale, y: y - (dy * ratio) / scale, scale });
  }

  zoom(factor: number, x: number, y: number): boolean {
    const { plan, view } = this.drawing;
    if (!plan || (factor < 1 ? isWhole(plan, this.camera) : this.camera.scale >= this.nearest)) return false;
    const { ratio } = this.space;
    this.aim(zoomed(view, this.camera, factor, x * ratio, y * ratio));
    return true;
  }

  private frameAt(x: number, y: number): number | null {
    const { plan, view } = this.drawing;
    const { ratio } = this.space;
    return plan && frameAt(plan, ...onMap(view, this.camera, x * ratio, y * ratio));
  }

  choose(x: number, y: number): void {
    this.point(x, y);
    const pfn = this.frameAt(x, y);
    if (pfn !== null) this.tell('pf-choose', pfn);
  }

  point(x: number, y: number): void {
    if (this.isOverview(x, y)) return; // it hides what is below it
    const pfn = this.frameAt(x, y);
    if (pfn === null || pfn === this.cursor) return;
    this.pointed = pfn;
    this.tell('pf-pick', pfn);
  }

  grab(x: number, y: number): boolean {
    if (!this.isOverview(x, y)) return false;
    this.grabbed(x, y);
    return true;
  }

  /** In the small picture of everything. */
  private isOverview(x: number, y: number): boolean {
    const { plan } = this.drawing;
    if (!plan || !this.canPan()) return false;
    const { left, top, width, height } = overviewPlace(plan, this.space, plan.layout);
    const [dx, dy] = [x * this.space.ratio - left, y * this.space.ratio - top];
    return dx >= 0 && dy >= 0 && dx <= width && dy <= height;
  }

  grabbed(x: number, y: number): void {
    const { plan, view } = this.drawing;
    if (!plan) return;
    const small = overviewPlace(plan, this.space, plan.layout);
    const { ratio } = this.space;
    const [cx, cy] = onMap(small, overviewCamera(plan, small), x * ratio, y * ratio);
    this.aim(centred(view, this.camera.scale, cx, cy));
  }

  // ------------------------------------------------------------------ keyboard

  private key(event: KeyboardEvent): void {
    const { plan } = this;
    if (!plan || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key.startsWith('Arrow')) this.keyPan(event.key);
    else if (event.key === '+' || event.key === '=') this.step(ZOOM);
    else if (event.key === '-' || event.key === '_') this.step(1 / ZOOM);
    else if (event.key === '0') this.showWhole();
    else if (event.key === 'Escape') this.tell('pf-pick', null);
    else if (event.key === 'Enter' && this.cursor !== null) this.tell('pf-choose', this.cursor);
    else {
      const pfn = this.moved(plan, event.key);
      if (pfn === undefined) return;
      this.pointed = null;
      this.tell('pf-pick', pfn);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private keyPan(key: string): void {
    const { view } = this.drawing;
    const { x, y, scale } = this.camera;
    const dx = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
    const dy = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
    this.glide({ x: x + (dx * PAN * view.width) / scale, y: y + (dy * PAN * view.height) / scale, scale });
  }

  /** The frame that a key leads to; undefined for other keys. */
  private moved(plan: Plan, key: string): number | undefined {
    const first = plan.regions[0]?.first ?? 0;
    const last = (plan.regions.at(-1)?.end ?? 1) - 1;
    if (key === 'Home') return first;
    if (key === 'End') return last;
    const stride = Math.max(1, Math.ceil(1 / this.camera.scale));
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[key];
    if (step === undefined) return undefined;
    if (this.cursor === null) return first;
    const isSideways = key === 'ArrowRight' || key === 'ArrowLeft';
    if (plan.layout === 'rows')
      return nearestFrame(plan, this.cursor + step * stride * (isSideways ? 1 : 2 ** plan.bits), step);
    return neighbour(plan, this.cursor, isSideways ? step * stride : 0, isSideways ? 0 : step * stride);
  }
}

/** The frame wanted if it exists, else the next one on the way: a hole between nodes is jumped over. */
function nearestFrame(plan: Plan, wanted: number, step: number): number {
  const { regions } = plan;
  const first = regions[0]?.first ?? 0;
  const last = (regions.at(-1)?.end ?? 1) - 1;
  const pfn = Math.min(last, Math.max(first, wanted));
  if (regions.some((region) => pfn >= region.first && pfn < region.end)) return pfn;
  return step > 0
    ? Math.min(...regions.map((region) => region.first).filter((one) => one > pfn))
    : Math.max(...regions.map((region) => region.end - 1).filter((one) => one < pfn));
}

/** The frame that many cells beside another, or the next one in that direction; the frame itself at the edge. */
function neighbour(plan: Plan, pfn: number, dx: number, dy: number): number {
  const cell = cellOf(plan, pfn);
  if (!cell) return plan.regions[0]?.first ?? 0;
  for (let n = 1; n <= plan.width + plan.height; n++) {
    const [x, y] = [cell[0] + 0.5 + dx * n, cell[1] + 0.5 + dy * n];
    if (x < 0 || y < 0 || x > plan.width || y > plan.height) break;
    const found = frameAt(plan, x, y);
    if (found !== null) return found;
  }
  return pfn;
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-map': MapView;
  }
  interface HTMLElementEventMap {
    'pf-draw': CustomEvent<DrawOrder>;
    'pf-look': CustomEvent<MapLook>;
    'pf-mixture': CustomEvent<Range[]>;
  }
}
