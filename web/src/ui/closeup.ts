import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { STATES } from '../generated/tables.ts';
import type { View } from '../protocol.ts';
import { PageElement, shared } from './element.ts';
import type { Range } from './touched.ts';

/**
 * A close look at the frames of the operation: number and state in words.
 *
 * @fires pf-mark, pf-pick
 */
@customElement('pf-closeup')
export class Closeup extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        min-height: 0;
        overflow: auto;
      }
      .frames {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(58px, 1fr)); /* the longest state */
        gap: 4px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
      }
      .frames button {
        width: 100%;
        min-height: 48px;
        padding: 4px 0 4px 4px;
        text-align: left;
        font: 12px / 18px var(--mono);
        border-radius: 0;
        background-clip: padding-box;
        overflow: hidden;
      }
      .frames small {
        display: block;
        font: 11px / 16px var(--plain);
        white-space: nowrap;
      }
      .frames .buddy,
      .frames .boot-free {
        background: var(--buddy);
        border-color: var(--buddy-line);
      }
      .frames .boot-free {
        background: var(--boot-free);
        border-color: var(--boot-free-line);
      }
      .frames .pcp {
        background: var(--pcp);
        border: 2px dotted var(--pcp-line);
      }
      .frames .allocated {
        background: var(--allocated);
        border-color: var(--allocated-line);
        color: var(--on-allocated);
      }
      .frames .reserved {
        border: 1px solid var(--reserved-line);
        background: color-mix(in srgb, var(--reserved) 35%, var(--paper));
      }
      .frames .lost {
        border: 2px dashed var(--mark);
      }
      @media (min-width: 1100px) and (max-width: 1400px) {
        .frames small {
          font-size: 10px;
          letter-spacing: -0.02em;
        }
      }
      p {
        color: var(--muted);
        font-size: 13px;
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) close: View['close'] = [];

  override render() {
    return html`<h2>${this.texts.ui.framesOf}</h2>
      <ul class="frames">${this.close.map(({ pfn, state }) => this.frame(pfn, state))}</ul>`;
  }

  private frame(pfn: number, state: number) {
    const name = STATES[state] ?? 'unknown';
    const range: Range = [pfn, 1];
    return html`<li><button class=${name} @click=${() => this.tell('pf-pick', pfn)} @pointerenter=${() => this.mark(range)}
      @pointerleave=${() => this.mark(null)}>${pfn.toString(16)}<small>${this.texts.ui.statesShort[name]}</small></button></li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-closeup': Closeup;
  }
}
