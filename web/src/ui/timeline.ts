import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Place, Theme, View } from '../protocol.ts';
import { ShellElement, shared } from './element.ts';
import { drawMarker } from './marker-shape.ts';
import { type MarkerKind, type Markers, NO_MARKERS } from './markers.ts';
import { afterEvent } from './place.ts';
import type { Loop } from './player.ts';
import { heldAt, placeHeld, shapedTicks, type Tick, ticksOf } from './ticks.ts';

/** CSS pixels from tick to tick, at the least. */
const PITCH = 3;
const HEIGHT = 36;
const INNER_HEIGHT = 24;
/** Where the shapes of markers stand, from above, and how far apart they are at the least. */
const SHAPES = 6;
const APART = 11;
/** The ticks of operations: where they begin, and how long they are. */
const TICKS = 15;
const TICK = 14;

/** A strip to draw on, in CSS pixels. */
interface Paper {
  context: CanvasRenderingContext2D;
  width: number;
  colours: Record<string, string>;
}

/**
 * The strips of time. Above: one tick an operation, the past darker than the future, a shape where the kernel stopped, an allocation failed or
 * something went wrong unnoticed, and the range that is played again and again. Below: the inner steps of the operation that is
 * shown. Both are sliders.
 *
 * @fires pf-go
 * @csspart strip
 * @csspart inner
 */
@customElement('pf-timeline')
export class Timeline extends ShellElement {
  static override styles = [
    shared,
    css`
      .strip,
      .inner {
        display: block;
        cursor: pointer;
        touch-action: none;
      }
      .strip {
        height: ${HEIGHT}px;
      }
      .inner {
        height: ${INNER_HEIGHT}px;
      }
      .inner[aria-disabled] {
        cursor: default;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  @property({ attribute: false }) place: Place = { entry: 0, inner: 0 };
  @property({ attribute: false }) view: View | null = null;
  @property({ type: Number }) length = 0;
  /** Operations before the timeline begins: the numbers told go on from there. */
  @property({ type: Number }) first = 0;
  @property({ attribute: false }) markers: Markers = NO_MARKERS;
  @property({ attribute: false }) loop: Loop | null = null;
  @property({ attribute: false }) theme: Theme | null = null;
  /** The sentence of the place, for those who cannot see the strip. */
  @property() said = '';
  @query('.strip canvas') private canvas!: HTMLCanvasElement;
  @query('.inner canvas') private innerCanvas!: HTMLCanvasElement;
  /** Kept while the operations, their markers and the room stay the same. */
  private ticks: readonly Tick[] = [];
  private shaped: readonly number[] = [];
  private ticked: readonly unknown[] = [];
  /** Kept, as to ask the page for it means that it is laid out at once. */
  private width = 0;

  override firstUpdated(): void {
    const observer = new ResizeObserver(([strip]) => {
      this.width = strip?.contentRect.width ?? 0;
      this.draw();
    });
    observer.observe(this.canvas);
  }

  override updated(changed: PropertyValues): void {
    if (['place', 'view', 'length', 'markers', 'loop', 'theme'].some((name) => changed.has(name))) this.draw();
  }

  override render() {
    const { ui } = this.texts;
    const { total, value } = this.innerSteps;
    const loop = this.loop ? ui.loops(this.first + this.loop.from, this.first + this.loop.to) : '';
    return html`<div class="strip" part="strip" role="slider" tabindex="0" aria-label=${ui.time} aria-valuemin="0"
      aria-valuemax=${this.length} aria-valuenow=${this.place.entry} aria-valuetext=${[this.said, loop].join(' ').trim()}
      @pointerdown=${this.hold} @pointermove=${this.hold} @keydown=${this.key}><canvas></canvas></div>
      <div class="inner" part="inner" role="slider" tabindex=${total > 0 ? 0 : -1} aria-label=${ui.innerTime} aria-disabled=${total > 0 ? nothing : 'true'}
        aria-valuemin=${Math.min(1, total)} aria-valuemax=${total} aria-valuenow=${value} aria-valuetext=${ui.inner(value, total)}
        @pointerdown=${this.holdInner} @pointermove=${this.holdInner} @keydown=${this.keyInner}><canvas></canvas></div>`;
  }

  /** Of the operation that is shown: how many, and how many of them have happened. */
  private get innerSteps(): { entry: number; total: number; value: number } {
    const { view } = this;
    if (!view || view.eventsEntry < 0) return { entry: 0, total: 0, value: 0 };
    const { eventsEntry: entry, eventsTotal: total } = view;
    return { entry, total, value: view.place.entry > entry ? total : view.place.inner };
  }

  // ------------------------------------------------------------------ drawing

  private draw(): void {
    const strip = this.paper(this.canvas, HEIGHT);
    if (strip) this.drawStrip(strip);
    const inner = this.paper(this.innerCanvas, INNER_HEIGHT);
    if (inner) this.drawInner(inner);
  }

  /** The strip, empty. */
  private paper(canvas: HTMLCanvasElement, height: number): Paper | null {
    const context = canvas.getContext('2d');
    const colours = this.theme?.colours;
    const { width } = this;
    if (!context || !colours || width === 0) return null;
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return { context, width, colours };
  }

  private tick(width: number): void {
    const now = [this.length, this.markers, width];
    if (now.every((value, i) => value === this.ticked[i])) return;
    this.ticked = now;
    this.ticks = ticksOf(this.length, width / PITCH, this.markers);
    const pitch = width / Math.max(1, this.ticks.length);
    this.shaped = shapedTicks(this.ticks, Math.ceil(APART / pitch));
  }

  private drawStrip({ context, width, colours }: Paper): void {
    this.tick(width);
    const pitch = width / Math.max(1, this.ticks.length);
    const thick = Math.min(4, Math.max(1, pitch * 0.45));
    const x = (entry: number): number => (this.length > 0 ? (entry / this.length) * width : 0);
    if (this.loop) this.drawLoop(context, x(this.loop.from), x(this.loop.to), colours.accent ?? '');
    for (const [i, { end, marker }] of this.ticks.entries()) {
      const isPast = end <= this.place.entry;
      context.fillStyle = (marker ? colourOf(marker, colours) : isPast ? colours.ink : colours.edge) ?? '';
      context.globalAlpha = isPast ? 0.9 : marker ? 0.7 : 0.5;
      const reach = marker ? 4 : 0;
      context.fillRect((i + 0.5) * pitch - thick / 2, TICKS - reach, thick, TICK + 2 * reach);
    }
    context.globalAlpha = 1;
    for (const i of this.shaped) {
      const { marker } = this.ticks[i] as Tick;
      if (!marker) continue;
      context.fillStyle = colourOf(marker, colours);
      drawMarker(context, marker, Math.min(width - 5, Math.max(5, (i + 0.5) * pitch)), SHAPES);
    }
    context.fillStyle = colours.accent ?? '';
    context.fillRect(Math.min(width - 3, Math.max(0, x(this.place.entry) - 1.5)), 1, 3, HEIGHT - 2);
  }

  /** Two brackets and what lies between them. */
  private drawLoop(context: CanvasRenderingContext2D, from: number, to: number, colour: string): void {
    context.fillStyle = colour;
    context.globalAlpha = 0.16;
    context.fillRect(from, 1, to - from, HEIGHT - 2);
    context.globalAlpha = 1;
    for (const [at, direction] of [
      [from, 1],
      [to, -1],
    ] as const) {
      const left = direction > 0 ? at : at - 2;
      context.fillRect(left, 1, 2, HEIGHT - 2);
      for (const y of [1, HEIGHT - 3]) context.fillRect(direction > 0 ? at : at - 7, y, 7, 2);
    }
  }

  private drawInner({ context, width, colours }: Paper): void {
    const { entry, total, value } = this.innerSteps;
    if (total === 0) return;
    const middle = INNER_HEIGHT / 2 + 3;
    const at = ((entry + 0.5) / Math.max(1, this.length)) * width;
    context.strokeStyle = colours.edge ?? '';
    context.globalAlpha = 0.5;
    context.beginPath();
    context.moveTo(0, 7);
    context.lineTo(Math.max(0, at - 4), 0);
    context.lineTo(Math.min(width, at + 4), 0);
    context.lineTo(width, 7);
    context.stroke();
    const count = Math.min(total, Math.max(1, Math.floor(width / PITCH)));
    const pitch = width / count;
    const thick = Math.min(3, Math.max(1, pitch * 0.45));
    for (let i = 0; i < count; i++) {
      const isPast = Math.floor(((i + 1) * total) / count) <= value;
      context.fillStyle = (isPast ? colours.muted : colours.edge) ?? '';
      context.globalAlpha = isPast ? 0.9 : 0.5;
      context.fillRect((i + 0.5) * pitch - thick / 2, middle - 4, thick, 8);
    }
    context.globalAlpha = 1;
    context.fillStyle = colours.accent ?? '';
    context.fillRect(Math.min(width - 3, (value / total) * width - 1.5), middle - 7, 3, 14);
  }

  // ------------------------------------------------------------------ pointer and keyboard

  private hold(event: PointerEvent): void {
    const to = placeHeld(event, this.place, this.length);
    if (to) this.tell('pf-go', to);
  }

  private holdInner(event: PointerEvent): void {
    const step = heldAt(event, this.innerSteps.total);
    if (step !== null) this.toInner(step);
  }

  private toInner(step: number): void {
    const { entry, total, value } = this.innerSteps;
    const to = Math.min(total, Math.max(1, step));
    if (total > 0 && to !== value) this.tell('pf-go', afterEvent(entry, to - 1, total));
  }

  private key(event: KeyboardEvent): void {
    const { entry } = this.place;
    const to = moved(event, this.place.inner > 0 && event.key === 'ArrowLeft' ? entry + 1 : entry, 0, this.length);
    if (to !== null) this.tell('pf-go', { entry: to, inner: 0 });
  }

  private keyInner(event: KeyboardEvent): void {
    const { total, value } = this.innerSteps;
    const to = moved(event, value, 1, total);
    if (to !== null) this.toInner(to);
  }
}

function colourOf(marker: MarkerKind, colours: Record<string, string>): string {
  return colours[{ bug: 'mark', misuse: 'accent', failed: 'ink' }[marker]] ?? '';
}

/** Where a slider's key leads; null: it is no such key. */
function moved(event: KeyboardEvent, value: number, least: number, most: number): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const leap = Math.max(1, Math.round(most / 10));
  const moves: Record<string, number> = {
    ArrowRight: value + 1,
    ArrowUp: value + 1,
    ArrowLeft: value - 1,
    ArrowDown: value - 1,
    PageUp: value + leap,
    PageDown: value - leap,
    Home: least,
    End: most,
  };
  const to = moves[event.key];
  if (to === undefined) return null;
  event.preventDefault();
  event.stopPropagation();
  return Math.min(most, Math.max(least, to));
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-timeline': Timeline;
  }
}
