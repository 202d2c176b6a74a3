import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import { externalFragmentation, unusableFreeSpace } from '../core/fragmentation.ts';
import type { FreeMemory, Place, SourceInfo, Theme, View } from '../protocol.ts';
import { chart as en } from '../words/chart.en.ts';
import { chart as ru } from '../words/chart.ru.ts';
import { zonePart } from '../words/facts.ts';
import { digits } from '../words/ui.en.ts';
import { type Layers, layersOf, numbersAt } from './chart-data.ts';
import { PageElement, shared } from './element.ts';
import { entryAt } from './ticks.ts';

const HEIGHT = 54;
/** The order that the indices are for at first: what a kernel stack or a network buffer needs. */
const ORDER = 3;
/** What grows is drawn anew after so many milliseconds. */
const PATIENCE = 500;

/**
 * Free memory over time: free pages by order, on top of each other, and the two indices of fragmentation for a chosen order. Its
 * time axis is that of the strip below it. What it shows of the present place is said in words above it.
 *
 * @fires pf-memory the zone whose free memory is wanted, or null for all
 * @fires pf-go
 * @csspart plot
 */
@customElement('pf-chart')
export class Chart extends PageElement {
  static override styles = [
    shared,
    css`
      .caption {
        display: flex;
        align-items: center;
        gap: 2px 18px;
        height: 26px;
        white-space: nowrap;
        overflow: hidden;
        font-size: 13px;
        line-height: 24px;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 1299px) {
        .caption {
          column-gap: 10px;
          font-size: 12px;
        }
      }
      select {
        min-height: 24px;
        padding: 0 2px;
        color: var(--ink);
        background: var(--paper);
        border-color: var(--line);
      }
      select:hover {
        border-color: var(--ink);
      }
      label {
        display: flex;
        gap: 5px;
      }
      .muted {
        color: var(--muted);
      }
      /* As wide as its widest text, so that what follows stays where it is. */
      .steady {
        display: inline-grid;
      }
      .steady > * {
        grid-area: 1 / 1;
      }
      .widest {
        visibility: hidden;
      }
      .line {
        display: inline-block;
        width: 18px;
        margin-right: 5px;
        vertical-align: middle;
        border-top: 2px solid var(--accent);
      }
      .external .line {
        border-top: 2px dashed var(--ink);
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
        font-size: 11px;
        line-height: 13px;
        color: var(--muted);
        background: color-mix(in srgb, var(--paper) 70%, transparent);
        padding: 0 3px;
        pointer-events: none;
      }
      .scale.least {
        top: auto;
        bottom: 0;
      }
      .scale.right {
        right: 0;
      }
      @media (max-width: 1099px) {
        .caption {
          flex-wrap: wrap;
          height: auto;
          line-height: 24px;
        }
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) place: Place = { entry: 0, inner: 0 };
  @property({ type: Number }) length = 0;
  @property({ attribute: false }) memory: FreeMemory | null = null;
  @property({ attribute: false }) theme: Theme | null = null;
  @state() private zone: number | null = null;
  @state() private order = ORDER;
  @query('.canvas') private room!: HTMLElement;
  private layers: Layers | null = null;
  private plot: uPlot | null = null;
  private observer: ResizeObserver | null = null;
  private asking = 0;

  private get chartWords() {
    return this.texts.lang === 'ru' ? ru : en;
  }

  private get orders(): number {
    return this.source?.kernel?.nrOrders ?? 0;
  }

  override firstUpdated(): void {
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.room);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.plot?.destroy();
    this.plot = null;
    clearTimeout(this.asking);
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('source')) this.order = Math.max(0, Math.min(this.orders - 1, this.order));
    if (changed.has('memory') && this.memory) this.zone = this.memory.zone;
    if (!changed.has('memory') && !changed.has('order')) return;
    this.layers = this.memory && layersOf(this.memory, this.order);
  }

  /** Pages at the lower and the upper edge: of a trace, where little of all memory moves, no more than that. */
  private get edges(): [number, number] {
    if (!this.layers) return [0, 1];
    const { areas, withCpus, counted } = this.layers;
    const edge = [areas[0] ?? [], withCpus ?? [], counted].reduce((most, pages) => Math.max(most, ...pages), 1);
    return [this.orders > 0 ? 0 : Math.min(edge - 1, ...counted), edge];
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('source') || (this.memory === null && changed.has('memory'))) this.ask(0);
    else if (changed.has('length')) this.ask(PATIENCE);
    if (changed.has('memory') || changed.has('theme') || changed.has('order')) this.draw();
    else if (changed.has('length')) this.plot?.setScale('x', { min: 0, max: Math.max(1, this.length) });
  }

  /** Asks for what is to be drawn, once for all that grows meanwhile. */
  private ask(patience: number): void {
    if (patience > 0 && this.asking) return;
    clearTimeout(this.asking);
    this.asking = window.setTimeout(() => {
      this.asking = 0;
      if (this.source)
        this.dispatchEvent(new CustomEvent('pf-memory', { detail: this.zone, bubbles: true, composed: true }));
    }, patience);
  }

  override render() {
    const [least, most] = this.edges;
    const at = this.length > 0 ? (this.place.entry / this.length) * 100 : 0;
    return html`<div class="caption">${this.caption()}</div>
      <div class="plot" part="plot" role="img" aria-label=${this.said} @pointerdown=${this.down} @pointermove=${this.drag}>
        <div class="canvas"></div>
        ${this.layers ? html`<span class="scale">${digits(most)}</span>` : nothing}
        ${this.layers && least > 0 ? html`<span class="scale least">${digits(least)}</span>` : nothing}
        ${this.layers && this.orders > 0 ? html`<span class="scale right">1</span>` : nothing}
        <span class="now" style="transform: translateX(${at}%)"></span>
      </div>`;
  }

  private get numbers() {
    return this.view ? numbersAt(this.view, this.zone, this.orders === 0) : null;
  }

  private caption() {
    const words = this.chartWords;
    const { numbers, memory } = this;
    const zones = memory?.zones ?? [];
    const free = numbers ? this.freeText(numbers.free, numbers.onCpus) : words.noZones;
    return html`
      ${
        this.orders > 0 && zones.length > 1
          ? html`<label class="muted"><span class="unseen">${words.zone}</span><select @change=${this.pickZone} @keydown=${own}>
          <option value="" ?selected=${this.zone === null}>${words.allZones}</option>
          ${zones.map((zone) => html`<option value=${zone} ?selected=${zone === this.zone}>${zonePart(zone, this.source?.kernel ?? null, this.texts.words.zoneOfNode).text}</option>`)}
        </select></label>`
          : nothing
      }
      <span class="steady"><span>${free}</span>${this.widest.map((text) => html`<span class="widest" aria-hidden="true">${text}</span>`)}</span>
      ${this.orders > 0 ? this.indices(numbers?.blocks ?? []) : html`<span class="muted">${words.noLists}</span>`}`;
  }

  /** The longest texts that the free pages may have here. */
  private get widest(): string[] {
    const words = this.chartWords;
    const most = Math.max(0, ...(this.memory?.onCpus ?? []));
    return [this.freeText(this.edges[1], most), words.noZones];
  }

  private indices(blocks: readonly number[]) {
    const words = this.chartWords;
    const external = externalFragmentation(blocks, this.order);
    const isKnown = blocks.length > 0;
    return html`<label class="muted">${words.order}<select @change=${this.pickOrder} @keydown=${own}>
        ${Array.from({ length: this.orders }, (_, order) => html`<option value=${order} ?selected=${order === this.order}>${order}</option>`)}
      </select></label>
      <span title=${words.unusableTitle}><i class="line"></i><span class="steady"><span>${words.unusable(isKnown ? words.index(unusableFreeSpace(blocks, this.order)) : '')}</span>
        <span class="widest" aria-hidden="true">${words.unusable(words.index(0))}</span></span></span>
      <span class="external" title=${words.externalTitle}><i class="line"></i>${words.external(isKnown ? words.index(external) : '')}
${isKnown && external < 0 ? html`<span class="muted">&nbsp;${words.doesNotFail}</span>` : nothing}</span>`;
  }

  private freeText(free: number, onCpus: number): string {
    const words = this.chartWords;
    return onCpus > 0 ? `${words.free(free)}, ${words.onCpus(onCpus)}` : words.free(free);
  }

  /** All that the chart shows of the present place. */
  private get said(): string {
    const words = this.chartWords;
    const { numbers, order } = this;
    const operation = (this.source?.first ?? 0) + this.place.entry;
    if (!numbers) return words.says(operation, words.noZones);
    const blocks = numbers.blocks.map((count, i) => words.blocks(i, count));
    const free = [this.freeText(numbers.free, numbers.onCpus), ...blocks].join('; ');
    if (this.orders === 0) return `${words.says(operation, free)} ${words.noLists}`;
    const external = externalFragmentation(numbers.blocks, order);
    const indices = [
      words.unusable(words.index(unusableFreeSpace(numbers.blocks, order))),
      `${words.external(words.index(external))}${external < 0 ? ` ${words.doesNotFail}` : ''}`,
    ];
    return `${words.says(operation, free)} ${words.saysOrder(order, indices.join('; '))}`;
  }

  // ------------------------------------------------------------------ drawing

  private fit(): void {
    if (this.plot) this.plot.setSize({ width: this.room.clientWidth, height: HEIGHT });
    else this.draw();
  }

  private draw(): void {
    this.plot?.destroy();
    this.plot = null;
    const { memory, layers, theme, edges } = this;
    const width = this.room.clientWidth;
    if (!memory || !layers || !theme || width === 0) return;
    const { areas, withCpus, counted, unusable, external } = layers;
    const paths = uPlot.paths.stepped?.({ align: 1 });
    const base = { paths, points: { show: false }, pxAlign: 0 };
    const { colours } = theme;
    const fills = areas.map((_, order) => this.fillOf(order, areas.length, colours));
    const series: uPlot.Series[] = [
      {},
      ...(withCpus ? [{ ...base, scale: 'pages', fill: colours.pcp ?? '', width: 0 }] : []),
      ...fills.map((fill) => ({ ...base, scale: 'pages', fill, width: 0 })),
      { ...base, scale: 'pages', stroke: colours['buddy-line'] ?? '', width: 1 },
      { ...base, scale: 'index', stroke: colours.accent ?? '', width: 1.5 },
      { ...base, scale: 'index', stroke: colours.ink ?? '', width: 1.5, dash: [5, 3] },
    ];
    const data = [
      Float64Array.from(memory.places),
      ...(withCpus ? [withCpus] : []),
      ...areas,
      counted,
      unusable,
      external,
    ];
    this.plot = new uPlot(
      {
        width,
        height: HEIGHT,
        padding: [3, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }, { show: false }],
        scales: {
          x: { time: false, range: [0, Math.max(1, this.length)] },
          pages: { range: edges },
          index: { range: [0, 1] },
        },
        series,
      },
      data as uPlot.AlignedData,
      this.room,
    );
  }

  /** Blocks that are large enough for the chosen order are as on the map, larger ones lighter; those that are too small are grey. */
  private fillOf(order: number, orders: number, colours: Record<string, string>): string {
    const isUsable = orders === 1 || order >= this.order;
    const [light, dark] = isUsable ? [colours.buddy, colours['buddy-line']] : [colours.line, colours.edge];
    return mix(light ?? '', dark ?? '', orders > 1 ? 0.75 * (1 - order / (orders - 1)) : 0);
  }

  // ------------------------------------------------------------------ choosing and going

  private pickZone(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.zone = value === '' ? null : Number(value);
    this.ask(0);
  }

  private pickOrder(event: Event): void {
    this.order = Number((event.target as HTMLSelectElement).value);
  }

  private down(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.goTo(event.clientX);
  }

  private drag(event: PointerEvent): void {
    if (event.buttons & 1) this.goTo(event.clientX);
  }

  private goTo(clientX: number): void {
    const box = this.room.getBoundingClientRect();
    const entry = entryAt((clientX - box.left) / box.width, this.length);
    if (entry !== this.place.entry || this.place.inner !== 0) this.tell('pf-go', { entry, inner: 0 });
  }
}

/** Keys typed into a field are the field's. */
const own = (event: Event): void => event.stopPropagation();

/** `part` of the way from one #rrggbb to another. */
function mix(from: string, to: string, part: number): string {
  const at = (colour: string, i: number): number => Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const channels = [0, 1, 2].map((i) => Math.round(at(from, i) + (at(to, i) - at(from, i)) * part));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-chart': Chart;
  }
  interface HTMLElementEventMap {
    /** The zone whose free memory over time is wanted, or null for all. */
    'pf-memory': CustomEvent<number | null>;
  }
}
