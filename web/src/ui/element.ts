/**
 * What all elements of the page share: the words, the look, and the events by which they talk to the explorer.
 *
 * Where another operation brings other words, they are new elements (keyed()): what stood there before does not move.
 */
import { type CSSResultGroup, css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Place } from '../protocol.ts';
import type { Language, Part, Words } from '../words/index.ts';
import type { UiWords } from '../words/ui.en.ts';
import type { Range } from './touched.ts';

/** What the page's own controls say. */
export interface UiTexts {
  lang: Language;
  ui: UiWords;
}

/** And what is told of operations. */
export interface Texts extends UiTexts {
  words: Words;
}

/** Keys typed into a field are the field's, and not the page's. */
export const keepKey = (event: Event): void => event.stopPropagation();

export const shared = css`
  :host {
    display: block;
  }
  * {
    box-sizing: border-box;
  }
  h2 {
    margin: 0;
    font: 600 13px / 20px var(--plain);
    color: var(--muted);
  }
  p {
    margin: 0;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
    background: none;
    border: 1px solid var(--edge);
    border-radius: 4px;
    min-height: 28px;
    min-width: 28px;
    padding: 2px 10px;
  }
  button {
    cursor: pointer;
  }
  button[aria-disabled] {
    cursor: default;
    color: var(--edge);
    border-color: var(--line);
  }
  button:hover:not([aria-disabled]) {
    border-color: var(--ink);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .link {
    display: inline;
    min-height: 0;
    min-width: 0;
    padding: 0;
    border: 0;
    border-radius: 0;
    box-shadow: inset 0 -2px var(--accent);
    line-height: inherit;
    text-align: inherit;
  }
  .link:hover {
    background: var(--wash);
  }
  .held {
    white-space: nowrap;
  }
  code {
    font-family: var(--mono);
    font-size: 0.92em;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

const rangeOf = (part: Part): Range | undefined =>
  part.frames ?? (part.frame === undefined ? undefined : [part.frame, 1]);

/** The sign that a text begins with: behind a link it would begin a line, for a line may end behind any button. */
const signAfter = (part: Part | undefined): string =>
  part && !part.op && !rangeOf(part) ? (/^[,.;:)]+/.exec(part.text)?.[0] ?? '') : '';

/** An element that is there from the first picture on, before there are sentences. */
export abstract class ShellElement extends LitElement {
  static override styles: CSSResultGroup = shared;

  @property({ attribute: false }) texts!: UiTexts;

  /** Shows frames on the map, or none; bubbles up to the explorer. */
  protected mark(range: Range | null): void {
    this.tell('pf-mark', range);
  }

  protected tell(name: 'pf-mark' | 'pf-pick' | 'pf-choose' | 'pf-go', detail: Range | number | Place | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** A sentence's parts; what names frames is a link that shows them on the map. */
  protected sentence(parts: readonly Part[]): TemplateResult[] {
    return parts.map((part, i) => {
      const range = rangeOf(part);
      if (range) {
        const sign = signAfter(parts[i + 1]);
        return sign
          ? html`<span class="held">${this.link(part.text, range)}${sign}</span>`
          : this.link(part.text, range);
      }
      if (part.op) return html`<code>${part.text}</code>`;
      const before = parts[i - 1];
      return html`${before && rangeOf(before) ? part.text.slice(signAfter(part).length) : part.text}`;
    });
  }

  protected link(text: string, range: Range): TemplateResult {
    const on = (): void => this.mark(range);
    const off = (): void => this.mark(null);
    return html`<button class="link" @click=${() => this.tell('pf-pick', range[0])} @pointerenter=${on} @pointerleave=${off}
      @focus=${on} @blur=${off}>${text}</button>`;
  }
}

/** An element that tells of operations: it is shown when the sentences are there. */
export abstract class PageElement extends ShellElement {
  declare texts: Texts;
}

declare global {
  interface HTMLElementEventMap {
    /** Frames to show on the map, [first, count], or null. */
    'pf-mark': CustomEvent<Range | null>;
    /** The frame to look at. */
    'pf-pick': CustomEvent<number | null>;
    /** The frame that was clicked. */
    'pf-choose': CustomEvent<number>;
    /** The place in time to go to. */
    'pf-go': CustomEvent<Place>;
  }
}
