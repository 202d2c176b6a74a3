import { type CSSResultGroup, css, html } from 'lit';
import { ShellElement, shared } from './element.ts';

export const dialogStyles = [
  shared,
  css`
    dialog {
      color: var(--ink);
      background: var(--paper);
      border: 1px solid var(--edge);
      border-radius: 4px;
      padding: 20px 28px;
      width: max-content;
      max-width: min(560px, calc(100vw - 32px));
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 35%);
    }
    dialog p {
      color: var(--muted);
      margin: 8px 0 16px;
    }
  `,
];

/**
 * A dialog that is open as long as it is in the page; the focus goes back to where it was.
 *
 * @fires pf-closed when it is to be taken away
 */
export abstract class PageDialog extends ShellElement {
  static override styles: CSSResultGroup = dialogStyles;

  protected abstract heading(): string;
  protected abstract content(): unknown;

  override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new CustomEvent('pf-closed'))}>
      <h2 id="heading">${this.heading()}</h2>
      ${this.content()}
      <form method="dialog"><button>${this.texts.ui.close}</button></form>
    </dialog>`;
  }
}
