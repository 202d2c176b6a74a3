import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SourceInfo } from '../protocol.ts';
import { digits } from '../words/ui.en.ts';
import { PageElement, shared } from './element.ts';

/** How much of a trace was read, used, left out and lost. */
@customElement('pf-numbers')
export class Numbers extends PageElement {
  static override styles = [
    shared,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 16px;
        margin: 6px 0 12px;
        line-height: 22px;
      }
      dt {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      dd {
        margin: 0;
        color: var(--muted);
      }
      .bad {
        color: var(--mark);
      }
      p {
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;

  override render() {
    const { ui } = this.texts;
    const trace = this.source?.trace;
    if (!trace) return nothing;
    const names = ['lines', 'events', 'ignored', 'skipped', 'lost', 'failed'] as const;
    return html`<h2>${ui.numbers}</h2>
      <dl>${names.map((name) => html`<dt class=${name === 'lost' && trace.lost > 0 ? 'bad' : ''}>${digits(trace[name])}</dt><dd>${ui.numberNames[name]}</dd>`)}</dl>
      <p>${ui.begin} ${trace.hasStart ? ui.withStart : ui.withoutStart}. ${ui.listsTrace}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-numbers': Numbers;
  }
}
