import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { cpuListNumber } from '../core/kernel.ts';
import type { PcpView, View, ZoneView } from '../protocol.ts';
import { num } from '../words/facts.ts';
import { lagOf, tellLag } from './counter-lag.ts';
import { changedLists, LanesElement, type Listed } from './lanes.ts';
import { cpusShown, deedsOf, didOf } from './per-cpu-lists.ts';
import { zoneName } from './zone-name.ts';

/**
 * Each CPU's lists of a zone by order and type, with the counter that they share; and how far the zone's own counter is behind.
 *
 * @fires pf-mark, pf-pick
 */
@customElement('pf-cpu-lists')
export class CpuLists extends LanesElement {
  static override styles = [
    LanesElement.styles,
    css`
      h3 {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        margin: 8px 0 0;
        font: 600 12.5px / 20px var(--plain);
        color: var(--ink);
      }
      h3 span {
        font-weight: 400;
      }
      .did {
        color: var(--accent);
      }
      .wrong {
        color: var(--mark);
      }
      .fill {
        height: 8px;
        margin: 2px 0;
        border: 1px solid var(--edge);
        background: linear-gradient(var(--pcp-line), var(--pcp-line)) no-repeat left / var(--part) 100%;
      }
      .block {
        background-color: var(--pcp);
      }
      .block::after {
        border-color: var(--pcp-line);
      }
      .lag {
        color: var(--ink);
        margin-top: 6px;
      }
    `,
  ];

  override render() {
    const { view, zone } = this;
    if (!view || !zone || zone.pcp.length === 0) return nothing;
    const { ui, words } = this.texts;
    const begin = view.operation.find(({ kind }) => kind === 'op_begin');
    const shown = cpusShown(zone, num(begin, 'cpu'));
    const others = zone.pcp.length - shown.length;
    return html`<section><h2>${ui.pcpTitle(zoneName(this.texts, view, zone))}</h2>
      <p>${ui.pcpWhy}</p>
      <p class="lag">${tellLag(lagOf(zone), words.panels, view.place.inner > 0)}</p>
      ${zone.pcp.filter(({ cpu }) => shown.includes(cpu)).map((pcp) => this.cpu(view, zone, pcp))}
      ${others > 0 ? html`<p>${ui.pcp.others(others)}</p>` : nothing}</section>`;
  }

  private cpu(view: View, zone: ZoneView, pcp: PcpView) {
    const { ui, words } = this.texts;
    const { cpus } = words.panels;
    const kernel = this.source?.kernel ?? null;
    const lists = pcp.lists.map(
      (list): Listed => ({ ...list, number: kernel ? cpuListNumber(kernel, pcp.cpu, list.index) : 0 }),
    );
    const numbers = lists.map(({ number }) => number);
    const held = lists.reduce((sum, { length, order }) => sum + length * 2 ** order, 0);
    const isWhole = lists.every(({ end }) => end === 'whole');
    const did = view.eventsFirst > 0 ? '' : didOf(deedsOf(view, kernel, zone.zone, numbers), ui);
    const part = Math.min(1, pcp.count / Math.max(1, pcp.high));
    return html`<h3>${cpus.name(pcp.cpu)} <span>${cpus.holds(pcp.count, pcp.high)}</span>
        ${isWhole && held !== pcp.count ? html`<span class="wrong">${cpus.disagree(pcp.count, held)}</span>` : nothing}
        ${did === '' ? nothing : html`<span class="did">${did}</span>`}</h3>
      <div class="fill" style="--part:${(100 * part).toFixed(1)}%" aria-hidden="true"></div>
      <p>${cpus.limits(pcp.batch, pcp.free_factor, pcp.vm_stat_diff, pcp.stat_threshold)}</p>
      ${this.lanes(lists, changedLists(view, this.source, zone.zone), cpus.name(pcp.cpu))}
      ${lists
        .filter(({ types }) => types.length > 1)
        .map(
          ({ order, types }) =>
            html`<p>${cpus.shared(order, types.map((type) => this.typeNames[type]).join(', '))}</p>`,
        )}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-cpu-lists': CpuLists;
  }
}
