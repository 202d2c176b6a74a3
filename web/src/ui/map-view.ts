import { css, html, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { MARKS, STATES } from '../generated/tables.ts';
import { drawnNodes, frameAt, layoutRows, type MapLayout, outline } from '../map/layout.ts';
import { lookOf, TILE } from '../map/patterns.ts';
import type { SourceInfo, Theme, View } from '../protocol.ts';
import { hex } from '../words/parts.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';
import type { Range } from './touched.ts';

/** Rows that Page Up and Page Down move by. */
const PAGE = 8;

/**
 * The page map: a canvas that the worker draws on, with what the viewer points at laid over it, and its legend.
 *
 * @fires pf-canvas once, with the canvas for the worker
 * @fires pf-space when the drawing has another size, in CSS pixels
 * @fires pf-pick the frame under the cursor, or null
 * @csspart canvas
 * @csspart legend
 */
@customElement('pf-map')
export class MapView extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr) auto;
        min-height: 0;
      }
      .title {
        line-height: 20px;
        height: 20px;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
        color: var(--muted);
        font-size: 13px;
      }
      .space {
        position: relative;
        min-height: 0;
        margin: 8px 0 10px;
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
        touch-action: manipulation;
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
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        min-height: 46px;
        align-content: flex-start;
        font-size: 13px;
        line-height: 22px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      li canvas {
        position: static;
        width: 16px;
        height: 16px;
        border: 1px solid var(--edge);
      }
      .count {
        min-width: calc(var(--digits, 4) * 1ch);
        font-variant-numeric: tabular-nums;
        color: var(--muted);
      }
      @media (max-width: 1099px) {
        .space {
          height: clamp(200px, 28vh, 420px);
          margin: 4px 0 6px;
        }
        ul {
          font-size: 12px;
          line-height: 20px;
          gap: 0 12px;
          height: 80px;
          min-height: 0;
          overflow: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) theme: Theme | null = null;
  /** Frames that a link points at. */
  @property({ attribute: false }) marked: Range | null = null;
  /** The frame looked at. */
  @property({ attribute: false }) cursor: number | null = null;
  @state() private layout: MapLayout | null = null;
  @query('.space > canvas') private canvas!: HTMLCanvasElement;
  private width = 0;
  private height = 0;

  override firstUpdated(): void {
    const canvas = this.canvas.transferControlToOffscreen();
    this.dispatchEvent(new CustomEvent('pf-canvas', { detail: canvas }));
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(this.canvas);
    this.measure();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) this.arrange();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('source')) this.style.setProperty('--digits', String(digits(this.source?.frames ?? 0).length));
    if (changed.has('theme') || changed.has('source') || changed.has('view')) this.paintLegend();
  }

  override render() {
    const { ui } = this.texts;
    const { source, layout } = this;
    return html`
      <div class="title">${source ? this.heading() : nothing}${layout && source ? ` ${ui.square(layout.perCell)}` : nothing}</div>
      <div class="space">
        <canvas part="canvas" tabindex="0" role="application" aria-label="${ui.map}. ${ui.mapHelp}"
          @pointermove=${this.point} @pointerdown=${this.point} @keydown=${this.key}></canvas>
        <svg class="over" aria-hidden="true">${this.nodeHeads()}${this.overlay(this.marked, 'marked')}${this.overlay(this.cursor === null ? null : [this.cursor, 1], 'cursor')}</svg>
      </div>
      <ul part="legend">${this.legend()}</ul>
    `;
  }

  private heading(): string {
    const { source } = this;
    if (!source) return '';
    const nodes = drawnNodes(source.nodes, source.frames);
    const first = Math.min(...nodes.map((node) => node.start_pfn));
    const end = Math.max(...nodes.map((node) => node.start_pfn + node.pages));
    const pages = nodes.reduce((sum, node) => sum + node.pages, 0);
    return this.texts.ui.machine(0, nodes.length, hex(first), hex(Math.max(first, end - 1)), pages * 4096);
  }

  /** Above each node its number and extent, where there are several. */
  private nodeHeads() {
    const bands = this.layout?.bands ?? [];
    if (bands.length < 2) return nothing;
    return bands.map(({ node, first, end, y }) => {
      const text = this.texts.ui.nodeHead(node, hex(first), hex(end - 1), (end - first) * 4096);
      return svg`<text x=${(this.layout?.x ?? 0) / devicePixelRatio} y=${y / devicePixelRatio - 7}>${text}</text>`;
    });
  }

  private overlay(range: Range | null, kind: string) {
    if (!range || !this.layout) return nothing;
    const ratio = devicePixelRatio;
    const paths = this.layout.bands.flatMap((band) => {
      const first = Math.max(range[0], band.first);
      const last = Math.min(range[0] + range[1], band.end) - 1;
      if (last < first || !this.layout) return [];
      return [
        outline(this.layout, band, first, last - first + 1)
          .map(([x, y]) => `${x / ratio} ${y / ratio}`)
          .join('L'),
      ];
    });
    return paths.map((path) => svg`<path class="halo" d="M${path}Z" /><path class=${kind} d="M${path}Z" />`);
  }

  private legend() {
    const { ui } = this.texts;
    const counts = this.view?.counts ?? [];
    const present = STATES.map((name, index) => ({ name, index, count: counts[index] ?? 0 })).filter(
      ({ count }) => count > 0,
    );
    const items = present.map(({ name, index, count }) => {
      return html`<li><canvas width="16" height="16" data-state=${index} aria-hidden="true"></canvas>${ui.states[name]} <span class="count">${digits(count)}</span></li>`;
    });
    const marked = MARKS.map((mark, bit) => ({ mark, count: this.view?.marked[bit] ?? 0 })).filter(
      ({ count }) => count > 0,
    );
    const troubled = marked.map(({ mark, count }) => {
      const state = STATES.indexOf(mark === 'two-owners' ? 'allocated' : 'buddy');
      return html`<li><canvas width="16" height="16" data-state=${state} data-marked aria-hidden="true"></canvas>${ui.marks[mark]} <span class="count">${digits(count)}</span></li>`;
    });
    const kinds = [...present.map(({ name }) => name), ...marked.map(({ mark }) => mark)];
    return keyed(kinds.join(), [...items, ...troubled]);
  }

  private paintLegend(): void {
    if (!this.theme) return;
    for (const swatch of this.renderRoot.querySelectorAll<HTMLCanvasElement>('li canvas')) {
      const context = swatch.getContext('2d');
      if (!context) continue;
      const image = new ImageData(16, 16);
      const words = new Uint32Array(image.data.buffer);
      const { tile } = lookOf(this.theme, Number(swatch.dataset.state), 1, swatch.dataset.marked !== undefined);
      words.forEach((_, i) => {
        words[i] = tile[(Math.floor(i / 16) % TILE) * TILE + (i % TILE)] ?? 0;
      });
      context.putImageData(image, 0, 0);
    }
  }

  private measure(): void {
    const box = this.canvas.getBoundingClientRect();
    if (box.width === 0 || (box.width === this.width && box.height === this.height)) return;
    this.width = box.width;
    this.height = box.height;
    this.arrange();
    const detail = { width: box.width, height: box.height, ratio: devicePixelRatio };
    this.dispatchEvent(new CustomEvent('pf-space', { detail }));
  }

  private arrange(): void {
    const { source } = this;
    this.layout =
      source && this.width > 0
        ? layoutRows(drawnNodes(source.nodes, source.frames), this.width, this.height, devicePixelRatio)
        : null;
  }

  private point(event: PointerEvent): void {
    if (!this.layout) return;
    const box = this.canvas.getBoundingClientRect();
    const ratio = devicePixelRatio;
    const pfn = frameAt(this.layout, (event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio);
    if (pfn !== null && pfn !== this.cursor) this.tell('pf-pick', pfn);
  }

  private key(event: KeyboardEvent): void {
    const layout = this.layout;
    if (!layout || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = layout.across * layout.perCell;
    const moves: Record<string, number> = {
      ArrowRight: layout.perCell,
      ArrowLeft: -layout.perCell,
      ArrowDown: row,
      ArrowUp: -row,
      PageDown: PAGE * row,
      PageUp: -PAGE * row,
      Home: -Infinity,
      End: Infinity,
    };
    const move = moves[event.key];
    if (event.key === 'Escape') this.tell('pf-pick', null);
    else if (move !== undefined) this.tell('pf-pick', this.moved(layout, move));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The frame `move` away that exists: a hole between nodes is jumped over. */
  private moved(layout: MapLayout, move: number): number {
    const first = layout.bands[0]?.first ?? 0;
    const last = (layout.bands.at(-1)?.end ?? 1) - 1;
    if (this.cursor === null) return Number.isFinite(move) || move < 0 ? first : last;
    const wanted = Math.min(last, Math.max(first, this.cursor + move));
    if (layout.bands.some((band) => wanted >= band.first && wanted < band.end)) return wanted;
    return move > 0
      ? Math.min(...layout.bands.map((band) => band.first).filter((pfn) => pfn > wanted))
      : Math.max(...layout.bands.map((band) => band.end - 1).filter((pfn) => pfn < wanted));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-map': MapView;
  }
}
