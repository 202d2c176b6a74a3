import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import { MIXED_ORDER } from '../core/mixed-blocks.ts';
import type { Fragmentation, Place, SourceInfo, Theme } from '../protocol.ts';
import { fragmentation as en } from '../words/fragmentation.en.ts';
import { fragmentation as ru } from '../words/fragmentation.ru.ts';
import { namesOf } from '../words/sides.ts';
import { digits } from '../words/ui.en.ts';
import { lastUpTo, unusableOver } from './chart-data.ts';
import { PageElement, shared } from './element.ts';
import { entryAt } from './ticks.ts';

const HEIGHT = 38;
/** Where there is no value. */
const NONE = '–';
/** Room for the explanation; the same width stands in the style sheets. */
const ROOM = '(min-width: 1100px)';
/** How each side's lines look: the first broad, so that another over it leaves it to be seen. */
const LINES = [
  { colour: 'buddy-line', width: 4, dash: [] },
  { colour: 'ink', width: 1.5, dash: [7, 4] },
  { colour: 'accent', width: 2, dash: [] },
] as const;

/** What is drawn of one side: a line over the places that are kept. */
interface Line {
  places: Uint32Array;
  values: ArrayLike<number | null>;
}

/**
 * How fragmented the memory of several sides is, over time: the unusable free space index for a chosen order, and blocks in which
 * unmovable frames lie among others; and why they differ. Its time axis is that of the strip below it.
 *
 * @fires pf-go
 * @csspart plot
 */
@customElement('pf-fragmentation')
export class FragmentationChart extends PageElement {
  static override styles = [
    shared,
    css`
      .caption {
        display: flex;
        align-items: center;
        gap: 2px 18px;
        min-height: 26px;
        flex-wrap: wrap;
        font-size: 13px;
        line-height: 24px;
        font-variant-numeric: tabular-nums;
      }
      b {
        font-weight: 600;
      }
      select {
        min-height: 24px;
        padding: 0 2px;
        color: var(--ink);
        background: var(--paper);
        border-color: var(--line);
      }
      label {
        display: flex;
        gap: 5px;
        color: var(--muted);
      }
      svg {
        width: 26px;
        height: 8px;
        margin-right: 5px;
        vertical-align: middle;
      }
      .plot {
        position: relative;
        height: ${HEIGHT}px;
        border-bottom: 1px solid var(--edge);
        cursor: pointer;
        touch-action: none;
        overflow: hidden;
      }
      .plot canvas {
        display: block;
      }
      .u-wrap {
        position: relative;
      }
      .u-over,
      .u-under {
        position: absolute;
        pointer-events: none;
      }
      .now {
        position: absolute;
        inset: 0;
        margin-left: -1px;
        border-left: 2px solid var(--accent);
        pointer-events: none;
      }
      .scale {
        position: absolute;
        top: 0;
        right: 0;
        font-size: 11px;
        line-height: 13px;
        color: var(--muted);
        background: color-mix(in srgb, var(--paper) 70%, transparent);
        padding: 0 3px;
        pointer-events: none;
      }
      summary {
        min-height: 24px;
        font-size: 13px;
        line-height: 24px;
        cursor: pointer;
      }
      .why {
        margin: 4px 0 2px;
        max-width: 150ch;
        font-size: 13px;
        line-height: 18px;
        color: var(--muted);
      }
    `,
  ];

  /** All sides. */
  @property({ attribute: false }) sources: readonly SourceInfo[] = [];
  /** Of each side; none, until all is compared. */
  @property({ attribute: false }) sides: readonly Fragmentation[] = [];
  @property({ attribute: false }) place: Place = { entry: 0, inner: 0 };
  @property({ type: Number }) length = 0;
  @property({ attribute: false }) theme: Theme | null = null;
  @state() private order = MIXED_ORDER;
  @query('.index .canvas') private indexRoom!: HTMLElement | null;
  @query('.blocks .canvas') private blocksRoom!: HTMLElement | null;
  private unusable: Line[] = [];
  private mixed: Line[] = [];
  private plots: uPlot[] = [];
  private observer: ResizeObserver | null = null;

  private get chartWords() {
    return this.texts.lang === 'ru' ? ru : en;
  }

  /** Orders that all sides have. */
  private get orders(): number {
    return Math.min(...this.sources.map(({ kernel }) => kernel?.nrOrders ?? 0));
  }

  override firstUpdated(): void {
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.clear();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('sources')) this.order = Math.max(0, Math.min(this.orders - 1, this.order));
    if (!changed.has('sides') && !changed.has('order')) return;
    this.unusable = this.sides.map(({ memory }) => ({
      places: memory.places,
      values: unusableOver(memory, this.order),
    }));
    this.mixed = this.sides.map(({ mixed }) => ({ places: mixed.places, values: mixed.counts }));
  }

  override updated(changed: PropertyValues): void {
    if (['sides', 'theme', 'order', 'length'].some((name) => changed.has(name))) this.draw();
  }

  override render() {
    const words = this.chartWords;
    if (this.sides.length === 0 || this.sides.length !== this.sources.length)
      return html`<p class="why">${words.later}</p>`;
    const names = namesOf(this.sources, this.texts.words);
    const index = (value: number | null): string => (value === null ? NONE : words.index(value));
    const number = (value: number | null): string => (value === null ? NONE : digits(value));
    return html`<div class="caption">
        <label>${words.order}<select @change=${this.pickOrder} @keydown=${own}>
          ${Array.from({ length: this.orders }, (_, order) => html`<option value=${order} ?selected=${order === this.order}>${order}</option>`)}
        </select></label>
        ${this.caption(words.unusable, words.unusableTitle, names, this.unusable, index)}
      </div>
      ${this.plot('index', '1')}
      <div class="caption">${this.caption(words.mixed, words.mixedTitle, names, this.mixed, number)}</div>
      ${this.plot('blocks', digits(this.mostMixed))}
      ${this.why(names)}`;
  }

  /** What is drawn, and each side's value at the present place. */
  private caption(
    what: string,
    title: string,
    names: readonly string[],
    lines: readonly Line[],
    text: (value: number | null) => string,
  ) {
    return html`<b title=${title}>${what}</b>${lines.map(
      (line, i) => html`<span>${this.sample(i)}${names[i]} <b>${text(this.valueAt(line))}</b></span>`,
    )}`;
  }

  /** A piece of a side's line. */
  private sample(side: number) {
    const { colour, width, dash } = LINES[side] ?? LINES[0];
    return html`<svg aria-hidden="true" viewBox="0 0 26 8"><path d="M0 4H26" stroke=${this.theme?.colours[colour] ?? ''} stroke-width=${width}
      stroke-dasharray=${dash.join(' ') || nothing}></path></svg>`;
  }

  /** At the present place, or, where that is not kept, at the last before it. */
  private valueAt({ places, values }: Line): number | null {
    return values[lastUpTo(places, this.place.entry)] ?? null;
  }

  private plot(name: string, most: string) {
    const at = this.length > 0 ? (this.place.entry / this.length) * 100 : 0;
    return html`<div class="plot ${name}" part="plot" role="img" aria-label=${this.said} @pointerdown=${this.down} @pointermove=${this.drag}>
      <div class="canvas"></div><span class="scale">${most}</span>
      <span class="now" style="transform: translateX(${at}%)"></span>
    </div>`;
  }

  /** Where there is no room, folded away. */
  private why(names: readonly string[]) {
    const words = this.chartWords;
    const text = html`<p class="why">${words.why(this.order, 2 ** this.order)} ${this.whyTypes(names)}</p>`;
    return matchMedia(ROOM).matches ? text : html`<details><summary>${words.whyTitle}</summary>${text}</details>`;
  }

  /** Kernels that keep types of memory apart, and those that do not, where there are both. */
  private whyTypes(names: readonly string[]): string {
    const keeps = (i: number): boolean => (this.sources[i]?.kernel?.pageblockOrder ?? 0) > 0;
    const apart = names.filter((_, i) => keeps(i));
    const together = names.filter((_, i) => !keeps(i));
    return apart.length > 0 && together.length > 0 ? this.chartWords.whyTypes(apart, together) : '';
  }

  /** All that the chart shows of the present place. */
  private get said(): string {
    const words = this.chartWords;
    const names = namesOf(this.sources, this.texts.words);
    const sides = this.unusable.map((line, i) => {
      const unusable = this.valueAt(line);
      const mixed = this.mixed[i];
      const index = unusable === null ? NONE : words.index(unusable);
      return words.side(names[i] ?? '', index, mixed ? this.valueAt(mixed) : null);
    });
    return words.says((this.sources[0]?.first ?? 0) + this.place.entry, this.order, sides);
  }

  // ------------------------------------------------------------------ drawing

  private get mostMixed(): number {
    return this.mixed.reduce((most, { values }) => Math.max(most, ...(Array.from(values) as number[])), 1);
  }

  private clear(): void {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
  }

  private fit(): void {
    const width = this.indexRoom?.clientWidth ?? 0;
    if (this.plots.length === 0) this.draw();
    else if (width > 0) for (const plot of this.plots) plot.setSize({ width, height: HEIGHT });
  }

  private draw(): void {
    this.clear();
    const { indexRoom, blocksRoom } = this;
    if (!this.theme || !indexRoom || !blocksRoom || indexRoom.clientWidth === 0) return;
    this.plots = [this.drawn(indexRoom, this.unusable, 1), this.drawn(blocksRoom, this.mixed, this.mostMixed)];
  }

  private drawn(room: HTMLElement, lines: readonly Line[], most: number): uPlot {
    const paths = uPlot.paths.stepped?.({ align: 1 });
    const base = { paths, points: { show: false }, pxAlign: 0, spanGaps: false };
    const series = lines.map((_, i) => {
      const { colour, width, dash } = LINES[i] ?? LINES[0];
      return { ...base, stroke: this.theme?.colours[colour] ?? '', width, dash: [...dash] };
    });
    const tables = lines.map(({ places, values }): uPlot.AlignedData => [Array.from(places), Array.from(values)]);
    return new uPlot(
      {
        width: room.clientWidth,
        height: HEIGHT,
        padding: [3, 0, 2, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: { x: { time: false, range: [0, Math.max(1, this.length)] }, y: { range: [0, most] } },
        series: [{}, ...series],
      },
      uPlot.join(tables),
      room,
    );
  }

  // ------------------------------------------------------------------ choosing and going

  private pickOrder(event: Event): void {
    this.order = Number((event.target as HTMLSelectElement).value);
  }

  private down(event: PointerEvent): void {
    const plot = event.currentTarget as HTMLElement;
    plot.setPointerCapture(event.pointerId);
    this.goTo(plot, event.clientX);
  }

  private drag(event: PointerEvent): void {
    if (event.buttons & 1) this.goTo(event.currentTarget as HTMLElement, event.clientX);
  }

  private goTo(plot: HTMLElement, clientX: number): void {
    const box = plot.getBoundingClientRect();
    const entry = entryAt((clientX - box.left) / box.width, this.length);
    if (entry !== this.place.entry || this.place.inner !== 0) this.tell('pf-go', { entry, inner: 0 });
  }
}

/** Keys typed into a field are the field's. */
const own = (event: Event): void => event.stopPropagation();

declare global {
  interface HTMLElementTagNameMap {
    'pf-fragmentation': FragmentationChart;
  }
}
