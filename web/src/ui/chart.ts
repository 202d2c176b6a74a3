import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type uPlot from 'uplot';
import { externalFragmentation, unusableFreeSpace } from '../core/fragmentation.ts';
import type { FreeMemory, SourceInfo, View } from '../protocol.ts';
import { chart as en } from '../words/chart.en.ts';
import { chart as ru } from '../words/chart.ru.ts';
import { zonePart } from '../words/facts.ts';
import { digits } from '../words/ui.en.ts';
import { type Layers, layersOf, numbersAt } from './chart-data.ts';
import { keepKey } from './element.ts';
import { type Drawing, TimeChart } from './time-chart.ts';

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
export class Chart extends TimeChart {
  static override styles = [
    TimeChart.styles,
    css`
      .caption {
        height: 26px;
        white-space: nowrap;
        overflow: hidden;
      }
      @media (max-width: 1299px) {
        .caption {
          column-gap: 10px;
          font-size: 12px;
        }
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
      .scale.least {
        top: auto;
        bottom: 0;
      }
      @media (max-width: 1099px) {
        .caption {
          flex-wrap: wrap;
          height: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) memory: FreeMemory | null = null;
  @state() private zone: number | null = null;
  private layers: Layers | null = null;
  private asking = 0;

  constructor() {
    super(ORDER, HEIGHT, 'memory');
  }

  private get chartWords() {
    return this.texts.lang === 'ru' ? ru : en;
  }

  protected get orders(): number {
    return this.source?.kernel?.nrOrders ?? 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.asking);
  }

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('memory') && this.memory) this.zone = this.memory.zone;
    if (changed.has('memory') || changed.has('order')) this.layers = this.memory && layersOf(this.memory, this.order);
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('source') || (this.memory === null && changed.has('memory'))) this.ask(0);
    else if (changed.has('length')) this.ask(PATIENCE);
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
    return html`<div class="caption">${this.caption()}</div>${this.plot(this.scales())}`;
  }

  /** Pages at the upper edge and at the lower one, and the index at the upper one. */
  private scales() {
    if (!this.layers) return nothing;
    const [least, most] = this.layers.edges;
    return html`<span class="scale">${digits(most)}</span>
      ${least > 0 ? html`<span class="scale least">${digits(least)}</span>` : nothing}
      ${this.orders > 0 ? html`<span class="scale right">1</span>` : nothing}`;
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
          ? html`<label><span class="unseen">${words.zone}</span><select @change=${this.pickZone} @keydown=${keepKey}>
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
    const { edges, mostOnCpus } = this.layers ?? { edges: [0, 1], mostOnCpus: 0 };
    return [this.freeText(edges[1], mostOnCpus), this.chartWords.noZones];
  }

  private indices(blocks: readonly number[]) {
    const words = this.chartWords;
    const external = externalFragmentation(blocks, this.order);
    const isKnown = blocks.length > 0;
    return html`${this.orderChoice(words.order)}
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
  protected get said(): string {
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

  protected drawings(colours: Record<string, string>): Drawing[] {
    const { memory, layers } = this;
    if (!memory || !layers) return [];
    const { areas, withCpus, counted, unusable, external, edges } = layers;
    const area = (fill: string): uPlot.Series => ({ scale: 'pages', fill, width: 0 });
    const line = (scale: string, stroke = '', width = 1.5): uPlot.Series => ({ scale, stroke, width });
    const series = [
      ...(withCpus ? [area(colours.pcp ?? '')] : []),
      ...areas.map((_, order) => area(this.fillOf(order, areas.length, colours))),
      line('pages', colours['buddy-line'], 1),
      line('index', colours.accent),
      { ...line('index', colours.ink), dash: [5, 3] },
    ];
    const times = Float64Array.from(memory.places);
    const data = [times, ...(withCpus ? [withCpus] : []), ...areas, counted, unusable, external];
    const scales = { pages: { range: edges }, index: { range: [0, 1] as [number, number] } };
    return [{ data: data as uPlot.AlignedData, series, scales, padding: [3, 0] }];
  }

  /** Blocks that are large enough for the chosen order are as on the map, larger ones lighter; those that are too small are grey. */
  private fillOf(order: number, orders: number, colours: Record<string, string>): string {
    const isUsable = orders === 1 || order >= this.order;
    const [light, dark] = isUsable ? [colours.buddy, colours['buddy-line']] : [colours.line, colours.edge];
    return mix(light ?? '', dark ?? '', orders > 1 ? 0.75 * (1 - order / (orders - 1)) : 0);
  }

  private pickZone(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.zone = value === '' ? null : Number(value);
    this.ask(0);
  }
}

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
