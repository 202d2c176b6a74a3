import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { MARKS, STATES } from '../generated/tables.ts';
import type { FrameView, KernelInfo, Touch, View } from '../protocol.ts';
import { gatherFacts } from '../words/facts.ts';
import { pageblockText, pageblockWords } from '../words/pageblocks.ts';
import { hex } from '../words/parts.ts';
import type { UiWords } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';
import { physicalOf, targetOf, virtualOf } from './frame-facts.ts';
import { freePlace } from './list-place.ts';
import { type PcpLane, placeOf } from './per-cpu-lists.ts';
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
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
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
    const { ui, lang } = this.texts;
    const frame = this.inspection?.frame;
    if (!frame) return nothing;
    const name = STATES[frame.state] ?? 'unknown';
    const isHeld = name === 'allocated' || name === 'lost';
    const isBlock = isHeld || name === 'buddy';
    const rows: [string, unknown][] = [
      [ui.state, ui.states[name]],
      [ui.zone, frame.zone || nothing],
      [ui.node, frame.zone ? (frame.node ?? 0) : nothing],
      [ui.physical, hex(physicalOf(frame.pfn))],
      [ui.virtual, this.virtual(frame)],
      [ui.count, this.counted(frame)],
      [ui.flags, this.flags(frame)],
      [ui.block, isBlock ? ui.blockIs(frame.order, hex(frame.head)) : nothing],
      [ui.list, this.list(frame)],
      [this.texts.words.panels.frame.links, this.links(frame)],
      [
        pageblockWords(lang).block,
        frame.block ? pageblockText(lang, this.kernel?.typeNames ?? [], frame.block) : nothing,
      ],
      [ui.owner, isHeld || frame.marks !== 0 ? this.owner(frame.owner, name) : this.bootOwner(name)],
      [ui.history, this.history(this.inspection?.history ?? [])],
    ];
    const shown = rows.filter(([, value]) => value !== nothing);
    const list = html`<dl>${shown.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
    const why = html`<p class="why ${frame.marks || (frame.count ?? 0) < 0 ? 'bad' : ''}">${this.why(frame)}</p>`;
    return html`<h2>${ui.frame(hex(frame.pfn))}</h2>${keyed(frame.pfn, why)}${keyed(shown.map(([term]) => term).join(), list)}`;
  }

  private onList({ pfn, state }: FrameView) {
    return this.view && STATES[state] === 'pcp' ? placeOf(this.view, pfn) : null;
  }

  private counted({ count }: FrameView) {
    if (count === undefined) return nothing;
    return count < 0 ? html`<span class="bad">−${-count}</span>` : count;
  }

  private flags({ reserved, mapped }: FrameView) {
    if (reserved === undefined) return nothing;
    const { ui } = this.texts;
    return [reserved ? 'PG_reserved' : '', mapped ? ui.mapped : ''].filter(Boolean).join(', ') || ui.noFlags;
  }

  private virtual(frame: FrameView) {
    const { frame: words } = this.texts.words.panels;
    if (!this.kernel) return nothing;
    const where = virtualOf(frame, this.kernel);
    if (where === 'none') return words.noVirtual;
    return 'address' in where ? hex(where.address) : words.directMap(hex(where.offset));
  }

  /** The frame's own links, where it has any. */
  private links({ next, prev }: FrameView) {
    if (next === undefined || prev === undefined || !this.kernel) return nothing;
    const [forth, back] = [this.linked(next), this.linked(prev)];
    return forth === 'NULL' && back === 'NULL' ? nothing : this.texts.words.panels.frame.linked(forth, back);
  }

  private linked(link: number): string {
    const { kernel, texts } = this;
    if (!kernel) return '';
    const to = targetOf(link, kernel);
    if (typeof to === 'string') return to;
    if ('pfn' in to) return hex(to.pfn);
    const zone = (kernel.nrNodes ?? 1) > 1 ? texts.words.zoneOfNode(to.zone, to.node) : to.zone;
    const list = to.cpu === null ? this.named(to.order, to.types) : this.cpuList({ ...to, cpu: to.cpu });
    return texts.words.panels.frame.head(list, zone);
  }

  /** The list that it lies on, and where: of a free block, the list of its order. */
  private list(frame: FrameView) {
    const { ui } = this.texts;
    const on = this.onList(frame);
    if (on) return ui.listPlace(this.cpuList(on.list), on.place, on.list.length);
    const free = this.view && STATES[frame.state] === 'buddy' ? freePlace(this.view, frame.head, frame.order) : null;
    return free ? ui.listPlace(this.named(frame.order, [free.type]), free.place, free.length) : nothing;
  }

  /** "order 3 (Movable)"; without the type where an order has one list. */
  private named(order: number, types: readonly number[]): string {
    const names = types.map((type) => this.kernel?.typeNames[type]).filter(Boolean);
    return names.length > 0 ? `${this.texts.ui.order(order)} (${names.join(', ')})` : this.texts.ui.order(order);
  }

  private cpuList({ cpu, cold, order, types }: Pick<PcpLane, 'cpu' | 'cold' | 'order' | 'types'>): string {
    const { ui, words } = this.texts;
    return this.kernel?.typeNames.length
      ? `${words.panels.cpus.name(cpu)}, ${this.named(order, types)}`
      : ui.pcp.name(cpu, cold);
  }

  private why(frame: FrameView): string {
    const on = frame.marks === 0 ? this.onList(frame) : null;
    if (on && this.kernel?.typeNames.length)
      return this.texts.words.panels.cpus.why(this.cpuList(on.list), on.place, on.list.length);
    if (on) return this.texts.ui.pcp.why(on.list, on.place);
    const latest = this.inspection?.history.at(-1)?.kind ?? '';
    const marks = MARKS.filter((_, bit) => frame.marks & (1 << bit));
    const state = STATES[frame.state] ?? 'unknown';
    const boot = this.givenAtBoot(state);
    return this.texts.words.why(state, frame, marks, latest, boot ? this.first + boot.entry + 1 : 0);
  }

  /** Where the boot allocator gave out a reserved frame; null: it did not. */
  private givenAtBoot(state: string): Touch | null {
    const history = this.inspection?.history ?? [];
    const given = history.findLast(({ kind }) => kind === 'boot_handed_out');
    const cleared = history.findLast(({ kind }) => kind === 'boot_bits_cleared');
    return state === 'reserved' && given && given.entry >= (cleared?.entry ?? 0) ? given : null;
  }

  private bootOwner(state: string) {
    const given = this.givenAtBoot(state);
    return given ? html`${this.operation(given.entry, this.texts.ui.byOperation)}: ${given.op}` : nothing;
  }

  private owner(operation: number, state: keyof UiWords['states']) {
    // Somebody has it since before the run, or nobody has it.
    if (operation <= 0) return state === 'allocated' ? this.texts.ui.states.unknown : this.texts.ui.nobody;
    const entry = operation - 1 - this.first;
    if (entry < 0) return this.texts.ui.byOperation(operation);
    const call = this.inspection?.call ?? [];
    const link = this.operation(entry, this.texts.ui.byOperation);
    return call.length > 0 ? html`${link}: ${gatherFacts(call, this.kernel).call.text}` : link;
  }

  private operation(entry: number, name: (number: number) => string) {
    return html`<button class="link" @click=${() => this.tell('pf-go', { entry: entry + 1, inner: 0 })}>${name(this.first + entry + 1)}</button>`;
  }

  /** The latest first; what one operation did to it stands in one line. */
  private history(touches: readonly Touch[]) {
    if (touches.length === 0) return nothing;
    const byEntry = new Map<number, { op: string; kinds: Set<string> }>();
    for (const { entry, kind, op } of touches) {
      const known = byEntry.get(entry) ?? { op, kinds: new Set() };
      byEntry.set(entry, { op, kinds: known.kinds.add(kind) });
    }
    const { ui } = this.texts;
    return html`<ol>${[...byEntry].reverse().map(([entry, { op, kinds }]) => {
      const what = [...kinds].map((kind) => ui.touched[kind as keyof typeof ui.touched] ?? kind).join(', ');
      return html`<li>${this.operation(entry, ui.operation)} ${op}: ${what}</li>`;
    })}</ol>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-inspector': Inspector;
  }
}
