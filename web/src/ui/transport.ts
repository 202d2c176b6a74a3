import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Place } from '../protocol.ts';
import { digits } from '../words/ui.en.ts';
import { keepKey, ShellElement, shared } from './element.ts';
import { icon } from './icons.ts';
import { markerIcon } from './marker-shape.ts';
import { MARKER_KINDS, type Markers, NO_MARKERS, nextMarker, previousMarker } from './markers.ts';
import type { Command } from './playback.ts';
import { BY_KEY, type Loop, SPEEDS } from './player.ts';

/**
 * The buttons under the strips of time. Where there is little room, those that are wanted less often wait behind one button.
 *
 * @fires pf-command what to do
 * @fires pf-go from the number of the operation
 * @fires pf-speed operations a second, or BY_KEY
 * @fires pf-chart when the chart is to be shown or put away
 * @csspart buttons
 */
@customElement('pf-transport')
export class Transport extends ShellElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 20px;
      }
      .buttons,
      .marks,
      .loop,
      .rest {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .rest {
        gap: 8px 20px;
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
      .rest button {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 4px;
        padding: 2px 6px;
      }
      .marks,
      .loop {
        color: var(--muted);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .count {
        display: inline-flex;
        align-items: center;
        gap: 3px;
        padding: 0 2px;
      }
      .bug {
        color: var(--mark);
      }
      .misuse {
        color: var(--accent);
      }
      .failed {
        color: var(--ink);
      }
      [aria-pressed='true'],
      [aria-expanded='true'] {
        color: var(--ink);
        background: var(--wash);
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--muted);
      }
      input {
        width: calc(max(5, var(--digits)) * 1ch + 30px);
        text-align: right;
        font-variant-numeric: tabular-nums;
        color: var(--ink);
        font-weight: 600;
        padding: 2px 4px;
      }
      .of {
        min-width: 6ch; /* what follows stays where it is while a run is opened */
        white-space: nowrap;
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
        min-width: 14em;
        font-variant-numeric: tabular-nums;
      }
      .more {
        display: none;
      }
      @media (max-width: 1599px) {
        .inner {
          display: none;
        }
      }
      @media (max-width: 1399px) {
        .name,
        .speed span {
          position: absolute;
          clip-path: inset(50%);
        }
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
        label {
          gap: 5px;
          font-size: 13px;
        }
        input {
          width: calc(max(4, var(--digits)) * 1ch + 22px);
          appearance: textfield; /* no room for arrows beside the digits */
        }
        input::-webkit-inner-spin-button {
          appearance: none;
        }
        .speed {
          margin: 0;
        }
        .jump > span:first-child {
          position: absolute;
          clip-path: inset(50%);
        }
        .more {
          display: block;
        }
        .rest {
          order: 1;
          flex-wrap: wrap;
          justify-content: space-between;
          gap: 6px;
          width: 100%;
        }
        .marks,
        .loop {
          gap: 3px;
        }
        .rest:not(.open) {
          display: none;
        }
        .rest button {
          min-height: 32px;
          min-width: 32px;
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
  @property({ attribute: false }) markers: Markers = NO_MARKERS;
  @property({ attribute: false }) loop: Loop | null = null;
  /** The chart is shown. */
  @property({ type: Boolean }) chart = false;
  @state() private isMore = false;
  /** Where the focus was before a key brought it to the number of an operation. */
  private from: HTMLElement | null = null;

  override render() {
    const { ui } = this.texts;
    const { entry, inner } = this.place;
    const isStart = entry === 0 && inner === 0;
    const isEnd = entry >= this.length;
    const play = this.playing ? ui.pause : this.speed === BY_KEY ? ui.playByKey : ui.play;
    return html`
      <div class="buttons" part="buttons">
        ${this.button('first', ui.first, isStart)} ${this.button('back', ui.back, isStart)}
        ${this.button('play', play, false, this.playing ? 'pause' : 'play')}
        ${this.button('step', ui.step, isEnd)} ${this.button('into', ui.into, isEnd)} ${this.button('over', ui.over, isEnd)}
        ${this.button('last', ui.last, isEnd)}
      </div>
      <label class="jump"><span>${ui.jump}</span>
        <input type="number" style="--digits: ${String(this.first + this.length).length}" min=${this.first} max=${this.first + this.length} .value=${String(this.first + entry)} @change=${this.jump} @keydown=${this.typed} @blur=${() => {
          this.from = null;
        }} />
        <span class="of">${ui.of(this.first + this.length)}</span>
      </label>
      <span class="inner">${inner > 0 ? ui.inner(inner, this.total) : nothing}</span>
      <button class="more" aria-expanded=${this.isMore} @click=${this.toggleMore}>${ui.moreControls}</button>
      <div class="rest ${this.isMore ? 'open' : ''}">
        ${this.loopGroup()}
        <button aria-expanded=${this.chart} title=${ui.chartTitle} @click=${() => this.dispatchEvent(new CustomEvent('pf-chart', { bubbles: true, composed: true }))}>${icon('chart')}<span class="name">${ui.chart}</span></button>
        ${this.markGroup()}
      </div>
      <label class="speed"><span>${ui.speed}</span>
        <select @change=${this.pace} @keydown=${keepKey}>
          ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed === BY_KEY ? ui.byKey : ui.perSecond(speed)}</option>`)}
        </select>
      </label>
    `;
  }

  /** How many operations stand out, by kind, and the way from one to the next. */
  private markGroup() {
    const { ui } = this.texts;
    const { counts, entries } = this.markers;
    if (entries.length === 0) return nothing;
    const kinds = MARKER_KINDS.filter((kind) => counts[kind] > 0);
    return html`<div class="marks" role="group" aria-label=${ui.markers}>
      ${this.button('previous-mark', ui.previousMark, previousMarker(this.markers, this.place) === null, 'up')}
      ${kinds.map((kind) => html`<span class="count" title=${ui.markerCounts[kind](counts[kind])}>${markerIcon(kind)}<span aria-hidden="true">${counts[kind]}</span><span class="unseen">${ui.markerCounts[kind](counts[kind])}</span></span>`)}
      ${this.button('next-mark', ui.nextMark, nextMarker(this.markers, this.place) === null, 'down')}
    </div>`;
  }

  private loopGroup() {
    const { ui } = this.texts;
    const { loop, first, place } = this;
    return html`<div class="loop" role="group" aria-label=${ui.loop}>
      ${this.button('loop-from', ui.loopFrom, place.entry >= this.length, 'from')}
      ${loop ? html`<span title=${ui.loops(first + loop.from, first + loop.to)}>${digits(first + loop.from)}–${digits(first + loop.to)}</span>` : nothing}
      ${this.button('loop-to', ui.loopTo, place.entry === 0, 'to')}
      ${loop ? this.button('loop-off', ui.loopOff, false, 'off') : nothing}
    </div>`;
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

  private toggleMore(): void {
    this.isMore = !this.isMore;
  }

  /** To the field for the number of an operation; Enter and Escape lead back to `from`. */
  focusJump(from: HTMLElement): void {
    const input = this.renderRoot.querySelector('input');
    input?.focus();
    input?.select();
    this.from = from;
  }

  /** Keys typed into the field are the field's. */
  private typed(event: KeyboardEvent): void {
    event.stopPropagation();
    const input = event.target as HTMLInputElement;
    const { from } = this;
    if (event.key === 'Escape') input.value = String(this.first + this.place.entry);
    if (event.key !== 'Escape' && !(event.key === 'Enter' && from)) return;
    input.blur(); // which tells of a change
    from?.focus();
  }

  private jump(event: Event): void {
    const input = event.target as HTMLInputElement;
    if (input.value === '') {
      input.value = String(this.first + this.place.entry); // no number leads nowhere
      return;
    }
    const entry = Math.min(this.length, Math.max(0, Math.round(input.valueAsNumber) - this.first));
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
    'pf-chart': CustomEvent<undefined>;
  }
}
