import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { SourceInfo, View } from '../protocol.ts';
import { describeTrouble } from '../words/sentences.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';

/**
 * What is wrong and the kernel did not notice; what the last operation brought comes first and is marked.
 *
 * @fires pf-ask when a large map shall be searched
 */
@customElement('pf-troubles')
export class TroublesView extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow: auto;
      }
      ol {
        list-style: none;
        margin: 4px 0 0;
        padding: 0;
      }
      li {
        font-size: 13px;
        line-height: 18px;
        padding: 2px 0 2px 8px;
        border-left: 3px solid var(--line);
        margin-bottom: 4px;
      }
      li.new {
        border-color: var(--mark);
      }
      p {
        font-size: 13px;
        line-height: 18px;
        color: var(--muted);
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const view = this.view;
    if (!view) return html`<h2>${ui.troubles}</h2>`;
    const count = view.troublesTotal > 0 ? html` <span>${digits(view.troublesTotal)}</span>` : nothing;
    return html`<h2>${ui.troubles}${count}</h2>${this.content(view)}`;
  }

  private content(view: View) {
    const { ui } = this.texts;
    if (view.troublesTotal < 0)
      return html`<p>${ui.troublesUnasked} <button class="link" @click=${this.ask}>${ui.lookForTroubles}</button></p>`;
    const isNew = new Set(view.newTroubles.map((one) => JSON.stringify(one)));
    const all = view.troubles.map((one) => ({ one, fresh: isNew.has(JSON.stringify(one)) }));
    const sorted = [...all.filter(({ fresh }) => fresh), ...all.filter(({ fresh }) => !fresh)];
    const rest = view.troublesTotal - sorted.length;
    const list = html`<ol>${sorted.map(
      ({ one, fresh }) =>
        html`<li class=${fresh ? 'new' : ''}>${this.sentence(describeTrouble(this.texts.words, one, this.source?.kernel ?? null))}</li>`,
    )}</ol>${rest > 0 ? html`<p>${ui.moreTroubles(rest)}</p>` : nothing}`;
    return keyed(JSON.stringify(sorted), list);
  }

  private ask(): void {
    this.dispatchEvent(new CustomEvent('pf-ask', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-troubles': TroublesView;
  }
}
