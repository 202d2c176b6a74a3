import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { SourceInfo, View, ZoneView } from '../protocol.ts';
import { num } from '../words/facts.ts';
import { describeOperation } from '../words/index.ts';
import { digits } from '../words/ui.en.ts';
import { lagOf } from './counter-lag.ts';
import { PageElement, shared } from './element.ts';
import { zonesAt } from './touched.ts';
import { zoneName } from './zone-name.ts';

const WIDTH = 360;
/** The events of a zone that is tested against a mark; of those that meet a protection by the zone which they begin with. */
const BY_FIRST_ZONE = new Set(['zone_tried', 'zone_passed', 'zone_refused']);
const TESTS = new Set([...BY_FIRST_ZONE, 'mark_tested']);
/** Parts of 10000, as watermark_boost_factor counts. */
const WHOLE = 10000;

/** The type of the zone that the latest request begins with, which chooses the protection it meets; null where none is tested. */
export function requestType(view: Pick<View, 'events' | 'happened'>, nrZoneTypes: number): number | null {
  const first = view.events.slice(0, view.happened).find((event) => BY_FIRST_ZONE.has(event.kind));
  return first ? num(first, 'zone') % nrZoneTypes : null;
}

/** How far thefts may raise a zone's marks; 0: not at all. */
export function boostLimit(zone: Pick<ZoneView, 'managed' | 'pages_high'>, factor: number, pageblock: number): number {
  const most = Math.floor((zone.pages_high * factor) / WHOLE);
  return zone.managed < 4 * pageblock || most === 0 ? 0 : Math.max(most, pageblock);
}

/** The atomic reserve grows while it is below this. */
export const reserveLimit = ({ managed }: Pick<ZoneView, 'managed'>, share: number, pageblock: number): number =>
  Math.floor(managed / share) + pageblock;

/** Free pages of each zone, with its marks min, low and high, and what it keeps back from whom. */
@customElement('pf-watermarks')
export class Watermarks extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .all {
        flex: 1;
        min-width: 0;
        min-height: 0;
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
      .zone {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 8px;
        font-size: 12.5px;
        line-height: 16px;
        font-variant-numeric: tabular-nums;
      }
      .zone b {
        color: var(--ink);
        font-weight: 600;
        white-space: nowrap;
      }
      .zone span {
        white-space: nowrap;
      }
      .zone + svg {
        height: 8px;
        margin: 1px 0 4px;
      }
      .kept {
        margin-top: -3px;
      }
      .kept b {
        text-decoration: underline;
        text-decoration-color: var(--accent);
        text-underline-offset: 3px;
      }
      small {
        font-weight: 400;
      }
      .test {
        color: var(--ink);
        font-size: 12.5px;
        line-height: 17px;
        margin-top: 2px;
      }
      .set {
        font-size: 12px;
        line-height: 16px;
      }
      .raised {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        margin: -2px 0 4px;
      }
      .rules {
        margin-top: 3px;
      }
      .set:not(.raised) span {
        white-space: nowrap;
      }
      @media (min-width: 1100px) and (max-width: 1400px) {
        p,
        .zone {
          font-size: 11.5px;
        }
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const view = this.view;
    const zones = view ? zonesAt(view) : [];
    if (!view) return nothing;
    const [only] = zones.length === 1 ? zones : [];
    const ordered = [...zones].sort((a, b) => a.zone - b.zone);
    return keyed(
      zones[0]?.zone,
      html`<div class="all" tabindex="0" role="region" aria-label=${ui.watermarks('')}><h2>${ui.watermarks(only ? only.name : '')}${only ? nothing : html` <small>${ui.watermarkKey}</small>`}</h2>
      ${ordered.map((zone) =>
        only
          ? html`${bar(zone)}<p>${ui.watermarkLine(zone.free_pages, zone.pages_min, zone.pages_low, zone.pages_high)}</p>${this.kept(view, zone)}${this.raised(view, zone)}`
          : html`<p class="zone"><b>${zoneName(this.texts, view, zone)}</b>
              <span>${[zone.free_pages, zone.pages_min, zone.pages_low, zone.pages_high].map(digits).join(' / ')}</span></p>${bar(zone)}${this.kept(view, zone)}${this.raised(view, zone)}`,
      )}
      ${this.test(view)}${this.settings(view)}${this.rules()}</div>`,
    );
  }

  /** Pages kept from requests by the zone they begin with, the one for the latest request marked. */
  private kept(view: View, zone: ZoneView) {
    if (!zone.protection.some((pages) => pages > 0)) return nothing;
    const type = requestType(view, zone.protection.length);
    const each = zone.protection.map(
      (pages, i) => html`${i > 0 ? ' / ' : nothing}${i === type ? html`<b>${digits(pages)}</b>` : digits(pages)}`,
    );
    return html`<p class="zone kept"><span>${this.names(view).kept}</span><span>${each}</span></p>`;
  }

  /** What a zone keeps back is called after the setting that makes it, where there is one. */
  private names({ sysctls }: View): { kept: string; key(zones: string): string } {
    const { ui, words } = this.texts;
    if (sysctls?.lower_zone_protection !== undefined) return { kept: ui.protection, key: ui.protectionKey };
    return { kept: 'lowmem_reserve', key: words.panels.marks.reserveKey };
  }

  /** What thefts added to the marks, what is set aside, and how far the counter is behind. */
  private raised({ sysctls, place }: View, zone: ZoneView) {
    const kernel = this.source?.kernel;
    if (!kernel || zone.managed === 0) return nothing;
    const { marks } = this.texts.words.panels;
    const { boost } = zone;
    const pageblock = 2 ** kernel.pageblockOrder;
    const lines: string[] = [];
    const factor = sysctls?.watermark_boost_factor;
    if (factor !== undefined) {
      const most = boostLimit(zone, factor, pageblock);
      const all = [zone.pages_min, zone.pages_low, zone.pages_high].map((mark) => digits(mark + boost)).join(' / ');
      const isRaised = boost > 0 ? marks.boost(boost, most, all) : most > 0 ? marks.noBoost(most) : marks.never;
      lines.push(zone.boosted ? `${isRaised}; ${marks.told}` : isRaised);
    }
    if (kernel.highatomicShare > 0)
      lines.push(marks.reserve(zone.nr_reserved_highatomic, reserveLimit(zone, kernel.highatomicShare, pageblock)));
    const { counter, held } = lagOf(zone);
    if (held !== null && held !== counter && place.inner === 0) lines.push(marks.lag(counter - held));
    return html`<p class="set raised">${lines.map((line) => html`<span>${line}</span> `)}</p>`;
  }

  /** When boost and reserve come and go. */
  private rules() {
    const kernel = this.source?.kernel;
    const { marks } = this.texts.words.panels;
    if (!kernel || kernel.highatomicShare === 0) return nothing;
    return html`<p class="set rules">${marks.whyReserve(kernel.highatomicShare, 2 ** kernel.pageblockOrder)} ${marks.whyBoost}</p>`;
  }

  private settings(view: View) {
    const { sysctls, zones } = view;
    if (!sysctls) return nothing;
    const names = this.source?.kernel?.zoneNames ?? [];
    const isKept = zones.some(({ protection }) => protection.some((pages) => pages > 0));
    const pairs = Object.entries(sysctls).map(
      ([name, value], i) => html`${i > 0 ? ', ' : nothing}<span><code>${name}</code> ${digits(value)}</span>`,
    );
    return html`<p class="set">${pairs}${isKept ? html`: ${this.names(view).key(names.join(' / '))}` : nothing}</p>`;
  }

  /** The latest test of a zone in what is shown, with its arithmetic. */
  private test(view: View) {
    const at = view.events.slice(0, view.happened).findLastIndex((event) => TESTS.has(event.kind));
    if (at < 0) return nothing;
    const told = describeOperation(this.texts.words, view.events, this.source?.kernel ?? null, view.operation);
    return html`<p class="test">${this.sentence(told.events[at] ?? [])}</p>`;
  }
}

function bar(zone: ZoneView) {
  const at = (pages: number): number => Math.min(WIDTH - 1, 1 + (pages / Math.max(1, zone.size)) * (WIDTH - 2));
  return html`<svg viewBox="0 0 ${WIDTH} 14" preserveAspectRatio="none" aria-hidden="true">
    <rect class="free" x="1" y="3" width=${at(zone.free_pages) - 1} height="8" />
    <rect class="frame" x="0.5" y="2.5" width=${WIDTH - 1} height="9" />
    ${[zone.pages_min, zone.pages_low, zone.pages_high]
      .filter((mark) => mark > 0)
      .map((mark) => svg`<line class="tick" x1=${at(mark + zone.boost)} x2=${at(mark + zone.boost)} y1="0" y2="14" />`)}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-watermarks': Watermarks;
  }
}
