import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { References, View } from '../protocol.ts';
import { hex } from '../words/parts.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';

/** Frames whose reference count is neither 0 (free) nor 1 (one user). */
@customElement('pf-references')
export class ReferenceCounts extends PageElement {
  static override styles = [
    shared,
    css`
      table {
        border-collapse: collapse;
        font-size: 13px;
        width: 100%;
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
      td:nth-child(2) {
        font-variant-numeric: tabular-nums;
      }
      .bad {
        color: var(--mark);
      }
      p {
        color: var(--muted);
        font-size: 13px;
        line-height: 19px;
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const view = this.view;
    if (!view) return nothing;
    if (view.references.length === 0) return html`<h2>${ui.references}</h2><p>${ui.noReferences}</p>`;
    const rest = view.referencesTotal - view.references.length;
    return html`<h2>${ui.references}</h2>
      <table><thead><tr><th scope="col">${ui.frameColumn}</th><th scope="col">${ui.count}</th></tr></thead>
      <tbody>${view.references.map((run) => this.row(run))}</tbody></table>
      ${rest > 0 ? html`<p>${ui.moreReferences(rest)}</p>` : nothing}`;
  }

  private row({ pfn, frames, count, outside }: References) {
    const text = frames > 1 ? `${hex(pfn)}–${hex(pfn + frames - 1)}` : hex(pfn);
    return html`<tr><td>${outside ? html`<code>${text}</code>, ${this.texts.ui.outside}` : this.link(text, [pfn, frames])}</td>
      <td class=${count < 0 ? 'bad' : ''}>${count < 0 ? `−${digits(-count)}` : digits(count)}</td></tr>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-references': ReferenceCounts;
  }
}
