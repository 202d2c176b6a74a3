import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PAGE_SIZE } from '../generated/tables.ts';
import type { ByteRange, SourceInfo, View } from '../protocol.ts';

import { hex } from '../words/parts.ts';
import { PageElement, shared } from './element.ts';
import { type HandOver, handOver } from './memblock.ts';

const WIDTH = 360;
/** Ranges that are named, and blocks. */
const MOST = 8;
const MOST_BLOCKS = 40;

/**
 * memblock's ranges as bars and in numbers, and the pieces that it hands over, block by block.
 *
 * @fires pf-mark, pf-pick
 */
@customElement('pf-memblock')
export class MemblockView extends PageElement {
  static override styles = [
    shared,
    css`
      h3 {
        display: flex;
        justify-content: space-between;
        margin: 6px 0 0;
        font: 600 12px / 17px var(--mono);
        color: var(--ink);
      }
      h3 span {
        font-weight: 400;
        color: var(--muted);
      }
      svg {
        display: block;
        width: 100%;
        height: 14px;
      }
      .frame {
        fill: none;
        stroke: var(--edge);
      }
      .memory {
        fill: var(--boot-free);
        stroke: var(--boot-free-line);
      }
      .reserved {
        fill: var(--reserved);
      }
      .free {
        fill: var(--boot-free);
        stroke: var(--boot-free-line);
      }
      .done {
        fill: var(--buddy-line);
      }
      .now {
        fill: var(--accent);
      }
      p {
        font-size: 12.5px;
        line-height: 17px;
        color: var(--muted);
      }
      .ranges {
        font: 11.5px / 17px var(--mono);
        letter-spacing: -0.02em;
      }
      .told {
        margin: 6px 0;
        color: var(--ink);
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 0 10px;
        margin: 0 0 6px;
        padding: 0;
        list-style: none;
        font: 11.5px / 24px var(--mono);
      }
      section {
        margin-bottom: 10px;
      }
    `,
  ];

  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;

  override render() {
    const { source, view } = this;
    const state = source && view ? handOver(source, view) : null;
    if (!source?.memblock || !state) return nothing;
    const { memblock } = this.texts.words.panels;
    const { memory, reserved } = source.memblock;
    const end = Math.max(...[...memory, ...reserved].map(({ addr, size }) => addr + size));
    return html`<section><h2>${memblock.title}</h2>
      ${this.known(memblock.memory, 'memory', memory, end, state)} ${this.known(memblock.reserved, 'reserved', reserved, end, state)}
      ${this.head(memblock.free, state.pieces.length)}
      ${bar(
        state.pieces.map(([pfn, count], i) => ({
          addr: pfn * PAGE_SIZE,
          size: count * PAGE_SIZE,
          look: lookOf(state, i),
        })),
        end,
      )}
      <p class="told">${this.told(state)}</p>
      ${state.current ? this.blocks(state.current) : nothing}
      <p>${memblock.against}</p></section>`;
  }

  private head(name: string, count: number) {
    return html`<h3>${name} <span>${this.texts.words.panels.memblock.ranges(count)}</span></h3>`;
  }

  /** What memblock knows; while it hands over, in short. */
  private known(name: string, look: string, ranges: readonly ByteRange[], end: number, { current }: HandOver) {
    const { memblock } = this.texts.words.panels;
    const shown = ranges.slice(0, MOST).map(({ addr, size }) => `${hex(addr)}–${hex(addr + size - 1)}`);
    const more = ranges.length > MOST ? `, ${memblock.more(ranges.length - MOST)}` : '';
    return html`${this.head(name, ranges.length)}
      ${bar(
        ranges.map((range) => ({ ...range, look })),
        end,
      )}
      ${current ? nothing : html`<p class="ranges">${shown.join(', ')}${more}</p>`}`;
  }

  private told({ pieces, frames, begun, current }: HandOver) {
    const { memblock } = this.texts.words.panels;
    const all = pieces.reduce((sum, [, count]) => sum + count, 0);
    if (current) return this.sentence(memblock.under(...current.piece, begun, pieces.length, frames));
    return frames === 0 ? memblock.before(pieces.length, all) : memblock.after(pieces.length, frames);
  }

  private blocks({ blocks }: NonNullable<HandOver['current']>) {
    const { memblock } = this.texts.words.panels;
    if (blocks.length === 0) return nothing;
    return html`<p>${memblock.blocks}</p>
      <ol>${blocks.slice(-MOST_BLOCKS).map(({ pfn, order }) => html`<li>${memblock.order(order)}: ${this.link(hex(pfn), [pfn, 2 ** order])}</li>`)}</ol>`;
  }
}

function lookOf({ begun, current }: HandOver, piece: number): string {
  if (current && piece === begun - 1) return 'now';
  return piece < begun ? 'done' : 'free';
}

/** Ranges of bytes on a line from 0 to the end of memory. */
function bar(ranges: readonly (ByteRange & { look: string })[], end: number) {
  const at = (addr: number): number => (addr / end) * WIDTH;
  return html`<svg viewBox="0 0 ${WIDTH} 14" preserveAspectRatio="none" aria-hidden="true">
    ${ranges.map(({ addr, size, look }) => svg`<rect class=${look} x=${at(addr)} y="3" width=${Math.max(0.8, at(size))} height="8" />`)}
    <rect class="frame" x="0.5" y="2.5" width=${WIDTH - 1} height="9" /></svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-memblock': MemblockView;
  }
}
