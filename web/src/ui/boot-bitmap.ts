import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BootView, View } from '../protocol.ts';
import { hex } from '../words/parts.ts';
import { bitWindow, type Scan, scanOf } from './bitmap.ts';
import { PageElement, shared } from './element.ts';
import { touchedAt } from './touched.ts';

const COLUMNS = 32;
const ROWS = 8;
const CELL = 10;
const LEFT = 40;

/** While a node has a boot bitmap: the rows of bits around the frames concerned, those of this operation marked. */
@customElement('pf-boot-bitmap')
export class BootBitmap extends PageElement {
  static override styles = [
    shared,
    css`
      svg {
        display: block;
        width: 100%;
        max-width: 460px;
        margin: 4px 0 10px;
      }
      text {
        font: 9.5px var(--mono);
        fill: var(--muted);
      }
      .one {
        fill: var(--reserved);
      }
      .zero {
        fill: var(--boot-free);
        stroke: var(--boot-free-line);
        stroke-width: 0.6;
      }
      .now {
        fill: none;
        stroke: var(--accent);
        stroke-width: 1.6;
      }
      .window {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1;
        stroke-dasharray: 2 1.5;
        opacity: 0.55;
      }
      .window.last {
        stroke-width: 1.8;
        opacity: 1;
      }
      .window.last.fits {
        stroke: var(--accent);
        stroke-dasharray: none;
      }
      p {
        font-size: 12.5px;
        line-height: 17px;
        min-height: 34px; /* a search comes and goes, what stands below stays */
        color: var(--muted);
        margin-bottom: 8px;
      }
      small {
        font-weight: 400;
        margin-left: 6px;
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;

  override render() {
    const view = this.view;
    return view ? view.boots.map((boot) => this.bitmap(view, boot)) : nothing;
  }

  private bitmap(view: View, boot: BootView) {
    const { ui } = this.texts;
    const touched = touchedAt(view);
    const scan = scanOf(view, boot.node);
    const latest = scan?.windows.at(-1);
    const rows = bitWindow(boot, touched[0]?.[0] ?? latest?.pfn ?? null, COLUMNS, ROWS);
    const box = (name: string, x: number, y: number, count: number, size: number) =>
      svg`<rect class=${name} x=${LEFT + x * CELL} y=${y * CELL} width=${(count - 1) * CELL + size} height=${size} />`;
    const cells = rows.map((row, y) => {
      const within = touched
        .map(([pfn, count]) => [Math.max(pfn, row.pfn), Math.min(pfn + count, row.pfn + row.bits.length)] as const)
        .filter(([from, to]) => to > from);
      return svg`
        <text x=${LEFT - 8} y=${y * CELL + 8} text-anchor="end">${row.pfn.toString(16)}</text>
        ${row.bits.map((bit, x) => box(bit ? 'one' : 'zero', x, y, 1, CELL - 1.2))}
        ${within.map(([from, to]) => box('now', from - row.pfn, y, to - from, CELL - 1.2))}
        ${(scan?.windows ?? []).map((window) => {
          const from = Math.max(window.pfn, row.pfn);
          const to = Math.min(window.pfn + window.count, row.pfn + row.bits.length);
          const look = `window${window === latest ? ' last' : ''}${window.fits ? ' fits' : ''}`;
          return to > from ? box(look, from - row.pfn, y, to - from, CELL - 1.2) : nothing;
        })}
      `;
    });
    const set = boot.reserved
      .map(([pfn, count]) => (count > 1 ? `${hex(pfn)}–${hex(pfn + count - 1)}` : hex(pfn)))
      .join(', ');
    return html`<h2>${ui.bitmap(boot.node)}<small>${ui.bitmapKey}</small></h2>
      <svg viewBox="-1 -1 ${LEFT + COLUMNS * CELL + 2} ${rows.length * CELL + 2}" role="img" aria-label="${ui.bitmap(boot.node)}: ${ui.states.reserved} ${set}">${cells}</svg>
      <p>${scan ? this.searched(scan) : nothing}</p>`;
  }

  /** Where the search began, what it needs, and what came of it so far. */
  private searched({ from, step, pages, windows }: Scan): string {
    const { scan } = this.texts.ui;
    const last = windows.at(-1);
    const end = last?.fits ? scan.fits(hex(last.pfn)) : scan.looked(windows.length);
    return `${scan.begin(hex(from), step, pages)} ${end}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-boot-bitmap': BootBitmap;
  }
}
