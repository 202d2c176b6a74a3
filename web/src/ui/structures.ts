import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { KernelInfo, SourceInfo, View, ZoneView } from '../protocol.ts';
import { PageElement, shared } from './element.ts';
import { zonesAt } from './touched.ts';
import { zoneName } from './zone-name.ts';

type Tab = 'lists' | 'cpus' | 'pairs' | 'counts';

/** What there is to show. CPUs' lists that share a counter have a tab of their own; a few others stand above the free lists. */
export function tabsOf(kernel: Pick<KernelInfo, 'nrPcps' | 'nrPairOrders'> | null): Tab[] {
  const tabs: [Tab, boolean][] = [
    ['lists', true],
    ['cpus', kernel?.nrPcps === 1],
    ['pairs', (kernel?.nrPairOrders ?? 0) > 0],
    ['counts', true],
  ];
  return tabs.filter(([, isThere]) => isThere).map(([tab]) => tab);
}

/** A zone's free lists and per-CPU lists, its pair bits, or the reference counts. The operation's zone is shown until another is picked. */
@customElement('pf-structures')
export class Structures extends PageElement {
  static override styles = [
    shared,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        margin-bottom: 4px;
      }
      .tabs,
      .zones {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1px;
      }
      button {
        border: 0;
        border-bottom: 2px solid transparent;
        border-radius: 0;
        padding: 0 4px;
        min-height: 26px;
        color: var(--muted);
        font-size: 13px;
      }
      button[aria-selected='true'],
      button[aria-pressed='true'] {
        color: var(--ink);
        font-weight: 600;
        border-color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  @state() private chosen: Tab = 'lists';
  /** A zone slot that the viewer picked; null: the operation's. */
  @state() private picked: number | null = null;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('source')) this.picked = null;
  }

  private get tabNames(): Tab[] {
    return tabsOf(this.source?.kernel ?? null);
  }

  /** The tab chosen, where this kernel has it. */
  private get tab(): Tab {
    return this.tabNames.includes(this.chosen) ? this.chosen : 'lists';
  }

  override render() {
    const { view, texts } = this;
    const zones = view ? zonesAt(view) : [];
    if (!view || zones.length === 0) return html`<h2>${texts.ui.structures}</h2><p>${texts.ui.noLists}</p>`;
    const zone = zones.find((one) => one.zone === this.picked) ?? zones[0] ?? null;
    return html`<div class="bar">${this.tabs()}${zones.length > 1 && this.tab !== 'counts' ? this.zones(view, zones, zone) : nothing}</div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${this.tab}">${keyed(`${this.tab}.${zone?.zone}`, this.content(view, zone))}</div>`;
  }

  private content(view: View, zone: ZoneView | null) {
    const { texts, source } = this;
    switch (this.tab) {
      case 'lists':
        return html`${
          this.tabNames.includes('cpus')
            ? nothing
            : html`<pf-per-cpu-lists .texts=${texts} .source=${source} .view=${view} .zone=${zone}></pf-per-cpu-lists>`
        }<pf-free-lists .texts=${texts} .source=${source} .view=${view} .zone=${zone}></pf-free-lists>${this.untold()}`;
      case 'cpus':
        return html`<pf-cpu-lists .texts=${texts} .source=${source} .view=${view} .zone=${zone}></pf-cpu-lists>`;
      case 'pairs':
        return html`<pf-pair-bits .texts=${texts} .view=${view} .zone=${zone}></pf-pair-bits>`;
      case 'counts':
        return html`<pf-references .texts=${texts} .view=${view}></pf-references>`;
    }
  }

  /** What of the state that the run began with nobody told. */
  private untold() {
    const chosen = this.source?.beginning ?? [];
    return chosen.length === 0
      ? nothing
      : html`<p>${chosen.map((what) => this.texts.words.panels.state.chosen[what]).join(' ')}</p>`;
  }

  private tabs() {
    const { ui } = this.texts;
    return html`<div class="tabs" role="tablist" aria-label=${ui.structures} @keydown=${this.key}>${this.tabNames.map(
      (tab) =>
        html`<button role="tab" id="tab-${tab}" aria-controls="panel" aria-selected=${this.tab === tab} tabindex=${this.tab === tab ? 0 : -1}
          @click=${() => this.choose(tab)}>${ui.structureTabs[tab]}</button>`,
    )}</div>`;
  }

  private zones(view: View, zones: readonly ZoneView[], shown: ZoneView | null) {
    const ordered = [...zones].sort((a, b) => a.zone - b.zone);
    return html`<div class="zones" role="group" aria-label=${this.texts.ui.zone}>${ordered.map(
      (zone) =>
        html`<button aria-pressed=${zone === shown} @click=${() => this.pickZone(zone.zone)}>${zoneName(this.texts, view, zone)}</button>`,
    )}</div>`;
  }

  /** The same zone once more: back to that of each operation. */
  private pickZone(zone: number): void {
    this.picked = this.picked === zone ? null : zone;
  }

  private choose(tab: Tab): void {
    this.chosen = tab;
  }

  private key(event: KeyboardEvent): void {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tabs = this.tabNames;
    this.choose(tabs[(tabs.indexOf(this.tab) + move + tabs.length) % tabs.length] ?? 'lists');
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-structures': Structures;
  }
}
