/**
 * Lists of blocks as lanes, one an order, the head at the left; and where an order has a list for each migratetype, a table of how
 * many blocks each holds, in which a type is chosen.
 */
import { type CSSResultGroup, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { listOf } from '../core/kernel.ts';
import type { ListView, SourceInfo, View, ZoneView } from '../protocol.ts';
import { gatherFacts, num } from '../words/facts.ts';
import { hex } from '../words/parts.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';

/** A list and what it is for. */
export interface Listed extends ListView {
  /** Its number in the zone (KernelInfo.nrLists). */
  number: number;
  order: number;
  /** Migratetypes of its blocks. */
  types: readonly number[];
}

/** What a digit of a block's number takes, and how much wider a block is than one of the order below. */
const DIGIT = 6.1;
const WIDER = 4;

/** Each block once, and to which it leads back; null where the list does not run in a circle. */
export function unrolled({ blocks, end }: Pick<ListView, 'blocks' | 'end'>): { blocks: number[]; back: number | null } {
  if (end !== 'loop') return { blocks, back: null };
  const seen = new Set<number>();
  for (const pfn of blocks) {
    if (seen.has(pfn)) return { blocks: [...seen], back: pfn };
    seen.add(pfn);
  }
  return { blocks, back: null };
}

/** What an operation did to lists, by their numbers in the zone. */
export interface Changes {
  /** Lists that it changed, with the blocks that it put there. */
  added: ReadonlyMap<number, ReadonlySet<number>>;
  /** The type of the list that it used last; null where it used none. */
  type: number | null;
}

/** What the events shown did to lists of the zone. */
export function changedLists(
  view: Pick<View, 'events' | 'happened' | 'operation'>,
  source: Pick<SourceInfo, 'kernel'> | null,
  zone: number,
): Changes {
  const kernel = source?.kernel ?? null;
  const facts = gatherFacts([...view.operation, ...view.events], kernel);
  const added = new Map<number, Set<number>>();
  let latest: number | null = null;
  for (const event of view.events.slice(0, view.happened)) {
    if (!event.kind.startsWith('list_') || num(event, 'zone') !== zone) continue;
    const { number } = facts.list(event);
    if (number === null) continue;
    latest = number;
    const blocks = added.get(number) ?? new Set();
    if (event.kind !== 'list_del') blocks.add(num(event, 'pfn'));
    added.set(number, blocks);
  }
  return { added, type: kernel && latest !== null ? (listOf(kernel, latest).types[0] ?? null) : null };
}

/** The zone's lists by order, or a CPU's: those of the type chosen, which is the one that the operation used last until another is picked. */
export abstract class LanesElement extends PageElement {
  static override styles: CSSResultGroup = [
    shared,
    css`
      section {
        margin-bottom: 12px;
      }
      p {
        color: var(--muted);
        font-size: 12.5px;
        line-height: 17px;
      }
      .lane {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr) 44px;
        align-items: center;
        height: 25px;
        border-bottom: 1px solid var(--line);
        font: 11.5px var(--mono);
        color: var(--muted);
      }
      .order {
        text-align: right;
        padding-right: 6px;
      }
      .number {
        text-align: right;
        color: var(--ink);
      }
      .blocks {
        display: flex;
        align-items: center;
        gap: 2px;
        height: 24px;
        overflow: auto hidden;
        scrollbar-width: none; /* it would hide the blocks: a shade at the end says that there are more */
      }
      .blocks.long {
        mask-image: linear-gradient(to right, #000 calc(100% - 22px), transparent);
      }
      .block {
        flex: none;
        min-width: 24px;
        min-height: 24px;
        height: 24px;
        padding: 0;
        border: 0 solid transparent;
        border-width: 3px 0;
        border-radius: 0;
        background: var(--buddy) padding-box;
        box-shadow: none;
        position: relative;
        font-size: 10px;
        color: var(--ink);
      }
      .block::after {
        content: '';
        position: absolute;
        inset: 0;
        border: 1px solid var(--buddy-line);
      }
      .block.new::after {
        border: 2px solid var(--accent);
      }
      .block:hover::after {
        border-color: var(--ink);
      }
      .block:focus-visible {
        outline-offset: -3px;
      }
      .broken {
        flex: none;
        color: var(--mark);
      }
      .many {
        flex: none;
        padding: 0 4px;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        margin: 2px 0 6px;
        font: 11.5px var(--mono);
      }
      th,
      td {
        padding: 0 2px;
        font-weight: 400;
        text-align: right;
        height: 24px;
        min-width: 18px;
        color: var(--ink);
      }
      thead th {
        height: 16px;
        color: var(--muted);
      }
      th:first-child {
        text-align: left;
      }
      td.none {
        color: var(--muted);
      }
      td.new {
        color: var(--accent);
        font-weight: 600;
      }
      tbody tr {
        border-top: 1px solid var(--line);
      }
      tbody tr:has([aria-pressed='true']) {
        background: var(--wash);
      }
      th button {
        width: 100%;
        min-height: 24px;
        padding: 0 6px 0 2px;
        border: 0;
        border-left: 3px solid transparent;
        border-radius: 0;
        text-align: left;
        font: 12px var(--plain);
        color: var(--muted);
      }
      th button[aria-pressed='true'] {
        color: var(--ink);
        font-weight: 600;
        border-color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  /** The zone to show. */
  @property({ attribute: false }) zone: ZoneView | null = null;
  /** The type that the viewer picked; null: that of the operation. */
  @state() private picked: number | null = null;

  protected get typeNames(): readonly string[] {
    return this.source?.kernel?.typeNames ?? [];
  }

  /** The lists as lanes, those of one type where there are several. */
  protected lanes(lists: readonly Listed[], { added, type: used }: Changes, name: string) {
    const types = [...new Set(lists.flatMap(({ types }) => types))].sort((a, b) => a - b);
    const type = this.picked ?? used ?? lists.find(({ length }) => length > 0)?.types[0] ?? 0;
    // Which lists are empty the table tells already.
    const shown = lists.filter((list) => list.types.includes(type) && (types.length === 1 || list.length > 0));
    return html`${types.length > 1 ? this.matrix(lists, types, type, added, name) : nothing}
      <div @click=${this.pickBlock} @pointerover=${this.showBlock} @focusin=${this.showBlock} @pointerleave=${this.hideBlock} @focusout=${this.hideBlock}
        @keydown=${this.key}>${[...shown].reverse().map((list) => this.lane(list, added.get(list.number)))}</div>`;
  }

  /** Blocks by type and order, as in /proc/pagetypeinfo. */
  private matrix(
    lists: readonly Listed[],
    types: readonly number[],
    chosen: number,
    added: ReadonlyMap<number, unknown>,
    name: string,
  ) {
    const { lanes } = this.texts.words.panels;
    const orders = [...new Set(lists.map(({ order }) => order))];
    const cell = (type: number, order: number) => {
      const list = lists.find((one) => one.order === order && one.types.includes(type));
      const look = `${list && added.has(list.number) ? 'new' : ''} ${list?.length ? '' : 'none'}`;
      return html`<td class=${look}>${list ? digits(list.length) : nothing}</td>`;
    };
    return html`<div class="scroll" role="region" tabindex="0" aria-label=${lanes.table(name)}><table>
      <thead><tr><th scope="col">${lanes.type}</th>${orders.map((order) => html`<th scope="col">${order}</th>`)}</tr></thead>
      <tbody>${types.map(
        (
          type,
        ) => html`<tr><th scope="row"><button aria-pressed=${type === chosen} @click=${() => this.pickType(type)}>${this.typeNames[type]}</button></th>
          ${orders.map((order) => cell(type, order))}</tr>`,
      )}</tbody></table></div>`;
  }

  /** The same type once more: back to that of each operation. */
  private pickType(type: number): void {
    this.picked = this.picked === type ? null : type;
  }

  private lane(list: Listed, added: ReadonlySet<number> = new Set()) {
    const { ui } = this.texts;
    const { blocks, back } = unrolled(list);
    const { lanes } = this.texts.words.panels;
    const more = list.end === 'whole' ? list.length - blocks.length : 0;
    const wide = (pfn: number): string =>
      `width:${Math.max(24, Math.ceil(pfn.toString(16).length * DIGIT) + 5) + WIDER * list.order}px`;
    const broken = list.end === 'whole' ? '' : ui.listEnd[list.end];
    const types = list.types.map((type) => this.typeNames[type]).filter(Boolean);
    const said = [[ui.order(list.order), ...types].join(' '), ui.blocks(list.length), broken]
      .filter(Boolean)
      .join(', ');
    return html`<div class="lane"><span class="order" aria-hidden="true">${list.order}</span>
      <div class="blocks ${blocks.length > 4 ? 'long' : ''}" role="toolbar" aria-label=${said}>${blocks.map(
        (
          pfn,
          i,
        ) => html`<button class="block ${added.has(pfn) ? 'new' : ''}" style=${wide(pfn)} data-pfn=${pfn} data-order=${list.order}
          tabindex=${i === 0 ? 0 : -1} aria-label=${hex(pfn)}>${pfn.toString(16)}</button>`,
      )}${more > 0 ? html`<span class="many">${lanes.more(more)}</span>` : nothing}${
        broken === ''
          ? nothing
          : html`<span class="broken">${back === null ? broken : lanes.back(broken, hex(back))}</span>`
      }</div>
      <span class="number" aria-hidden="true">${back === null ? digits(list.length) : '∞'}</span></div>`;
  }

  private blockOf({ target }: Event): HTMLElement | null {
    return target instanceof Element ? target.closest<HTMLElement>('.block') : null;
  }

  private pickBlock(event: Event): void {
    const block = this.blockOf(event);
    if (block) this.tell('pf-pick', Number(block.dataset.pfn));
  }

  private showBlock(event: Event): void {
    const block = this.blockOf(event);
    if (block) this.mark([Number(block.dataset.pfn), 2 ** Number(block.dataset.order)]);
  }

  private hideBlock(): void {
    this.mark(null);
  }

  /** Arrow keys go along a lane; Tab goes from lane to lane. */
  private key(event: KeyboardEvent): void {
    const block = this.blockOf(event);
    const lane = [...(block?.parentElement?.querySelectorAll<HTMLElement>('.block') ?? [])];
    const at = block ? lane.indexOf(block) : -1;
    const goal = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: lane.length - 1 }[event.key];
    if (at < 0 || goal === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    lane[Math.min(Math.max(0, goal), lane.length - 1)]?.focus();
  }
}
