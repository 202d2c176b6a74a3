import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { KERNELS } from '../generated/tables.ts';
import type { gaps } from '../words/gaps.en.ts';
import type { Language } from '../words/index.ts';
import type { Translated } from '../words/parts.ts';
import { ShellElement, shared } from './element.ts';

type GapWords = Translated<typeof gaps>;

const loadGaps = async (lang: Language): Promise<GapWords> =>
  lang === 'ru' ? (await import('../words/gaps.ru.ts')).gaps : (await import('../words/gaps.en.ts')).gaps;

/** What the model of a kernel leaves out, folded away under its title. */
@customElement('pf-kernel-gaps')
export class KernelGaps extends ShellElement {
  static override styles = [
    shared,
    css`
      details {
        margin: 0 0 14px;
        font-size: 13px;
        line-height: 18px;
      }
      summary {
        cursor: pointer;
        line-height: 28px;
      }
      ul {
        margin: 0;
        padding: 0 0 0 18px;
        color: var(--muted);
      }
    `,
  ];

  @property() kernel = '';
  @state() private words: GapWords | null = null;
  private told: Language | null = null;

  override willUpdate(): void {
    const { lang } = this.texts;
    if (lang === this.told) return;
    this.told = lang;
    void loadGaps(lang).then((words) => {
      if (lang === this.told) this.words = words;
    });
  }

  override render() {
    const { words } = this;
    const names = KERNELS.find(({ name }) => name === this.kernel)?.gaps ?? [];
    if (!words || names.length === 0) return nothing;
    return html`<details><summary>${words.title(this.kernel)}</summary>
      <ul>${names.map((name) => html`<li>${words.gaps[name]}</li>`)}</ul></details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-kernel-gaps': KernelGaps;
  }
}
