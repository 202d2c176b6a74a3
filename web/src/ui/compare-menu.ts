import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { KERNELS } from '../generated/tables.ts';
import { PageElement, shared } from './element.ts';

/**
 * With which other kernel the run is compared, or that it is not.
 *
 * @fires pf-compare the kernel's name, or null
 */
@customElement('pf-compare')
export class CompareMenu extends PageElement {
  static override styles = [
    shared,
    css`
      label {
        display: flex;
        align-items: center;
        gap: 6px;
        white-space: nowrap;
      }
      select {
        color: var(--ink);
        background: var(--paper);
        padding: 2px 4px;
        max-width: 100%;
      }
    `,
  ];

  /** The kernel of the run that is open. */
  @property() kernel = '';
  /** The one beside it; null: none. */
  @property({ attribute: false }) other: string | null = null;

  override render() {
    const { ui } = this.texts;
    const others = KERNELS.map(({ name }) => name).filter((name) => name !== this.kernel);
    return html`<label title=${ui.compareTitle}>${ui.compare}
      <select @change=${this.choose} @keydown=${(event: Event) => event.stopPropagation()}>
        <option value="" ?selected=${this.other === null}>${ui.compareNone}</option>
        ${others.map((name) => html`<option value=${name} ?selected=${name === this.other}>${name}</option>`)}
      </select>
    </label>`;
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
