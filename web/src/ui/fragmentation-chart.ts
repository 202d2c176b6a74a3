import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import { type Fragmentation, MIXED_ORDER, type SourceInfo } from '../protocol.ts';
import { fragmentation as en } from '../words/fragmentation.en.ts';
import { fragmentation as ru } from '../words/fragmentation.ru.ts';
import { namesOf } from '../words/sides.ts';
import { digits } from '../words/ui.en.ts';
import { lastUpTo, unusableOver } from './chart-data.ts';
import { type Drawing, TimeChart } from './time-chart.ts';

const HEIGHT = 38;
/** Where there is no value. */
const NONE = '–';
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
export class FragmentationChart extends TimeChart {
  static override styles = [
    TimeChart.styles,
    css`
      .caption {
        min-height: 26px;
        flex-wrap: wrap;
      }
      b {
        font-weight: 600;
      }
      svg {
        width: 26px;
        height: 8px;
        margin-right: 5px;
        vertical-align: middle;
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
  /** There is room for the explanation. */
  @property({ type: Boolean }) isWide = false;
  private unusable: Line[] = [];
  private mixed: Line[] = [];
  private mostMixed = 1;

  constructor() {
    super(MIXED_ORDER, HEIGHT, 'sides');
  }

  private get chartWords() {
    return this.texts.lang === 'ru' ? ru : en;
  }

  /** Orders that all sides have. */
  protected get orders(): number {
    return Math.min(...this.sources.map(({ kernel }) => kernel?.nrOrders ?? 0));
  }

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!changed.has('sides') && !changed.has('order')) return;
    this.unusable = this.sides.map(({ memory }) => ({
      places: memory.places,
      values: unusableOver(memory, this.order),
    }));
    this.mixed = this.sides.map(({ mixed }) => ({ places: mixed.places, values: mixed.counts }));
    this.mostMixed = Math.max(1, ...this.sides.flatMap(({ mixed }) => [...mixed.counts]));
  }

  override render() {
    const words = this.chartWords;
    if (this.sides.length === 0 || this.sides.length !== this.sources.length)
      return html`<p class="why">${words.later}</p>`;
    const names = namesOf(this.sources, this.texts.words);
    const index = (value: number | null): string => (value === null ? NONE : words.index(value));
    const number = (value: number | null): string => (value === null ? NONE : digits(value));
    return html`<div class="caption">
        ${this.orderChoice(words.order)}
        ${this.caption(words.unusable, words.unusableTitle, names, this.unusable, index)}
      </div>
      ${this.plot(scale('1'))}
      <div class="caption">${this.caption(words.mixed, words.mixedTitle, names, this.mixed, number)}</div>
      ${this.plot(scale(digits(this.mostMixed)))}
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

  /** Where there is no room, folded away. */
  private why(names: readonly string[]) {
    const words = this.chartWords;
    const text = html`<p class="why">${words.why(this.order, 2 ** this.order)} ${this.whyTypes(names)}</p>`;
    return this.isWide ? text : html`<details><summary>${words.whyTitle}</summary>${text}</details>`;
  }

  /** Kernels that keep types of memory apart, and those that do not, where there are both. */
  private whyTypes(names: readonly string[]): string {
    const keeps = (i: number): boolean => (this.sources[i]?.kernel?.pageblockOrder ?? 0) > 0;
    const apart = names.filter((_, i) => keeps(i));
    const together = names.filter((_, i) => !keeps(i));
    return apart.length > 0 && together.length > 0 ? this.chartWords.whyTypes(apart, together) : '';
  }

  /** All that the chart shows of the present place. */
  protected get said(): string {
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

  protected drawings(colours: Record<string, string>): Drawing[] {
    if (this.unusable.length === 0) return [];
    return [drawing(this.unusable, 1, colours), drawing(this.mixed, this.mostMixed, colours)];
  }
}

/** The number at a plot's upper edge. */
const scale = (most: string) => html`<span class="scale right">${most}</span>`;

function drawing(lines: readonly Line[], most: number, colours: Record<string, string>): Drawing {
  const series = lines.map((_, i) => {
    const { colour, width, dash } = LINES[i] ?? LINES[0];
    return { stroke: colours[colour] ?? '', width, dash: [...dash] };
  });
  const tables = lines.map(({ places, values }): uPlot.AlignedData => [Array.from(places), Array.from(values)]);
  return { data: uPlot.join(tables), series, scales: { y: { range: [0, most] } }, padding: [3, 2] };
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-fragmentation': FragmentationChart;
  }
}
