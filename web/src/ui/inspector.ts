import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { MARKS, STATES } from '../generated/tables.ts';
import type { FrameView, KernelInfo, View } from '../protocol.ts';
import { hex } from '../words/parts.ts';
import { PageElement, shared } from './element.ts';
import { placeOf } from './per-cpu-lists.ts';
import type { Inspection } from './session.ts';

/**
 * What one frame holds, and which operations had it.
 *
 * @fires pf-go
 */
@customElement('pf-inspector')
export class Inspector extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow: auto;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(84px, auto) 1fr;
        gap: 0 12px;
        margin: 4px 0 0;
        font: 12.5px / 19px var(--mono);
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .bad {
        color: var(--mark);
      }
      p {
        color: var(--muted);
        font-size: 13px;
        margin-top: 4px;
      }
      .why {
        color: var(--ink);
        line-height: 18px;
      }
      .why.bad {
        color: var(--mark);
      }
    `,
  ];

  @property({ attribute: false }) kernel: KernelInfo | null = null;
  @property({ attribute: false }) inspection: Inspection | null = null;
  @property({ attribute: false }) view: View | null = null;
  /** Operations before the timeline begins. */
  @property({ type: Number }) first = 0;

  override render() {
    const { ui } = this.texts;
    const frame = this.inspection?.frame;
    if (!frame) return nothing;
    const name = STATES[frame.state] ?? 'unknown';
    const isBlock = name === 'allocated' || name === 'lost';
    const rows: [string, unknown][] = [
      [ui.state, ui.states[name]],
      [ui.zone, this.zone(frame)],
      [ui.count, this.counted(frame)],
      [ui.block, isBlock ? ui.blockIs(frame.order, hex(frame.head)) : nothing],
      [ui.owner, isBlock ? this.owner(frame.owner) : nothing],
      [ui.history, this.history()],
      [ui.physical, hex(frame.pfn * 4096)],
      [ui.virtual, this.kernel?.pageOffset ? hex(frame.pfn * 4096 + this.kernel.pageOffset) : nothing],
    ];
    const shown = rows.filter(([, value]) => value !== nothing);
    const list = html`<dl>${shown.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
    const why = html`<p class="why ${frame.marks || (frame.count ?? 0) < 0 ? 'bad' : ''}">${this.why(frame)}</p>`;
    return html`<h2>${ui.frame(hex(frame.pfn))}</h2>${keyed(frame.pfn, why)}${keyed(shown.map(([term]) => term).join(), list)}`;
  }

  private onList({ pfn, state }: FrameView) {
    return this.view && STATES[state] === 'pcp' ? placeOf(this.view, pfn) : null;
  }

  private counted({ count, reserved }: FrameView) {
    if (count === undefined) return nothing;
    const text = `${count < 0 ? '−' : ''}${Math.abs(count)}${reserved ? `, ${this.texts.ui.isReserved}` : ''}`;
    return count < 0 ? html`<span class="bad">${text}</span>` : text;
  }

  private zone({ zone, node }: FrameView) {
    if (!zone) return nothing;
    return node === undefined ? zone : this.texts.words.zoneOfNode(zone, node);
  }

  private why(frame: FrameView): string {
    const on = frame.marks === 0 ? this.onList(frame) : null;
    if (on) return this.texts.ui.pcp.why(on.list, on.place);
    const latest = this.inspection?.history.at(-1)?.kind ?? '';
    const marks = MARKS.filter((_, bit) => frame.marks & (1 << bit));
    return this.texts.words.why(STATES[frame.state] ?? 'unknown', frame, marks, latest);
  }

  private owner(operation: number) {
    if (operation <= 0) return this.texts.ui.nobody;
    const entry = operation - 1 - this.first;
    if (entry < 0) return this.texts.ui.byOperation(operation);
    return this.operation(entry, this.texts.ui.byOperation);
  }

  private operation(entry: number, name: (number: number) => string) {
    return html`<button class="link" @click=${() => this.tell('pf-go', { entry: entry + 1, inner: 0 })}>${name(this.first + entry + 1)}</button>`;
  }

  private history() {
    const entries = [...new Set(this.inspection?.history.map(({ entry }) => entry))].slice(-8);
    return entries.length > 0
      ? html`${entries.map((entry, i) => html`${i > 0 ? ', ' : nothing}${this.operation(entry, this.texts.ui.operation)}`)}`
      : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-inspector': Inspector;
  }
}
