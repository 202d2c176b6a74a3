import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { ConsoleLine, SourceInfo, View } from '../protocol.ts';
import { describeAlone } from '../words/sentences.ts';
import { PageElement, shared } from './element.ts';

/**
 * What the kernel has complained of so far, latest first.
 *
 * @fires pf-go
 */
@customElement('pf-console')
export class ConsoleView extends PageElement {
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
        font: 12.5px / 18px var(--mono);
        padding: 3px 0 3px 8px;
        border-left: 3px solid var(--mark);
        margin-bottom: 4px;
      }
      p {
        font: 12.5px / 18px var(--mono);
        color: var(--muted);
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const lines = [...(this.view?.console ?? [])].reverse();
    return html`<h2>${ui.console}</h2>${keyed(lines.length, html`<ol>${lines.map((line) => this.line(line))}</ol>`)}`;
  }

  private line({ entry, event }: ConsoleLine) {
    const { ui, words } = this.texts;
    return html`<li>${this.sentence(describeAlone(words, event, this.source?.kernel ?? null))}
      <button class="link" @click=${() => this.tell('pf-go', { entry: entry + 1, inner: 0 })}>${ui.operation((this.source?.first ?? 0) + entry + 1)}</button></li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-console': ConsoleView;
  }
}
