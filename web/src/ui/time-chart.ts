/** What the charts above the strip of time share: uPlot on the strip's axis, the present place, and the way there by pointer. */
import { type CSSResultGroup, css, html, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import type { Place, Theme } from '../protocol.ts';
import { keepKey, PageElement, shared } from './element.ts';
import { placeHeld } from './ticks.ts';

/** What one plot draws; its x axis is the time. */
export interface Drawing {
  data: uPlot.AlignedData;
  series: uPlot.Series[];
  scales: uPlot.Scales;
  /** Above and below, in CSS pixels. */
  padding: [number, number];
}

/** Values stay until the next place. */
const STEPS: uPlot.Series = { paths: uPlot.paths.stepped?.({ align: 1 }), points: { show: false }, pxAlign: 0 };

export abstract class TimeChart extends PageElement {
  static override styles: CSSResultGroup = [
    shared,
    css`
      .caption {
        display: flex;
        align-items: center;
        gap: 2px 18px;
        font-size: 13px;
        line-height: 24px;
        font-variant-numeric: tabular-nums;
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
        color: var(--muted);
      }
      .plot {
        position: relative;
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
      .scale.right {
        right: 0;
      }
    `,
  ];

  @property({ attribute: false }) place: Place = { entry: 0, inner: 0 };
  @property({ type: Number }) length = 0;
  @property({ attribute: false }) theme: Theme | null = null;
  /** The order of the blocks that are asked for. */
  @state() protected order: number;
  /** Of each plot, in CSS pixels. */
  private readonly height: number;
  /** The property that holds what is drawn. */
  private readonly drawn: string;
  private plots: uPlot[] = [];
  private readonly observer = new ResizeObserver(() => this.fit());

  constructor(order: number, height: number, drawn: string) {
    super();
    this.order = order;
    this.height = height;
    this.drawn = drawn;
  }

  /** How many orders there are to choose from. */
  protected abstract get orders(): number;
  /** All that the chart shows of the present place. */
  protected abstract get said(): string;
  /** What the plots draw, one after the other; none, while there is nothing to draw. */
  protected abstract drawings(colours: Record<string, string>): Drawing[];

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.clear();
  }

  override willUpdate(_: PropertyValues): void {
    this.order = Math.max(0, Math.min(this.orders - 1, this.order));
  }

  override updated(changed: PropertyValues): void {
    if ([this.drawn, 'theme', 'order'].some((name) => changed.has(name))) this.draw();
    else if (changed.has('length')) for (const plot of this.plots) plot.setScale('x', { min: 0, max: this.end });
  }

  protected plot(scales: unknown) {
    const at = this.length > 0 ? (this.place.entry / this.length) * 100 : 0;
    return html`<div class="plot" style="height: ${this.height}px" part="plot" role="img" aria-label=${this.said} @pointerdown=${this.hold}
      @pointermove=${this.hold}>
      <div class="canvas"></div>${scales}
      <span class="now" style="transform: translateX(${at}%)"></span>
    </div>`;
  }

  protected orderChoice(name: string) {
    return html`<label>${name}<select @change=${this.pickOrder} @keydown=${keepKey}>
      ${Array.from({ length: this.orders }, (_, order) => html`<option value=${order} ?selected=${order === this.order}>${order}</option>`)}
    </select></label>`;
  }

  private pickOrder(event: Event): void {
    this.order = Number((event.target as HTMLSelectElement).value);
  }

  private hold(event: PointerEvent): void {
    const to = placeHeld(event, this.place, this.length);
    if (to) this.tell('pf-go', to);
  }

  // ------------------------------------------------------------------ drawing

  private get end(): number {
    return Math.max(1, this.length);
  }

  private clear(): void {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
  }

  private fit(): void {
    if (this.plots.length === 0) this.draw();
    for (const plot of this.plots) {
      const width = plot.root.parentElement?.clientWidth ?? 0;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: this.height });
    }
  }

  private draw(): void {
    this.clear();
    const rooms = this.renderRoot.querySelectorAll<HTMLElement>('.canvas');
    if (!this.theme || !rooms[0]?.clientWidth) return;
    const drawings = this.drawings(this.theme.colours);
    this.plots = drawings.map((drawing, i) => this.plotted(drawing, rooms[i] as HTMLElement));
  }

  private plotted({ data, series, scales, padding: [above, below] }: Drawing, room: HTMLElement): uPlot {
    return new uPlot(
      {
        width: room.clientWidth,
        height: this.height,
        padding: [above, 0, below, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: { x: { time: false, range: [0, this.end] }, ...scales },
        series: [{}, ...series.map((one) => ({ ...STEPS, ...one }))],
      },
      data,
      room,
    );
  }
}
