import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { dialogStyles, PageDialog } from './dialog.ts';

/** What can be saved as a file. */
export type Saved = 'png' | 'svg' | 'run';

/**
 * What is shown, for others: a link to it, its picture, its run.
 *
 * @fires pf-save what is to be saved
 */
@customElement('pf-share')
export class ShareDialog extends PageDialog {
  static override styles = [
    dialogStyles,
    css`
      dialog {
        width: 560px;
      }
      .link,
      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 12px 0 4px;
        box-shadow: none;
      }
      input {
        flex: 1 1 200px;
        min-width: 0;
        font: 12px var(--mono);
      }
      h3 {
        margin: 16px 0 0;
        font: 600 13px / 20px var(--plain);
      }
      [role='status'] {
        min-height: 20px;
        font-size: 13px;
      }
    `,
  ];

  /** The address that leads to what is shown. */
  @property() address = '';
  /** Why the link leads not to the run that is open; empty: it does. */
  @property() lacking = '';
  /** What can be saved. */
  @property({ attribute: false }) files: readonly Saved[] = [];
  /** What became of the latest wish. */
  @property() said = '';

  protected override heading(): string {
    return this.texts.ui.shared.title;
  }

  protected override content() {
    const { shared: words } = this.texts.ui;
    return html`<div class="link">
        <input readonly .value=${this.address} aria-label=${words.link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
        <button class="copy" @click=${this.copy}>${words.copy}</button>
      </div>
      <div role="status">${this.said}</div>
      ${this.lacking ? html`<p>${this.lacking}</p>` : nothing}
      <h3 id="files">${words.files}</h3>
      <div class="files" role="group" aria-labelledby="files">${this.files.map(
        (what) => html`<button @click=${() => this.save(what)}>${words.file[what]}</button>`,
      )}</div>
      <p>${words.hint}</p>`;
  }

  private async copy(): Promise<void> {
    const { shared: words } = this.texts.ui;
    const input = this.renderRoot.querySelector('input');
    try {
      await navigator.clipboard.writeText(this.address);
      this.said = words.copied;
    } catch {
      // Without leave, or without https: the viewer's own keys copy what is selected.
      input?.focus();
      this.said = words.copyYourself;
    }
  }

  private save(detail: Saved): void {
    this.dispatchEvent(new CustomEvent<Saved>('pf-save', { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-share': ShareDialog;
  }
}
