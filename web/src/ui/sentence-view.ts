import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { SourceInfo, View } from '../protocol.ts';
import { plain } from '../words/parts.ts';
import { ShellElement, shared } from './element.ts';
import { sentenceOf, type Teller } from './teller.ts';

/** From the largest type to the smallest: long sentences are set smaller, so that they fit where they stand. */
const SIZES = ['', 'long', 'longest', 'vast', 'tiny'];

/**
 * The sentence, large, and under it the call as C or the trace's own line.
 *
 * @fires pf-mark, pf-pick
 * @csspart sentence
 * @csspart code
 */
@customElement('pf-sentence')
export class SentenceView extends ShellElement {
  static override styles = [
    shared,
    css`
      :host {
        --tall: 150px;
        display: flex;
        flex-direction: column;
        gap: 12px;
      }
      .sentence {
        font: 20px / 30px var(--read);
        height: calc(var(--tall) + var(--more, 0px));
        overflow: auto;
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      .long {
        font-size: 17px;
        line-height: 25px;
      }
      .hint {
        display: block;
        margin-top: 6px;
        font: 14px / 22px var(--plain);
        color: var(--muted);
      }
      .code {
        height: 46px;
        overflow: auto hidden;
        scrollbar-width: none;
        border-left: 3px solid var(--accent);
        background: var(--wash);
        padding: 3px 12px;
        font: 13px / 20px var(--mono);
        white-space: pre;
        display: grid;
        align-content: center;
      }
      .code.none {
        background: none;
        border-color: var(--line);
      }
      .code.trace {
        height: 76px;
        font-size: 12px;
        line-height: 17px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        overflow: auto;
      }
      .sentence:has(+ .trace) {
        height: calc(var(--tall) - 30px);
      }
      .after {
        color: var(--muted);
      }
      .longest {
        font-size: 15px;
        line-height: 21px;
      }
      .vast {
        font-size: 13.5px;
        line-height: 17.5px;
      }
      @media (min-width: 1700px) and (min-height: 1000px) {
        :host {
          --tall: 204px;
        }
        .sentence {
          font-size: 23px;
          line-height: 34px;
        }
        .long {
          font-size: 20px;
          line-height: 29px;
        }
        .longest {
          font-size: 18px;
          line-height: 25px;
        }
        .vast {
          font-size: 16px;
          line-height: 21px;
        }
      }
      @media (min-width: 1100px) and (max-height: 800px) {
        :host {
          --tall: 171px;
        }
        .sentence {
          font-size: 17px;
          line-height: 25px;
        }
        .long,
        .longest {
          font-size: 15px;
          line-height: 21px;
        }
        .vast {
          font-size: 13.5px;
          line-height: 17.5px;
        }
      }
      @media (min-width: 1100px) {
        :host {
          container-type: inline-size;
        }
        /* One of three, side by side. */
        @container (max-width: 380px) {
          .sentence {
            font-size: 15px;
            line-height: 21px;
          }
          .vast {
            font-size: 13.5px;
            line-height: 17.5px;
          }
        }
      }
      @media (max-width: 1099px) {
        :host {
          --tall: 162px;
        }
        .sentence {
          font-size: 18px;
          line-height: 27px;
        }
        .long {
          font-size: 16px;
          line-height: 23px;
        }
        .longest {
          font-size: 14px;
          line-height: 20px;
        }
        .vast {
          font-size: 12.5px;
          line-height: 16px;
        }
      }
      .tiny {
        font-size: 12.5px;
        line-height: 16px;
      }
    `,
  ];

  @property({ attribute: false }) teller: Teller | null = null;
  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  /** Whose sentence it is, where there are two. */
  @property() name = '';
  @query('.sentence') private box!: HTMLElement;

  private isFitting = false;
  private readonly resized = new ResizeObserver(() => this.fit());

  override firstUpdated(): void {
    this.resized.observe(this);
  }

  override updated(): void {
    // When what stands beside it has been updated, too: the page is laid out once. Not in the next frame: this one would show it as it was.
    if (!this.isFitting) queueMicrotask(() => this.fit());
    this.isFitting = true;
  }

  /** The largest type in which all of the sentence can be seen. */
  private fit(): void {
    this.isFitting = false;
    for (const size of SIZES) {
      const name = `sentence ${size}`;
      if (this.box.className !== name) this.box.className = name;
      if (this.box.scrollHeight <= this.box.clientHeight) return;
    }
  }

  override render() {
    const { source, view, texts, teller } = this;
    const parts = source && view ? sentenceOf(texts, teller, source, view) : [];
    const isStart = view?.eventsEntry === -1;
    const code = source && view ? (teller?.code(source, view) ?? null) : null;
    const label = (what: string): string => (this.name ? `${this.name}: ${what}` : what);
    return html`
      <div class="sentence" part="sentence" tabindex="0" role="region" aria-label=${label(texts.ui.operation(Math.max(0, (view?.eventsEntry ?? -1) + 1)))}>
        ${keyed(plain(parts), html`<div>${this.sentence(parts)}</div>`)}${isStart ? html`<span class="hint">${texts.ui.startHint}</span>` : nothing}
      </div>
      <div class="code ${code ? (source?.trace ? 'trace' : '') : 'none'}" part="code" tabindex="0" role="region" aria-label=${label(texts.ui.source)}>${
        code ? keyed(code, html`<div><div>${code.text}</div><div class="after">${code.result}</div></div>`) : nothing
      }</div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-sentence': SentenceView;
  }
}
