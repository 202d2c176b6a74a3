import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Difference, DifferenceGroup } from '../core/compare.ts';
import { countBefore } from '../core/search.ts';
import type { Place, SourceInfo, View } from '../protocol.ts';
import { describeDifference } from '../words/differences.ts';
import type { Part } from '../words/index.ts';
import { type DifferenceTable, namesOf } from '../words/sides.ts';
import { PageElement, shared } from './element.ts';

/** The first of the entries that comes after `entry`; -1: there is none. */
function nextEntry(entries: Uint32Array, entry: number): number {
  return entries[countBefore(entries.length, (i) => (entries[i] ?? 0) <= entry)] ?? -1;
}

const has = (entries: Uint32Array, entry: number): boolean => nextEntry(entries, entry - 1) === entry;

/**
 * In what the sides differ from the first: at the operation shown, and in the whole run, each sort once.
 *
 * @fires pf-go, pf-mark, pf-pick
 * @csspart here
 * @csspart all
 */
@customElement('pf-differences')
export class Differences extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 10px;
        min-height: 0;
      }
      section {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .here {
        flex: 0 0 auto;
        max-height: 45%;
      }
      .all {
        flex: 1 1 0;
      }
      ul {
        list-style: none;
        margin: 4px 0 0;
        padding: 0;
        overflow: auto;
        min-height: 0;
        border-top: 1px solid var(--line);
      }
      li {
        padding: 5px 8px 6px;
        border-bottom: 1px solid var(--line);
        font-size: 13px;
        line-height: 19px;
      }
      .here li {
        background: var(--wash);
        box-shadow: inset 3px 0 var(--accent);
        padding-left: 12px;
      }
      .all li[aria-current] {
        box-shadow: inset 3px 0 var(--accent);
      }
      .none {
        color: var(--muted);
        background: none;
        box-shadow: none;
      }
      .all li {
        display: grid;
        grid-template-columns: minmax(44px, auto) 1fr;
        padding-left: 0;
      }
      .all li.none {
        display: block;
      }
      .number {
        justify-self: start;
        align-self: start;
        border: 0;
        min-height: 24px;
        min-width: 36px;
        margin: -3px 0 0;
        padding: 0 8px;
        text-align: right;
        font: 12px var(--mono);
      }
      .more {
        display: flex;
        align-items: baseline;
        gap: 4px;
        color: var(--muted);
      }
      .more button {
        border: 0;
        min-height: 24px;
        padding: 0 6px;
        box-shadow: inset 0 -2px var(--accent);
        border-radius: 0;
        color: var(--ink);
      }
      .looking {
        font-weight: 400;
      }
      @media (max-width: 1099px) {
        .here {
          max-height: none;
        }
        .all {
          flex: none;
        }
        .all ul {
          max-height: 60vh;
        }
      }
    `,
  ];

  @property({ attribute: false }) table: DifferenceTable | null = null;
  /** All sides; the others are held against the first. */
  @property({ attribute: false }) sources: readonly SourceInfo[] = [];
  @property({ attribute: false }) view: View | null = null;
  /** Of each of the others. */
  @property({ attribute: false }) groups: readonly DifferenceGroup[][] = [];
  /** Entries that were compared so far. */
  @property({ type: Number }) compared = 0;

  override render() {
    const { ui } = this.texts;
    const { sources, view } = this;
    if (sources.length < 2 || !view || !this.table) return nothing;
    const length = Math.min(...sources.map((source) => source.length));
    const isLooking = this.compared < length;
    const here = (view.differences ?? []).flatMap((found, of) => found.map((one) => ({ one, of })));
    // How the call ends comes before how that came about.
    here.sort((a, b) => Number(b.one.kind === 'outcome') - Number(a.one.kind === 'outcome'));
    const rows = this.groups.flatMap((groups, of) => groups.map((group) => ({ group, of })));
    rows.sort((a, b) => a.group.first.entry - b.group.first.entry);
    return html`
      <section class="here" part="here" aria-label=${ui.differencesHere}>
        <h2>${ui.differencesHere}</h2>
        <ul tabindex="0">${
          here.length > 0
            ? here.map(({ one, of }) => html`<li>${this.sentence(this.said(one, of))}</li>`)
            : html`<li class="none">${this.noneHere(view.eventsEntry)}</li>`
        }</ul>
      </section>
      <section class="all" part="all" aria-label=${ui.differences}>
        <h2>${ui.differences}${isLooking ? html` <span class="looking">${ui.comparing(this.compared, length)}</span>` : nothing}</h2>
        <ul tabindex="0">${
          rows.length > 0 || isLooking
            ? rows.map(({ group, of }) => this.row(group, of, view.eventsEntry))
            : html`<li class="none">${ui.noDifferences(sources.length)}</li>`
        }</ul>
      </section>
    `;
  }

  /** Why no difference stands at an entry: nothing happened yet, a side ended before it, or all do the same. */
  private noneHere(entry: number): string {
    const { sources, texts } = this;
    if (entry < 0) return texts.ui.differencesNotYet;
    const ended = sources.findIndex(({ length }) => length <= entry);
    if (ended < 0) return texts.ui.noDifferencesHere(sources.length);
    const { first = 0, length = 0 } = sources[ended] ?? {};
    return texts.ui.endedBefore(namesOf(sources, texts.words)[ended] ?? '', first + length);
  }

  /** What the operation shows is in sight; no further than that does the list move. */
  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('view')) return;
    const list = this.renderRoot.querySelector<HTMLElement>('.all ul');
    const row = [...this.renderRoot.querySelectorAll<HTMLElement>('.all li[aria-current]')].at(-1);
    if (!list || !row) return;
    const above = row.offsetTop - list.offsetTop;
    list.scrollTop = Math.min(above, Math.max(list.scrollTop, above + row.offsetHeight - list.clientHeight));
  }

  /** `of`: the number, among the others, of the side that differs from the first. */
  private said(difference: Difference, of: number): Part[] {
    const { table, sources, texts } = this;
    return table ? describeDifference(table, texts.words, difference, sources, of + 1) : [];
  }

  private row({ first, entries }: DifferenceGroup, of: number, entry: number) {
    const { ui } = this.texts;
    const count = entries.length;
    const next = nextEntry(entries, entry);
    const number = (at: number): number => (this.sources[0]?.first ?? 0) + at + 1;
    const more = html`<div class="more">${ui.times(count)}${
      next > first.entry ? this.jump(next, html`${ui.nextAt(number(next))}`, '') : nothing
    }</div>`;
    return html`<li aria-current=${has(entries, entry) ? 'step' : nothing}>
      ${this.jump(first.entry, html`${number(first.entry)}`, 'number', ui.operationAt(number(first.entry)))}
      <div>${this.sentence(this.said(first, of))}${count > 1 ? more : nothing}</div>
    </li>`;
  }

  /** To behind the operation: there is told what it did. */
  private jump(entry: number, text: TemplateResult, kind: string, label?: string) {
    const place: Place = { entry: entry + 1, inner: 0 };
    return html`<button class=${kind} aria-label=${label ?? nothing} @click=${() => this.tell('pf-go', place)}>${text}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-differences': Differences;
  }
}
