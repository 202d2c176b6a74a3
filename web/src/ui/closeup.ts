import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { STATES } from '../generated/tables.ts';
import type { BootView, FrameView, View } from '../protocol.ts';
import { bitWindow } from './bitmap.ts';
import { hex, PageElement, shared } from './element.ts';
import { touchedBy, type Range } from './touched.ts';

const COLUMNS = 16;
const ROWS = 16;
/** Frames shown large. */
export const MOST = 16;

/** The frames to show large: those of the operation, from the first on. */
export function closeFrames(view: View): number[] {
  const out: number[] = [];
  for (const [pfn, count] of touchedBy(view.events.slice(0, view.happened)))
    for (let i = 0; i < count && out.length < MOST; i++) if (!out.includes(pfn + i)) out.push(pfn + i);
  return out.sort((a, b) => a - b);
}

/**
 * A close look at the frames of the operation: while a boot bitmap lives, its bits around them; later the frames
 * themselves, with number, state and count.
 *
 * @fires pf-mark, pf-pick
 */
@customElement('pf-closeup')
export class Closeup extends PageElement {
  static override styles = [
    shared,
    css`
      :host {
        min-height: 0;
        overflow: auto;
      }
      .frames {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        gap: 4px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
      }
      .frames button {
        width: 100%;
        min-height: 48px;
        padding: 4px 6px;
        text-align: left;
        font: 12px / 18px var(--mono);
        border-radius: 0;
        background-clip: padding-box;
        overflow: hidden;
      }
      .frames small {
        display: block;
        font: 12px / 16px var(--plain);
        white-space: nowrap;
      }
      .frames .buddy,
      .frames .boot-free {
        background: var(--buddy);
        border-color: var(--buddy-line);
      }
      .frames .boot-free {
        background: var(--boot-free);
        border-color: var(--boot-free-line);
      }
      .frames .pcp {
        background: var(--pcp);
        border: 2px dotted var(--pcp-line);
      }
      .frames .allocated {
        background: var(--allocated);
        border-color: var(--allocated-line);
        color: var(--on-allocated);
      }
      .frames .reserved {
        border: 1px solid var(--reserved-line);
        background: color-mix(in srgb, var(--reserved) 35%, var(--paper));
      }
      .frames .lost {
        border: 2px dashed var(--mark);
      }
      svg {
        display: block;
        width: 100%;
        margin-top: 6px;
      }
      text {
        font: 11px var(--mono);
        fill: var(--muted);
      }
      .one {
        fill: var(--reserved);
      }
      .zero {
        fill: var(--boot-free);
        stroke: var(--boot-free-line);
      }
      .now {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2;
      }
      p {
        color: var(--muted);
        font-size: 13px;
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;
  /** What the worker told of the frames shown. */
  @property({ attribute: false }) frames: ReadonlyMap<number, FrameView> = new Map();

  override render() {
    const view = this.view;
    if (!view) return nothing;
    if (view.boots.length > 0) return view.boots.map((boot) => this.bitmap(view, boot));
    const { ui } = this.texts;
    const pfns = closeFrames(view);
    return html`<h2>${ui.framesOf}</h2>
      ${pfns.length === 0 ? html`<p>${ui.noFrames}</p>` : html`<ul class="frames">${pfns.map((pfn) => this.frame(pfn))}</ul>`}`;
  }

  private frame(pfn: number) {
    const name = STATES[this.frames.get(pfn)?.state ?? 1] ?? 'unknown';
    const range: Range = [pfn, 1];
    return html`<li><button class=${name} @click=${() => this.tell('pf-pick', pfn)} @pointerenter=${() => this.mark(range)}
      @pointerleave=${() => this.mark(null)}>${pfn.toString(16)}<small>${this.texts.ui.statesShort[name]}</small></button></li>`;
  }

  private bitmap(view: View, boot: BootView) {
    const { ui } = this.texts;
    const touched = touchedBy(view.events.slice(0, view.happened));
    const last = touched.at(-1)?.[0] ?? null;
    const rows = bitWindow(boot, last, COLUMNS, ROWS);
    const isTouched = (pfn: number): boolean => touched.some(([first, count]) => pfn >= first && pfn < first + count);
    const cells = rows.map((row, y) => svg`
      <text x="40" y=${y * 15 + 11} text-anchor="end">${row.pfn.toString(16)}</text>
      ${row.bits.map((bit, x) => svg`<rect class=${bit ? 'one' : 'zero'} x=${47 + x * 15 + 0.5} y=${y * 15 + 0.5} width="13" height="13" />`)}
      ${row.bits.map((_, x) => (isTouched(row.pfn + x) ? svg`<rect class="now" x=${47 + x * 15} y=${y * 15} width="14" height="14" />` : nothing))}
    `);
    const set = boot.reserved.map(([pfn, count]) => (count > 1 ? `${hex(pfn)}–${hex(pfn + count - 1)}` : hex(pfn))).join(', ');
    return html`<h2>${ui.bitmap(boot.node)}</h2>
      <svg viewBox="0 0 ${47 + COLUMNS * 15} ${rows.length * 15}" role="img" aria-label="${ui.bitmap(boot.node)}: ${ui.states.reserved} ${set}">${cells}</svg>
      <p>${ui.bitmapKey}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-closeup': Closeup;
  }
}
