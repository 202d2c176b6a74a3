import { css, html, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { OUTCOMES } from '../generated/tables.ts';
import type { Place, Theme } from '../protocol.ts';
import { PageElement, shared } from './element.ts';
import { entryAt, ticksOf } from './ticks.ts';

/** CSS pixels from tick to tick, at the least. */
const PITCH = 3;
const HEIGHT = 40;

const WRONG = new Set(
  ['failed', 'stall', 'bug', 'oops', 'panic', 'hang'].map((name) =>
    OUTCOMES.indexOf(name as (typeof OUTCOMES)[number]),
  ),
);

/** Of two sides, what went wrong on either. */
const worse = (here: Uint8Array, there: Uint8Array): Uint8Array =>
  here.map((outcome, i) => (WRONG.has(outcome) ? outcome : (there[i] ?? outcome)));

/**
 * The strip of time: one tick an operation, the past darker than the future, what went wrong taller and red. A slider.
 *
 * @fires pf-go
 * @csspart strip
 */
@customElement('pf-timeline')
export class Timeline extends PageElement {
  static override styles = [
    shared,
    css`
      .strip {
        display: block;
        height: ${HEIGHT}px;
        cursor: pointer;
        touch-action: none;
      }
      canvas {
        display: block;
        width: 100%;
        height: ${HEIGHT}px;
      }
    `,
  ];

  @property({ attribute: false }) place: Place = { entry: 0, inner: 0 };
  @property({ type: Number }) length = 0;
  @property({ attribute: false }) outcomes: Uint8Array = new Uint8Array(0);
  /** Those of the side compared with; null: there is none. */
  @property({ attribute: false }) beside: Uint8Array | null = null;
  @property({ attribute: false }) theme: Theme | null = null;
  /** The sentence of the place, for those who cannot see the strip. */
  @property() said = '';
  @query('canvas') private canvas!: HTMLCanvasElement;

  override firstUpdated(): void {
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  override updated(changed: PropertyValues): void {
    if (
      changed.has('place') ||
      changed.has('length') ||
      changed.has('outcomes') ||
      changed.has('beside') ||
      changed.has('theme')
    )
      this.draw();
  }

  override render() {
    return html`<div class="strip" part="strip" role="slider" tabindex="0" aria-label=${this.texts.ui.time} aria-valuemin="0"
      aria-valuemax=${this.length} aria-valuenow=${this.place.entry} aria-valuetext=${this.said}
      @pointerdown=${this.down} @pointermove=${this.drag} @keydown=${this.key}><canvas></canvas></div>`;
  }

  private draw(): void {
    const context = this.canvas?.getContext('2d');
    const colours = this.theme?.colours;
    if (!context || !colours) return;
    const ratio = devicePixelRatio;
    const width = this.canvas.clientWidth;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(HEIGHT * ratio);
    context.scale(ratio, ratio);
    const outcomes = this.beside ? worse(this.outcomes, this.beside) : this.outcomes;
    const ticks = ticksOf(outcomes, this.length, width / PITCH, (outcome) => WRONG.has(outcome));
    const pitch = width / Math.max(1, ticks.length);
    const thick = Math.min(4, Math.max(1, pitch * 0.45));
    for (const [i, tick] of ticks.entries()) {
      const isPast = tick.end <= this.place.entry;
      const reach = tick.wrong ? 24 : 14;
      context.fillStyle = (tick.wrong ? colours.mark : isPast ? colours.ink : colours.edge) ?? '';
      context.globalAlpha = isPast ? 0.9 : tick.wrong ? 0.55 : 0.5;
      context.fillRect((i + 0.5) * pitch - thick / 2, (HEIGHT - reach) / 2, thick, reach);
    }
    context.globalAlpha = 1;
    context.fillStyle = colours.accent ?? '';
    const at = this.length > 0 ? (this.place.entry / this.length) * width : 0;
    context.fillRect(Math.min(width - 3, Math.max(0, at - 1.5)), 2, 3, HEIGHT - 4);
  }

  private down(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.goTo(event.clientX);
  }

  private drag(event: PointerEvent): void {
    if (event.buttons & 1) this.goTo(event.clientX);
  }

  private goTo(clientX: number): void {
    const box = this.canvas.getBoundingClientRect();
    const entry = entryAt((clientX - box.left) / box.width, this.length);
    if (entry !== this.place.entry || this.place.inner !== 0) this.tell('pf-go', { entry, inner: 0 });
  }

  private key(event: KeyboardEvent): void {
    const leap = Math.max(1, Math.round(this.length / 10));
    const entry = this.place.entry;
    const moves: Record<string, number> = {
      ArrowRight: entry + 1,
      ArrowUp: entry + 1,
      ArrowLeft: this.place.inner > 0 ? entry : entry - 1,
      ArrowDown: entry - 1,
      PageUp: entry + leap,
      PageDown: entry - leap,
      Home: 0,
      End: this.length,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell('pf-go', { entry: Math.min(this.length, Math.max(0, to)), inner: 0 });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-timeline': Timeline;
  }
}
