import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Place } from '../protocol.ts';
import { PageElement, shared } from './element.ts';
import { icon } from './icons.ts';
import { SPEEDS } from './player.ts';

export type Command = 'first' | 'back' | 'into' | 'step' | 'play' | 'last';

/**
 * The buttons under the strip of time.
 *
 * @fires pf-command what to do: first, back, into, step, play (or pause), last
 * @fires pf-go from the number of the operation
 * @fires pf-speed operations a second
 * @csspart buttons
 */
@customElement('pf-transport')
export class Transport extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 20px;
      }
      .buttons {
        display: flex;
        gap: 6px;
      }
      .buttons button {
        display: grid;
        place-items: center;
        width: 40px;
        height: 34px;
        padding: 0;
      }
      .buttons .play {
        width: 52px;
        background: var(--ink);
        color: var(--paper);
        border-color: var(--ink);
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--muted);
      }
      input {
        width: calc(5ch + 30px);
        text-align: right;
        font-variant-numeric: tabular-nums;
        color: var(--ink);
        font-weight: 600;
        padding: 2px 4px;
      }
      .speed {
        margin-left: auto;
      }
      select {
        color: var(--ink);
        background: var(--paper);
        padding: 2px 4px;
      }
      .inner {
        color: var(--muted);
        min-width: 15em;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 1099px) {
        :host {
          justify-content: space-between;
          gap: 6px;
        }
        .buttons {
          width: 100%;
        }
        .buttons button {
          flex: 1;
          width: auto;
          height: 40px;
        }
        .buttons .play {
          flex: 1.4;
        }
        .inner {
          display: none;
        }
        label {
          gap: 5px;
          font-size: 13px;
        }
        input {
          width: calc(4ch + 22px);
        }
        .speed span {
          position: absolute;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  @property({ attribute: false }) place: Place = { entry: 0, inner: 0 };
  @property({ type: Number }) length = 0;
  /** Operations before the timeline begins: the numbers shown go on from there. */
  @property({ type: Number }) first = 0;
  /** Events of the operation under way. */
  @property({ type: Number }) total = 0;
  @property({ type: Boolean }) playing = false;
  @property({ type: Number }) speed = 1;

  override render() {
    const { ui } = this.texts;
    const { entry, inner } = this.place;
    const isStart = entry === 0 && inner === 0;
    const isEnd = entry >= this.length;
    return html`
      <div class="buttons" part="buttons">
        ${this.button('first', ui.first, isStart)} ${this.button('back', ui.back, isStart)}
        ${this.button('play', this.playing ? ui.pause : ui.play, false, this.playing ? 'pause' : 'play')}
        ${this.button('step', ui.step, isEnd)} ${this.button('into', ui.into, isEnd)} ${this.button('last', ui.last, isEnd)}
      </div>
      <label>${ui.jump}
        <input type="number" min=${this.first} max=${this.first + this.length} .value=${String(this.first + entry)} @change=${this.jump} @keydown=${(event: Event) => event.stopPropagation()} />
        <span>${ui.of(this.first + this.length)}</span>
      </label>
      <span class="inner">${inner > 0 ? ui.inner(inner, this.total) : nothing}</span>
      <label class="speed"><span>${ui.speed}</span>
        <select @change=${this.pace} @keydown=${(event: Event) => event.stopPropagation()}>
          ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${ui.perSecond(speed)}</option>`)}
        </select>
      </label>
    `;
  }

  private button(
    command: Command,
    label: string,
    isOff: boolean,
    image: Parameters<typeof icon>[0] = command as 'first',
  ) {
    return html`<button class=${command} aria-label=${label} title=${label} aria-disabled=${isOff ? 'true' : nothing}
      @click=${() => this.dispatchEvent(new CustomEvent<Command>('pf-command', { detail: command, bubbles: true, composed: true }))}>${icon(image)}</button>`;
  }

  private jump(event: Event): void {
    const input = event.target as HTMLInputElement;
    const entry = Math.min(this.length, Math.max(0, (Math.round(Number(input.value)) || 0) - this.first));
    input.value = String(this.first + entry);
    this.tell('pf-go', { entry, inner: 0 });
  }

  private pace(event: Event): void {
    const detail = Number((event.target as HTMLSelectElement).value);
    this.dispatchEvent(new CustomEvent<number>('pf-speed', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-transport': Transport;
  }
  interface HTMLElementEventMap {
    'pf-command': CustomEvent<Command>;
    'pf-speed': CustomEvent<number>;
  }
}
