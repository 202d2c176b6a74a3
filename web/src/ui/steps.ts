import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { SourceInfo, View } from '../protocol.ts';
import { describeOperation } from '../words/index.ts';
import { PageElement, shared } from './element.ts';
import { afterEvent } from './place.ts';

/** Steps shown at once around the current one. */
const SHOWN = 60;

/**
 * The events of the operation, one sentence each, the current one marked.
 *
 * @fires pf-go, pf-mark, pf-pick
 * @csspart steps
 */
@customElement('pf-steps')
export class Steps extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      ol {
        position: relative;
        list-style: none;
        margin: 4px 0 0;
        padding: 0 4px 0 0;
        overflow: auto;
        flex: 1;
        min-height: 0;
        border-top: 1px solid var(--line);
      }
      li {
        display: grid;
        grid-template-columns: minmax(42px, max-content) 1fr;
        align-items: baseline;
        border-bottom: 1px solid var(--line);
        font-size: 13px;
        line-height: 19px;
        padding: 2px 0;
      }
      li.future {
        color: var(--muted);
      }
      li[aria-current] {
        background: var(--wash);
        box-shadow: inset 3px 0 var(--accent);
      }
      .number {
        border: 0;
        min-height: 24px;
        min-width: 36px;
        padding: 0 8px 0 0;
        text-align: right;
        font: 12px var(--mono);
        color: var(--muted);
      }
      li[aria-current] .number {
        color: var(--ink);
      }
      .more {
        display: block;
        padding: 3px 0 3px 42px;
        color: var(--muted);
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { ui } = this.texts;
    const view = this.view;
    if (!view || !this.source) return nothing;
    const told = describeOperation(this.texts.words, view.events, this.source.kernel, view.operation).events;
    const current = view.place.inner > 0 ? view.happened - 1 : -1;
    const from = Math.max(0, Math.min(view.happened - SHOWN / 2, told.length - SHOWN));
    const to = Math.min(told.length, from + SHOWN);
    const before = from + view.eventsFirst;
    const after = view.eventsTotal - view.eventsFirst - to;
    return html`
      <h2>${ui.steps}</h2>
      ${keyed(
        view.eventsEntry,
        html`<ol part="steps" aria-label=${ui.steps} tabindex="0">
        ${before > 0 ? html`<li class="more">${ui.moreSteps(before)}</li>` : nothing}
        ${told.slice(from, to).map((parts, i) => this.row(view, from + i, parts, current))}
        ${after > 0 ? html`<li class="more">${ui.moreSteps(after)}</li>` : nothing}
      </ol>`,
      )}
    `;
  }

  private row(view: View, index: number, parts: Parameters<PageElement['sentence']>[0], current: number) {
    const number = view.eventsFirst + index + 1;
    const go = (): void => this.tell('pf-go', afterEvent(view.eventsEntry, number - 1, view.eventsTotal));
    return html`<li class=${index >= view.happened ? 'future' : ''} aria-current=${index === current ? 'step' : nothing}>
      <button class="number" @click=${go} aria-label=${this.texts.ui.stepNumber(number, view.eventsTotal)}>${number}</button>
      <span>${this.sentence(parts)}</span>
    </li>`;
  }

  /** Keeps the current step in sight, and nothing else moves. */
  override updated(changed: PropertyValues): void {
    const before: View | null | undefined = changed.get('view');
    const isInside = (view: View | null | undefined): boolean => (view?.place.inner ?? 0) > 0;
    if (!changed.has('view') || !(isInside(this.view) || isInside(before))) return;
    const list = this.renderRoot.querySelector('ol');
    const row = this.renderRoot.querySelector<HTMLElement>('li[aria-current]');
    if (!list) return;
    const top = row ? row.offsetTop - list.clientHeight / 2 + row.clientHeight / 2 : 0;
    // whole rows from the first on: none above the current one is cut
    const first = [...list.querySelectorAll('li')].find((one) => one.offsetTop >= top);
    list.scrollTop = first?.offsetTop ?? 0;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-steps': Steps;
  }
}
