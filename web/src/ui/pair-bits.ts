import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { View, ZoneView } from '../protocol.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';
import { zoneName } from './zone-name.ts';

const WIDTH = 360;
const LEFT = 26;
const RIGHT = 48;
const LANE = 15;
/** Bits that a lane has room for. */
const ROOM = 64;
const STEP = (WIDTH - LEFT - RIGHT) / ROOM;

/** A zone's bitmaps of buddy pairs, one lane an order: 1 is dark, and what this operation changed is in the accent colour. */
@customElement('pf-pair-bits')
export class PairBits extends PageElement {
  static override styles = [
    shared,
    css`
      svg {
        display: block;
        width: 100%;
        max-width: 460px;
        height: auto;
        margin: 4px 0 4px;
      }
      text {
        font: 11.5px var(--mono);
        fill: var(--muted);
      }
      .number {
        font-size: 9.5px;
      }
      .lane {
        stroke: var(--line);
      }
      .zero {
        fill: none;
        stroke: var(--edge);
        stroke-width: 0.5;
      }
      .one {
        fill: var(--ink);
      }
      .new {
        stroke: var(--accent);
        stroke-width: 1.4;
      }
      .one.new {
        fill: var(--accent);
      }
      p {
        color: var(--muted);
        font-size: 12.5px;
        line-height: 17px;
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) zone: ZoneView | null = null;

  override render() {
    const { view, zone } = this;
    const { ui } = this.texts;
    if (!view || !zone) return nothing;
    const lanes = [...zone.pairs].reverse();
    const changed = this.changed(view, zone.zone);
    const title = ui.pairs(zoneName(this.texts, view, zone));
    const said = lanes.map(({ order, first, bits }) => `${ui.order(order)}, ${first}: ${bits}`).join('; ');
    return html`<h2>${title}</h2>
      <svg viewBox="0 0 ${WIDTH} ${lanes.length * LANE}" role="img" aria-label="${title}. ${said}">${lanes.map(
        (lane, i) => this.lane(lane, i * LANE, changed),
      )}</svg><p>${ui.pairsKey}</p>`;
  }

  private lane({ order, first, bits, total }: ZoneView['pairs'][number], y: number, changed: ReadonlySet<string>) {
    return svg`
      <line class="lane" x1=${LEFT} x2=${WIDTH} y1=${y + LANE - 0.5} y2=${y + LANE - 0.5} />
      <text x=${LEFT - 8} y=${y + 11} text-anchor="end">${order}</text>
      ${[...bits].map((bit, i) => {
        const isNew = changed.has(`${order}.${first + i}`) ? ' new' : '';
        return svg`<rect class="${bit === '1' ? 'one' : 'zero'}${isNew}" x=${(LEFT + i * STEP + 0.4).toFixed(2)} y=${y + 2.5} width=${(STEP - 0.9).toFixed(2)} height="9" />`;
      })}
      <text class="number" x=${WIDTH} y=${y + 11} text-anchor="end">${
        bits.length < total ? `${digits(first)}+/${digits(total)}` : digits(total)
      }</text>`;
  }

  /** Bits that the events shown have flipped. */
  private changed(view: View, zone: number): Set<string> {
    return new Set(
      view.events
        .slice(0, view.happened)
        .filter((event) => event.kind === 'pair_flipped' && (event.zone ?? 0) === zone)
        .map((event) => `${event.order ?? 0}.${event.index ?? 0}`),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-pair-bits': PairBits;
  }
}
