import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { colourOf } from '../map/pageblocks.ts';
import { ONLY_MIXED, type View } from '../protocol.ts';
import { pageblockWords } from '../words/pageblocks.ts';
import { digits } from '../words/ui.en.ts';
import { ShellElement, shared } from './element.ts';
import { choice, entry, legend } from './legend.ts';

/**
 * The legend of pageblocks: whether they are drawn, and each migratetype with its edge and its blocks. Pressed ones are shown, the others
 * dimmed; none pressed, all are shown.
 *
 * @fires pf-pageblocks with those to draw (protocol.ts: ONLY_MIXED), or null
 */
@customElement('pf-pageblock-legend')
export class PageblockLegend extends ShellElement {
  static override styles = [
    shared,
    legend,
    css`
      li:first-child button {
        border-color: var(--edge);
        margin-right: 4px;
      }
      svg {
        width: 16px;
        height: 16px;
        fill: none;
        stroke-width: 3;
      }
      @container (max-width: 420px) {
        button {
          padding: 0 5px;
        }
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;
  /** Of the types. */
  @property({ attribute: false }) names: readonly string[] = [];
  /** Those that are drawn; null: none. */
  @property({ attribute: false }) asked: number | null = 0;
  /** Those to draw when they are drawn again. */
  private last = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('asked')) this.last = this.asked ?? this.last;
  }

  override render() {
    const { asked, view, names } = this;
    const words = pageblockWords(this.texts.lang);
    const types = names
      .map((name, type) => ({ name, type, blocks: view?.pageblockTypes[type]?.blocks ?? 0 }))
      .filter(({ blocks }) => blocks > 0);
    const mixed = view?.mixedPageblocks ?? 0;
    const items = html`${types.map(({ name, type, blocks }) => this.item(1 << type, `var(--${colourOf(name)})`, name, blocks, words.only))}
      ${mixed === 0 ? nothing : this.item(ONLY_MIXED, 'var(--ink)', words.mixed, mixed, words.onlyMixed)}`;
    return html`<ul aria-label=${words.name}>
      ${choice(html`${words.name}`, words.toggle, asked !== null, () => this.ask(asked === null ? this.last : null))}
      ${asked === null ? nothing : keyed([mixed > 0, ...types.map(({ name }) => name)].join(), items)}
    </ul>`;
  }

  private item(bit: number, colour: string, name: string, blocks: number, title: string) {
    const asked = this.asked ?? 0;
    const dashes = bit === ONLY_MIXED ? '3 2.2' : nothing;
    const look = html`<svg viewBox="0 0 16 16" aria-hidden="true"><rect x="1.5" y="1.5" width="13" height="13" style="stroke: ${colour}" stroke-dasharray=${dashes} /></svg>`;
    return choice(entry(look, name, digits(blocks)), title, (asked & bit) !== 0, () => this.ask(asked ^ bit));
  }

  private ask(asked: number | null): void {
    this.dispatchEvent(new CustomEvent('pf-pageblocks', { detail: asked }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-pageblock-legend': PageblockLegend;
  }
  interface HTMLElementEventMap {
    'pf-pageblocks': CustomEvent<number | null>;
  }
}
