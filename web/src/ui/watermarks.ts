import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { View, ZoneView } from '../protocol.ts';
import { PageElement, shared } from './element.ts';
import { zonesAt } from './touched.ts';

const WIDTH = 360;

/** Free pages of each zone, with its marks min, low and high. */
@customElement('pf-watermarks')
export class Watermarks extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow: auto;
      }
      svg {
        display: block;
        width: 100%;
        height: 14px;
        margin: 4px 0;
      }
      .frame {
        fill: none;
        stroke: var(--edge);
      }
      .free {
        fill: var(--buddy-line);
      }
      .tick {
        stroke: var(--ink);
        stroke-width: 1.5;
      }
      p {
        color: var(--muted);
        font-size: 13px;
        line-height: 19px;
        letter-spacing: -0.01em;
      }
      @media (min-width: 1100px) and (max-width: 1400px) {
        p {
          font-size: 11.5px;
        }
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const zones = this.view ? zonesAt(this.view) : [];
    if (zones.length === 0) return html`<h2>${ui.watermarks('')}</h2><p>${this.view ? ui.noWatermarks : nothing}</p>`;
    return keyed(
      zones[0]?.zone,
      zones.map(
        (zone) => html`<h2>${ui.watermarks(zone.name)}</h2>${bar(zone)}
      <p>${ui.watermarkLine(zone.free_pages, zone.pages_min, zone.pages_low, zone.pages_high)}</p>`,
      ),
    );
  }
}

function bar(zone: ZoneView) {
  const at = (pages: number): number => Math.min(WIDTH - 1, 1 + (pages / Math.max(1, zone.size)) * (WIDTH - 2));
  return html`<svg viewBox="0 0 ${WIDTH} 14" preserveAspectRatio="none" aria-hidden="true">
    <rect class="free" x="1" y="3" width=${at(zone.free_pages) - 1} height="8" />
    <rect class="frame" x="0.5" y="2.5" width=${WIDTH - 1} height="9" />
    ${[zone.pages_min, zone.pages_low, zone.pages_high]
      .filter((mark) => mark > 0)
      .map((mark) => svg`<line class="tick" x1=${at(mark)} x2=${at(mark)} y1="0" y2="14" />`)}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-watermarks': Watermarks;
  }
}
