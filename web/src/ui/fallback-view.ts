import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KernelInfo, SourceInfo, Theft, View } from '../protocol.ts';
import { describeAlone } from '../words/index.ts';
import { PageElement, shared } from './element.ts';

/** Which type borrows from which, by their names; and the types that take no part in it. */
export function lending({ lenders, typeNames }: Pick<KernelInfo, 'lenders' | 'typeNames'>): {
  rows: { type: string; from: string[] }[];
  alone: string[];
} {
  const name = (type: number): string => typeNames[type] ?? '';
  return {
    rows: lenders.map((from, type) => ({ type: name(type), from: from.map(name) })),
    alone: typeNames.slice(lenders.length),
  };
}

/**
 * Who borrows from whom when a type's lists are empty, and the times that it happened up to this place, each a link into the timeline.
 *
 * @fires pf-go, pf-mark, pf-pick
 */
@customElement('pf-fallback')
export class FallbackView extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        min-height: 0;
      }
      .all {
        flex: 1;
        min-width: 0;
        overflow: auto;
      }
      table {
        border-collapse: collapse;
        margin: 2px 0 4px;
        font-size: 12.5px;
        line-height: 20px;
      }
      th,
      td {
        padding: 0 12px 0 0;
        text-align: left;
        font-weight: 400;
      }
      thead th {
        color: var(--muted);
      }
      tbody th {
        font-weight: 600;
      }
      tbody tr {
        border-top: 1px solid var(--line);
      }
      p,
      li {
        font-size: 12.5px;
        line-height: 18px;
      }
      p {
        color: var(--muted);
        margin-bottom: 6px;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 4px 0;
        border-top: 1px solid var(--line);
      }
      li > .at {
        min-height: 24px;
        display: block;
        color: var(--muted);
        box-shadow: none;
        text-decoration: underline;
        text-decoration-color: var(--accent);
        text-decoration-thickness: 2px;
        text-underline-offset: 4px;
      }
      li.here {
        background: var(--wash);
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { view, source } = this;
    const kernel = source?.kernel;
    if (!view || !kernel) return nothing;
    const { fallback } = this.texts.words.panels;
    const { rows, alone } = lending(kernel);
    const latest = [...view.thefts].reverse();
    const pageblock = 2 ** kernel.pageblockOrder;
    return html`<div class="all" tabindex="0" role="region" aria-label=${fallback.title}><h2>${fallback.title}</h2>
      <table><thead><tr><th scope="col">${fallback.type}</th><th scope="col">${fallback.first}</th><th scope="col">${fallback.after}</th></tr></thead>
        <tbody>${rows.map(({ type, from }) => html`<tr><th scope="row">${type}</th>${from.map((name) => html`<td>${name}</td>`)}</tr>`)}</tbody></table>
      ${alone.length > 0 ? html`<p>${fallback.alone(alone.join(', '))}</p>` : nothing}
      <p>${fallback.how(pageblock / 2, pageblock)}</p>
      <h2>${fallback.events(view.theftsTotal)}</h2>
      ${view.theftsTotal === 0 ? html`<p>${fallback.none}</p>` : nothing}
      ${view.theftsTotal > latest.length ? html`<p>${fallback.latest(latest.length)}</p>` : nothing}
      <ol>${latest.map((theft) => this.theft(theft, view, kernel))}</ol></div>`;
  }

  private theft({ entry, inner, asked, taken }: Theft, view: View, kernel: KernelInfo) {
    const { words } = this.texts;
    const first = this.source?.first ?? 0;
    const told = [asked, ...(taken ? [taken] : [])].map((event) => describeAlone(words, event, kernel));
    return html`<li class=${entry === view.eventsEntry ? 'here' : ''}>
      <button class="link at" @click=${() => this.tell('pf-go', { entry, inner })}>${words.panels.fallback.operation(first + entry + 1)}</button>
      ${told.map((parts) => html`${this.sentence(parts)} `)}</li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-fallback': FallbackView;
  }
}
