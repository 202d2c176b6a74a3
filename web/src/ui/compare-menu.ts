import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { KERNELS } from '../generated/tables.ts';
import type { Edits } from '../protocol.ts';
import { ShellElement, shared } from './element.ts';

/**
 * With which other kernel the run is compared, or with what happened before it was forked, or that it is not.
 *
 * @fires pf-compare the kernel's name, 'before', or null
 */
@customElement('pf-compare')
export class CompareMenu extends ShellElement {
  static override styles = [
    shared,
    css`
      select {
        color: var(--ink);
        background: var(--paper);
        padding: 2px 4px;
      }
    `,
  ];

  /** The kernel of the run that is open. */
  @property() kernel = '';
  /** The one beside it; null: none. */
  @property({ attribute: false }) other: string | null = null;
  /** The run was forked: it can be compared with the future that is kept. */
  @property({ attribute: false }) kept: Edits['before'] = null;

  override render() {
    const { ui } = this.texts;
    const others = KERNELS.map(({ name }) => name).filter((name) => name !== this.kernel);
    return html`<select aria-label=${ui.compare} title=${ui.compareTitle} @change=${this.choose}
      @keydown=${(event: Event) => event.stopPropagation()}>
      <option value="" ?selected=${this.other === null}>${this.other === null ? `${ui.compare}…` : ui.compareNone}</option>
      ${this.kept ? html`<option value="before" ?selected=${this.other === 'before'}>↔ ${ui.compareBefore(this.kept.isNew)}</option>` : nothing}
      ${others.map((name) => html`<option value=${name} ?selected=${name === this.other}>↔ ${name}</option>`)}
    </select>`;
  }

  override focus(): void {
    this.renderRoot.querySelector('select')?.focus();
  }

  private choose(event: Event): void {
    const detail = (event.target as HTMLSelectElement).value || null;
    this.dispatchEvent(new CustomEvent<string | null>('pf-compare', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-compare': CompareMenu;
  }
  interface HTMLElementEventMap {
    'pf-compare': CustomEvent<string | null>;
  }
}
