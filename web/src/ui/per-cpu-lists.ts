import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { cpuListNumber } from '../core/kernel.ts';
import type { KernelInfo, PcpList, PcpView, SourceInfo, View, ZoneView } from '../protocol.ts';
import { gatherFacts, num } from '../words/facts.ts';
import { hex } from '../words/parts.ts';
import { digits, type UiWords } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';
import { unrolled } from './lanes.ts';
import { zoneName } from './zone-name.ts';

const WIDTH = 360;
const RIGHT = 52;
const LANE = 24;
/** Room that a limit's name takes. */
const LABEL = 46;
/** A frame and the gap behind it: no more than this, and less where a list may grow long. */
const STEP = 18;
/** Two CPUs are shown always; of more, those that have frames here or act. */
const FEW = 2;

/** A list with the counter that it shares with others or has for itself. */
export type PcpLane = Omit<PcpView, 'lists'> & PcpList;

/** A zone's CPU lists, one by one. */
const lanesOf = ({ pcp }: Pick<ZoneView, 'pcp'>): PcpLane[] =>
  pcp.flatMap(({ lists, ...counter }) => lists.map((list) => ({ ...counter, ...list })));

/** What the events shown did to one of a CPU's lists, in frames. */
export interface Deeds {
  /** Fetched from the buddy lists, to the tail; given back to them, from there. */
  refilled: number;
  drained: number;
  /** Handed out from the head; put there by who freed them. */
  taken: number;
  put: number;
  /** Frames that came, either way. */
  came: ReadonlySet<number>;
}

/** What happened so far, in the operation shown, to some of a CPU's lists: those of the zone with these numbers. */
export function deedsOf(
  view: Pick<View, 'events' | 'happened' | 'operation'>,
  kernel: KernelInfo | null,
  zone: number,
  numbers: readonly number[],
): Deeds {
  const facts = gatherFacts([...view.operation, ...view.events], kernel);
  const here = view.events.slice(0, view.happened).filter((event) => {
    if (!/^list_|^pcp_(list_)?taken/.test(event.kind) || num(event, 'zone') !== zone) return false;
    const { number } = facts.list(event);
    return number !== null && numbers.includes(number);
  });
  const of = (...kinds: string[]): number[] =>
    here.filter((event) => kinds.includes(event.kind)).map((event) => num(event, 'pfn'));
  const taken = new Set(of('pcp_taken', 'pcp_list_taken'));
  const gone = of('list_del');
  const put = of('list_add');
  const fetched = of('list_add_tail');
  return {
    refilled: fetched.length,
    drained: gone.filter((pfn) => !taken.has(pfn)).length,
    taken: gone.filter((pfn) => taken.has(pfn)).length,
    put: put.length,
    came: new Set([...put, ...fetched]),
  };
}

/** The list as far as it can be shown: of one that runs in a circle, each frame once. */
export function once(list: PcpLane): PcpLane {
  if (list.end !== 'loop') return list;
  const { blocks } = unrolled(list);
  return { ...list, blocks, length: blocks.length };
}

/** Where a frame is on a CPU's list, by its block, from 1; null where it is on none, or further back than is told. */
export function placeOf(view: Pick<View, 'zones'>, pfn: number): { list: PcpLane; place: number } | null {
  for (const zone of view.zones)
    for (const list of lanesOf(zone).map(once)) {
      const at = list.blocks.findIndex((first) => pfn >= first && pfn - first < 2 ** list.order);
      if (at >= 0) return { list, place: at + 1 };
    }
  return null;
}

/** What the events did to CPUs' lists, in words. */
export function didOf({ refilled, drained, taken, put }: Deeds, { pcp }: UiWords): string {
  const said = [
    refilled > 0 ? pcp.did.refilled(refilled) : '',
    drained > 0 ? pcp.did.drained(drained) : '',
    taken > 0 ? pcp.did.taken(taken) : '',
    put > 0 ? pcp.did.put(put) : '',
  ];
  return said.filter((text) => text !== '').join(', ');
}

/** The lists to show: of every CPU where there are few, else of those that hold frames or act. */
export function cpusShown(zone: Pick<ZoneView, 'pcp'>, acting: number): number[] {
  const all = [...new Set(zone.pcp.map(({ cpu }) => cpu))];
  if (all.length <= FEW) return all;
  return all.filter((cpu) => cpu === acting || lanesOf(zone).some((list) => list.cpu === cpu && list.length > 0));
}

/**
 * Each CPU's hot and cold list of a zone: a lane from the head on, with marks where it is refilled and drained.
 *
 * @fires pf-mark
 */
@customElement('pf-per-cpu-lists')
export class PerCpuLists extends PageElement {
  static override styles = [
    shared,
    css`
      p {
        color: var(--muted);
        font-size: 12.5px;
        line-height: 17px;
      }
      .list {
        font-size: 11.5px;
        letter-spacing: -0.015em;
      }
      b {
        font-size: 12px;
      }
      .why {
        letter-spacing: -0.01em;
      }
      .list {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 6px;
        max-width: 460px;
        color: var(--ink);
      }
      .ends {
        margin-left: auto;
        color: var(--muted);
      }
      .did {
        color: var(--accent);
      }
      .wrong {
        color: var(--mark);
      }
      svg {
        display: block;
        width: 100%;
        max-width: 460px;
        height: auto;
        margin-bottom: 2px;
      }
      text {
        font: 9.5px var(--mono);
        fill: var(--muted);
      }
      .broken {
        font-size: 11px;
        fill: var(--mark);
      }
      .lane {
        stroke: var(--line);
      }
      .limit {
        stroke: var(--edge);
        stroke-width: 1.2;
      }
      .frame {
        fill: var(--pcp);
        stroke: var(--pcp-line);
      }
      .frame.tail {
        fill-opacity: 0.45;
        stroke-dasharray: 2 1.4;
      }
      .frame.next {
        stroke: var(--ink);
        stroke-width: 2;
      }
      .frame.new {
        fill: var(--accent);
      }
      .frame.new:not(.next) {
        stroke: var(--accent);
      }
      .frame:hover {
        stroke: var(--ink);
      }
      section {
        margin-bottom: 6px;
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) zone: ZoneView | null = null;

  override render() {
    const { view, zone } = this;
    const { ui } = this.texts;
    if (!view || !zone || zone.pcp.length === 0) return nothing;
    const acting = num(
      view.operation.find(({ kind }) => kind === 'op_begin'),
      'cpu',
    );
    const shown = cpusShown(zone, acting);
    const all = new Set(zone.pcp.map(({ cpu }) => cpu)).size;
    const others = all - shown.length;
    const lists = lanesOf(zone)
      .filter(({ cpu }) => shown.includes(cpu))
      .map(once);
    const step = Math.min(
      STEP,
      (WIDTH - RIGHT) / Math.max(1, ...lists.map(({ high, length }) => Math.max(high, length))),
    );
    return html`<section>
      <h2>${ui.pcpTitle(zoneName(this.texts, view, zone))}</h2>
      <p class="why">${ui.pcpWhy}</p>
      ${lists.map((list) => this.list(view, zone, list, all > 1, step))}
      ${others > 0 ? html`<p>${ui.pcp.others(others)}</p>` : nothing}
    </section>`;
  }

  private list(view: View, zone: ZoneView, list: PcpLane, hasMany: boolean, step: number) {
    const { ui } = this.texts;
    const kernel = this.source?.kernel ?? null;
    const number = kernel ? cpuListNumber(kernel, list.cpu, list.index) : 0;
    const deeds = deedsOf(view, kernel, zone.zone, [number]);
    const name = ui.pcp.name(list.cpu, list.cold);
    const frames = list.blocks.map(hex).join(', ');
    const said = `${name}: ${frames || ui.pcp.empty}. low ${list.low}, high ${list.high}, batch ${list.batch}`;
    return html`<p class="list"><b>${hasMany ? name : ui.pcp.kind(list.cold)}</b><span>${digits(list.length)}</span>${
      list.count === list.length ? nothing : html`<span class="wrong">${ui.pcp.counter(list.count)}</span>`
    }${view.eventsFirst > 0 ? nothing : this.did(deeds)}${this.ends(list)}</p>
      <svg viewBox="0 0 ${WIDTH} ${LANE}" role="img" aria-label=${said} @pointerleave=${() => this.mark(null)}>${this.lane(list, deeds, step)}</svg>`;
  }

  private did(deeds: Deeds) {
    const said = didOf(deeds, this.texts.ui);
    return said === '' ? nothing : html`<span class="did">${said}</span>`;
  }

  /** Which frame is handed out next, and which goes back first. */
  private ends({ blocks, length }: PcpLane) {
    const { ui } = this.texts;
    const [head] = blocks;
    if (head === undefined) return html`<span class="ends">${ui.pcp.empty}</span>`;
    const last = blocks.length === length ? blocks.at(-1) : undefined;
    return html`<span class="ends">${ui.pcp.next} ${this.link(hex(head), [head, 1])}${
      last === undefined || last === head ? nothing : html`, ${ui.pcp.tail} ${this.link(hex(last), [last, 1])}`
    }</span>`;
  }

  private lane({ blocks, length, low, high, batch, end }: PcpLane, { came }: Deeds, step: number) {
    const wide = Math.max(1, step - Math.min(3, step / 3));
    const frame = (pfn: number, i: number) => {
      const kinds = [
        'frame',
        i === 0 ? 'next' : '',
        i >= length - batch && i > 0 ? 'tail' : '',
        came.has(pfn) ? 'new' : '',
      ];
      return svg`<rect class=${kinds.join(' ')} x=${(i * step + 1).toFixed(2)} y="1.5" width=${(wide - 1).toFixed(2)} height="10"
        @pointerenter=${() => this.mark([pfn, 1])}><title>${hex(pfn)}</title></rect>`;
    };
    const limit = (name: string, at: number) => {
      const isLast = at * step + LABEL > WIDTH - RIGHT;
      return svg`
      <line class="limit" x1=${at * step + 0.6} x2=${at * step + 0.6} y1="0" y2="21" />
      <text x=${at * step + (isLast ? -3 : 3)} y="22" text-anchor=${isLast ? 'end' : 'start'}>${name} ${at}</text>`;
    };
    return svg`<line class="lane" x1="0" x2=${WIDTH} y1="13.5" y2="13.5" />
      ${limit('low', low)}${limit('high', high)}${blocks.map(frame)}
      ${length > blocks.length ? svg`<text x=${blocks.length * step + 2} y="10">…</text>` : nothing}
      ${end === 'whole' ? nothing : svg`<text class="broken" x=${length * step + 6} y="10">${this.texts.ui.listEnd[end]}</text>`}
      <text x=${WIDTH} y="22" text-anchor="end">batch ${batch}</text>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-per-cpu-lists': PerCpuLists;
  }
}
