import { css, html, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { MARKS, STATES } from '../generated/tables.ts';
import { ALL_STATES } from '../map/painter.ts';
import { lookOf, TILE } from '../map/patterns.ts';
import type { Theme, View } from '../protocol.ts';
import { digits } from '../words/ui.en.ts';
import { ShellElement, shared } from './element.ts';
import { choice, entry, legend } from './legend.ts';

const SWATCH = 16;

/**
 * The map's legend: each state with its look and its frames. Pressed ones are shown, the others dimmed; none pressed, all are shown.
 *
 * @fires pf-shown with the states to show: bit s for state s
 */
@customElement('pf-map-legend')
export class MapLegend extends ShellElement {
  static override styles = [
    shared,
    legend,
    css`
      ul {
        min-height: 52px;
        align-content: flex-start;
      }
      canvas {
        width: ${SWATCH}px;
        height: ${SWATCH}px;
        border: 1px solid var(--edge);
        box-sizing: content-box;
      }
      .count {
        min-width: calc(var(--digits, 4) * 1ch);
      }
      @container (max-width: 420px) {
        li > * {
          padding: 0 3px;
          gap: 4px;
        }
        .count {
          min-width: 0;
        }
      }
      @media (max-width: 1099px) {
        ul {
          font-size: 12px;
          gap: 0;
          min-height: 54px; /* two rows: most have no more, and nothing moves */
          margin-left: -7px;
        }
        .count {
          min-width: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) theme: Theme | null = null;
  @property({ type: Number }) shown = ALL_STATES;

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('theme') || changed.has('view')) this.paint();
  }

  override render() {
    const { ui } = this.texts;
    const counts = this.view?.counts ?? [];
    const states = STATES.map((name, index) => ({ name, index, count: counts[index] ?? 0 })).filter(
      ({ count }) => count > 0,
    );
    const marks = MARKS.map((mark, bit) => ({ mark, count: this.view?.marked[bit] ?? 0 })).filter(
      ({ count }) => count > 0,
    );
    const kinds = [...states.map(({ name }) => name), ...marks.map(({ mark }) => mark)];
    return keyed(
      kinds.join(),
      html`<ul part="legend" aria-label=${ui.legend}>
        ${states.map(({ name, index, count }) =>
          choice(entry(this.swatch(index), ui.states[name], digits(count)), ui.legendHint, this.isPressed(index), () =>
            this.toggle(index),
          ),
        )}
        ${marks.map(({ mark, count }) => {
          const swatch = this.swatch(STATES.indexOf(mark === 'two-owners' ? 'allocated' : 'buddy'), true);
          return html`<li><span>${entry(swatch, ui.marks[mark], digits(count))}</span></li>`;
        })}
      </ul>`,
    );
  }

  private swatch(state: number, marked = false) {
    return html`<canvas width=${SWATCH} height=${SWATCH} data-state=${state} ?data-marked=${marked} aria-hidden="true"></canvas>`;
  }

  private isPressed(state: number): boolean {
    return this.shown !== ALL_STATES && (this.shown & (1 << state)) !== 0;
  }

  private toggle(state: number): void {
    const pressed = (this.shown === ALL_STATES ? 0 : this.shown) ^ (1 << state);
    this.dispatchEvent(new CustomEvent('pf-shown', { detail: pressed === 0 ? ALL_STATES : pressed }));
  }

  private paint(): void {
    if (!this.theme) return;
    for (const swatch of this.renderRoot.querySelectorAll('canvas')) {
      const context = swatch.getContext('2d');
      if (!context) continue;
      const image = new ImageData(SWATCH, SWATCH);
      const words = new Uint32Array(image.data.buffer);
      const { tile } = lookOf(this.theme, Number(swatch.dataset.state), 1, swatch.dataset.marked !== undefined);
      words.forEach((_, i) => {
        words[i] = tile[(Math.floor(i / SWATCH) % TILE) * TILE + (i % TILE)] ?? 0;
      });
      context.putImageData(image, 0, 0);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-map-legend': MapLegend;
  }
  interface HTMLElementEventMap {
    'pf-shown': CustomEvent<number>;
  }
}
