import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SourceInfo, View, ZoneView } from '../protocol.ts';
import { gatherFacts, num } from '../words/facts.ts';
import { hex } from '../words/parts.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';
import { zoneName } from './zone-name.ts';

const WIDTH = 360;
const LEFT = 26;
const RIGHT = 40;
/** A lane is no higher than this, and less where a zone has many lists. */
const LANE = 15;
const TALL = 150;

/** How wide a block of an order is drawn. */
const wide = (order: number): number => 6 + order * 3;

/**
 * A zone's free lists in list order, the block just added in the accent colour.
 *
 * @fires pf-mark
 */
@customElement('pf-free-lists')
export class FreeLists extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow: auto;
      }
      .lanes {
        display: block;
        width: 100%;
        max-width: 460px;
        height: auto;
        margin: 4px 0 10px;
      }
      text {
        font: 11.5px var(--mono);
        fill: var(--muted);
      }
      .number {
        fill: var(--ink);
      }
      .lane {
        stroke: var(--line);
      }
      .block {
        fill: var(--buddy);
        stroke: var(--buddy-line);
      }
      .block:hover {
        stroke: var(--ink);
      }
      .block.new {
        fill: var(--accent);
        stroke: var(--accent);
      }
      .broken {
        fill: var(--mark);
      }
      p {
        color: var(--muted);
        font-size: 13px;
        line-height: 19px;
      }
      section {
        margin-bottom: 12px;
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  /** The zone to show. */
  @property({ attribute: false }) zone: ZoneView | null = null;

  override render() {
    return this.view && this.zone ? this.lists(zoneName(this.texts, this.view, this.zone), this.zone) : nothing;
  }

  private lists(name: string, zone: ZoneView) {
    const { ui } = this.texts;
    const lanes = [...zone.lists].reverse();
    const tall = Math.min(LANE, TALL / lanes.length);
    const added = this.added(this.view, zone.zone);
    const said = lanes
      .map((list) => `${ui.order(list.order)}: ${list.length === 0 ? 0 : list.blocks.map(hex).join(', ')}`)
      .join('; ');
    return html`<section>
      <h2>${ui.lists(name)}</h2>
      <svg class="lanes" viewBox="0 0 ${WIDTH} ${lanes.length * tall}" role="img" aria-label="${ui.lists(name)}. ${said}"
        @pointerleave=${() => this.mark(null)}>${lanes.map((list, i) => this.lane(list, i * tall, tall, added.get(list.order)))}</svg>
    </section>`;
  }

  private lane(list: ZoneView['lists'][number], y: number, tall: number, added: ReadonlySet<number> = new Set()) {
    const width = wide(list.order);
    const room = Math.floor((WIDTH - LEFT - RIGHT) / (width + 3));
    const shown = list.blocks.slice(0, list.length > room ? room - 1 : room);
    const end = LEFT + shown.length * (width + 3);
    return svg`
      <line class="lane" x1=${LEFT} x2=${WIDTH} y1=${y + tall - 0.5} y2=${y + tall - 0.5} />
      <text x=${LEFT - 8} y=${y + 11} text-anchor="end">${list.order}</text>
      ${shown.map(
        (
          pfn,
          i,
        ) => svg`<rect class="block ${added.has(pfn) ? 'new' : ''}" x=${LEFT + i * (width + 3) + 0.5} y=${y + 2.5} width=${width - 1} height="9"
        @pointerenter=${() => this.mark([pfn, 2 ** list.order])}><title>${hex(pfn)}</title></rect>`,
      )}
      ${list.length > shown.length ? svg`<text x=${end + 1} y=${y + 11}>…</text>` : nothing}
      ${list.end === 'whole' ? nothing : svg`<text class="broken" x=${end + 12} y=${y + 11}>${this.texts.ui.listEnd[list.end]}</text>`}
      <text class="number" x=${WIDTH} y=${y + 11} text-anchor="end">${digits(list.length)}</text>`;
  }

  /** Blocks that the events shown put on the zone's lists, by order. */
  private added(view: View | null, zone: number): Map<number, Set<number>> {
    const events = view?.events.slice(0, view.happened) ?? [];
    const facts = gatherFacts(events, this.source?.kernel ?? null);
    const added = new Map<number, Set<number>>();
    for (const event of events) {
      if (event.kind !== 'list_add' || num(event, 'zone') !== zone) continue;
      const { cpu, order } = facts.list(event);
      if (cpu === null) added.set(order, (added.get(order) ?? new Set()).add(num(event, 'pfn')));
    }
    return added;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-free-lists': FreeLists;
  }
}
