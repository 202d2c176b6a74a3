import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { CodeEntry, FromWorker, SourceInfo, View } from '../protocol.ts';
import type { CallWords } from '../words/calls.ts';
import { beside, CodeRows, partText, type Row } from './code-rows.ts';
import { ShellElement, shared } from './element.ts';
import type { Session } from './session.ts';

/** CSS pixels: a row is as high as a target must be. */
const ROW = 24;
/** Browsers cannot scroll farther than some dozen million pixels: in a longer run a pixel stands for more. */
const MOST_PIXELS = 8_000_000;
/** Entries asked for around those in sight. */
const AROUND = 40;

type Code = Extract<FromWorker, { type: 'code' }>;

/**
 * The run as C, the current line marked, results and errors beside it. Of a long run only what is in sight is there.
 *
 * @fires pf-go
 * @csspart code
 */
@customElement('pf-code')
export class CodeView extends ShellElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .scroll {
        position: relative;
        flex: 1;
        min-height: 144px;
        overflow: auto;
        margin-top: 4px;
        border-top: 1px solid var(--line);
        overflow-anchor: none;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        width: max-content;
        min-width: 100%;
      }
      li {
        display: flex;
        align-items: baseline;
        gap: 4px;
        height: ${ROW}px;
        padding-right: 8px;
        font: 12.5px / ${ROW}px var(--mono);
        white-space: pre;
        tab-size: 4;
      }
      li.current {
        background: var(--wash);
        box-shadow: inset 3px 0 var(--accent);
      }
      .number {
        flex: none;
        min-width: 2.6em;
        text-align: right;
        font-size: 11px;
        color: var(--muted);
      }
      .future {
        color: var(--muted);
      }
      button {
        border: 0;
        border-radius: 0;
        padding: 0 4px;
        min-height: ${ROW}px;
        text-align: left;
        white-space: pre;
        tab-size: 4;
      }
      button:hover {
        background: var(--wash);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      .text {
        padding: 0 4px;
      }
      .beside {
        color: var(--muted);
        font-size: 12px;
      }
      .wrong {
        color: var(--mark);
      }
      .none {
        color: var(--muted);
        padding-top: 6px;
        font-size: 13px;
      }
    `,
  ];

  session!: Session;
  @property({ attribute: false }) words!: CallWords;
  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @state() private rows: CodeRows | null = null;
  @state() private top = 0;
  @state() private height = 0;
  /** The entry that the keyboard is at; null: the current one. */
  @state() private focused: number | null = null;
  @query('.scroll') private scroller!: HTMLElement | null;
  private readonly known = new Map<number, CodeEntry>();
  /** What was asked for last, and not answered yet. */
  private asked: [from: number, count: number] | null = null;
  private wantsFocus = false;
  private readonly abort = new AbortController();
  private readonly resized = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.abort;
    this.session.addEventListener('code', (event) => this.take((event as CustomEvent<Code>).detail), { signal });
    for (const change of ['opened', 'edited']) this.session.addEventListener(change, () => this.forget(), { signal });
    this.ask(0, AROUND);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort.abort();
    this.resized.disconnect();
  }

  /** The current line gets it, as soon as it is there. */
  override focus(): void {
    this.wantsFocus = true;
    this.requestUpdate();
  }

  private forget(): void {
    this.known.clear();
    this.asked = null;
    this.focused = null;
    const { entry } = this.session.place;
    this.ask(Math.max(0, entry - AROUND), 2 * AROUND);
  }

  private ask(from: number, count: number): void {
    if (!this.session.source || this.session.source.trace) return;
    this.asked = [from, count];
    this.session.post({ type: 'code', from, count });
  }

  private take({ kinds, unnamed, names, from, entries }: Code): void {
    const { source } = this.session;
    this.asked = null;
    if (this.known.size > 64 * AROUND) this.known.clear();
    for (const entry of entries) this.known.set(entry.entry, entry);
    if (this.rows?.entries !== kinds.length || this.known.size <= entries.length)
      this.rows = new CodeRows([source?.about || source?.name, source?.kernel?.name].join(', '), kinds, unnamed, names);
    this.requestUpdate();
    if (from === 0 && this.height === 0) void this.updateComplete.then(() => this.measure());
  }

  private measure(): void {
    this.height = this.scroller?.clientHeight ?? 0;
  }

  // ------------------------------------------------------------------ rows and pixels

  /** Pixels of all rows, as far as they can be scrolled. */
  private get pixels(): number {
    return Math.min(MOST_PIXELS, (this.rows?.total ?? 0) * ROW);
  }

  /** Rows that a pixel of scrolling goes past. */
  private get rowsPerPixel(): number {
    const rows = Math.max(1, (this.rows?.total ?? 0) - this.height / ROW);
    return rows / Math.max(1, this.pixels - this.height);
  }

  private get isScaled(): boolean {
    return (this.rows?.total ?? 0) * ROW > MOST_PIXELS;
  }

  private get firstRow(): number {
    return Math.floor(this.isScaled ? this.top * this.rowsPerPixel : this.top / ROW);
  }

  private get shownRows(): number {
    return Math.ceil(Math.max(this.height, 6 * ROW) / ROW) + 1;
  }

  /** Brings an entry's rows into sight, and nothing moves where they are. */
  private reveal(entry: number, rows = 3): void {
    const { scroller } = this;
    if (!scroller || !this.rows) return;
    const row = this.rows.rowOf(entry);
    if (row > this.firstRow && row + rows <= this.firstRow + this.shownRows - 1) return;
    const goal = Math.max(0, row - Math.floor(this.shownRows / 2));
    scroller.scrollTop = this.isScaled ? goal / this.rowsPerPixel : goal * ROW;
    this.top = scroller.scrollTop;
  }

  // ------------------------------------------------------------------ the page

  override render() {
    const { words } = this;
    const title = html`<h2>${words.code}</h2>`;
    if (this.source?.trace) return html`${title}<p class="none">${words.codeOfTrace}</p>`;
    const { rows } = this;
    const first = rows ? Math.min(this.firstRow, Math.max(0, rows.total - 1)) : 0;
    const end = rows ? Math.min(rows.total, first + this.shownRows) : 0;
    const shown = rows ? Array.from({ length: end - first }, (_, i) => rows.at(first + i)) : [];
    const offset = this.isScaled ? this.top : first * ROW;
    return html`${title}<div class="scroll" part="code" role="region" aria-label=${words.code} @scroll=${this.scrolled} @keydown=${this.key}>
      <ol style="height: ${this.pixels}px; padding-top: ${Math.min(offset, this.pixels)}px" aria-label=${words.code}>${shown.map((row) => this.row(row))}</ol>
    </div>`;
  }

  private get current(): number {
    return this.view?.eventsEntry ?? -1;
  }

  private row(row: Row) {
    if ('text' in row) return html`<li><span class="number"></span><span class="text">${row.text}</span></li>`;
    const { entry, part } = row;
    const told = this.known.get(entry);
    const kernel = this.source?.kernel ?? null;
    const isCurrent = entry === this.current;
    const style = `${isCurrent ? 'current' : ''} ${entry > this.current ? 'future' : ''}`;
    const text = told ? partText(told, part, kernel) : '';
    const said = told ? beside(told, kernel, this.words.outcomes, part) : null;
    const comment = said?.text
      ? html`<span class="beside ${said.isWrong ? 'wrong' : ''}" aria-hidden=${part === 0 ? 'true' : nothing}>/* ${said.text} */</span>`
      : nothing;
    if (part > 0)
      return html`<li class=${style}><span class="number"></span><span class="text">${text}</span>${comment}</li>`;
    const number = (this.source?.first ?? 0) + entry + 1;
    return html`<li class=${style}><span class="number" aria-hidden="true">${number}</span><button data-entry=${entry}
      tabindex=${entry === this.stop ? 0 : -1} aria-current=${isCurrent ? 'step' : nothing} aria-label="${number}. ${text.trim()} ${said?.text}"
      @click=${() => this.tell('pf-go', { entry: entry + 1, inner: 0 })}>${text}</button>${comment}</li>`;
  }

  /** The one line that Tab comes to. */
  private get stop(): number {
    const first = this.rows?.entryAt(this.firstRow) ?? 0;
    const last = (this.rows?.entryAt(this.firstRow + this.shownRows) ?? 0) - 1;
    const wanted = this.focused ?? this.current;
    return wanted >= first && wanted <= last ? wanted : first;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) this.focused = null;
  }

  override updated(changed: PropertyValues): void {
    const { scroller } = this;
    if (scroller && changed.has('rows')) this.resized.observe(scroller);
    if (changed.has('view') || changed.has('rows') || changed.has('height')) this.reveal(Math.max(0, this.current));
    this.fetch();
    const line = this.wantsFocus ? this.renderRoot.querySelector<HTMLElement>('button[tabindex="0"]') : null;
    if (!line) return;
    this.wantsFocus = false;
    line.focus({ preventScroll: true });
  }

  /** Asks for what is in sight and not known. */
  private fetch(): void {
    const { rows, firstRow } = this;
    if (!rows || this.asked) return;
    const first = rows.entryAt(firstRow);
    const last = Math.min(rows.entries, rows.entryAt(firstRow + this.shownRows) + 1);
    for (let entry = first; entry < last; entry++)
      if (!this.known.has(entry)) return this.ask(Math.max(0, first - AROUND), last - first + 2 * AROUND);
  }

  private scrolled(): void {
    this.top = this.scroller?.scrollTop ?? 0;
  }

  private key(event: KeyboardEvent): void {
    const { rows } = this;
    const page = Math.max(1, this.shownRows - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (step === undefined || !rows || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.focused = Math.min(rows.entries - 1, Math.max(0, this.stop + step));
    this.wantsFocus = true;
    this.reveal(this.focused);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-code': CodeView;
  }
}
