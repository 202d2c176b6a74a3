import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keys as en } from '../words/keys.en.ts';
import { keys as ru } from '../words/keys.ru.ts';
import { dialogStyles, PageDialog } from './dialog.ts';
import { keyList } from './keys.ts';

/**
 * The list of keys, and whether letters and signs are among them.
 *
 * @fires pf-characters whether they are to be
 */
@customElement('pf-keys')
export class KeysDialog extends PageDialog {
  static override styles = [
    dialogStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 6px 20px;
        margin: 12px 0;
      }
      dd {
        margin: 0;
      }
      kbd {
        font: 12px var(--mono);
        border: 1px solid var(--edge);
        border-radius: 3px;
        padding: 1px 5px;
      }
      .off {
        color: var(--muted);
      }
      .off kbd {
        text-decoration: line-through;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 28px;
      }
      input {
        min-width: 20px;
        min-height: 20px;
      }
    `,
  ];

  /** Letters and signs are keys, too. */
  @property({ type: Boolean }) characters = true;

  protected override heading(): string {
    return this.texts.ui.keys;
  }

  protected override content() {
    const words = this.texts.lang === 'ru' ? ru : en;
    const change = (event: Event): void => {
      const detail = (event.target as HTMLInputElement).checked;
      this.dispatchEvent(new CustomEvent<boolean>('pf-characters', { detail }));
    };
    return html`<label><input type="checkbox" .checked=${this.characters} @change=${change} />${words.characterKeys}</label>
      <dl>${keyList(words, this.characters).map(
        ({ keys, what }) =>
          html`<dt>${keys.map(({ name, isOn }) => html`<span class=${isOn ? '' : 'off'}><kbd>${name}</kbd></span> `)}</dt><dd>${what}</dd>`,
      )}</dl>
      <p>${words.onMap}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-keys': KeysDialog;
  }
}
