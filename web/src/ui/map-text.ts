import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { STATES } from '../generated/tables.ts';
import type { KernelInfo, PageblockRun, View } from '../protocol.ts';
import { pageblockText, pageblockWords } from '../words/pageblocks.ts';
import { hex } from '../words/parts.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';

/** Frames first .. first+count-1. */
const span = (first: number, count: number) =>
  html`${hex(first)}${count > 1 ? html`–${hex(first + count - 1)}` : nothing}`;

/** The map in words: runs of frames in one state, and of pageblocks of one type. */
@customElement('pf-map-text')
export class MapText extends PageElement {
  static override styles = [
    shared,
    css`
      table {
        border-collapse: collapse;
        width: 100%;
        font-size: 13px;
      }
      caption {
        text-align: left;
      }
      th {
        text-align: left;
        font-weight: 600;
        color: var(--muted);
      }
      td,
      th {
        padding: 2px 12px 2px 0;
        border-bottom: 1px solid var(--line);
      }
      td:first-child {
        font-family: var(--mono);
        font-size: 12px;
      }
      td:nth-child(2) {
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) kernel: KernelInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const runs = this.view?.runs ?? [];
    const rest = (this.view?.runsTotal ?? 0) - runs.length;
    return html`<table>
      <thead><tr><th scope="col">${ui.frameColumn}</th><th scope="col">${ui.countColumn}</th><th scope="col">${ui.stateColumn}</th></tr></thead>
      <tbody>${runs.map(
        (run) =>
          html`<tr><td>${span(run.pfn, run.count)}</td><td>${digits(run.count)}</td><td>${ui.states[STATES[run.state] ?? 'unknown']}</td></tr>`,
      )}</tbody>
      </table>${rest > 0 ? html`<p>${ui.moreRuns(rest)}</p>` : nothing}${this.pageblocks()}`;
  }

  private pageblocks() {
    const { ui, lang } = this.texts;
    const runs = this.view?.pageblocks ?? [];
    if (runs.length === 0) return nothing;
    const words = pageblockWords(lang);
    const { typeNames = [], pageblockOrder = 0 } = this.kernel ?? {};
    const rest = (this.view?.pageblockRuns ?? 0) - runs.length;
    const row = (run: PageblockRun) =>
      html`<tr><td>${span(run.pfn, run.blocks * 2 ** pageblockOrder)}</td><td>${digits(run.blocks)}</td><td>${pageblockText(lang, typeNames, run)}</td></tr>`;
    return html`<h2>${words.name}</h2><table>
      <thead><tr><th scope="col">${ui.frameColumn}</th><th scope="col">${ui.countColumn}</th><th scope="col">${words.type}</th></tr></thead>
      <tbody>${runs.map(row)}</tbody>
      </table>${rest > 0 ? html`<p>${ui.moreRuns(rest)}</p>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-map-text': MapText;
  }
}
