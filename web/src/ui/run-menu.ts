import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { ShellElement, shared } from './element.ts';
import { RUN_GROUPS, type RunName } from './runs.ts';

/** The menu is no wider than this. */
const MENU = 360;

/**
 * The name of what is open, and a menu of the runs that ship with the page.
 *
 * @fires pf-run the run chosen
 */
@customElement('pf-run-menu')
export class RunMenu extends ShellElement {
  static override styles = [
    shared,
    css`
      :host {
        min-width: 0;
      }
      .open {
        display: flex;
        align-items: baseline;
        gap: 6px;
        max-width: 100%;
        border-color: transparent;
        padding: 2px 4px;
        color: var(--muted);
        white-space: nowrap;
      }
      b {
        color: var(--ink);
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .open::after {
        content: '▾';
      }
      /* The name needs the room; the word is still heard. */
      @media (max-width: 1299px) {
        .open > span {
          position: absolute;
          clip-path: inset(50%);
        }
      }
      .menu {
        white-space: normal;
        position: fixed;
        inset: auto;
        margin: 0;
        padding: 6px;
        border: 1px solid var(--edge);
        border-radius: 4px;
        background: var(--paper);
        color: var(--ink);
        max-width: min(${MENU}px, calc(100vw - 24px));
        max-height: calc(100dvh - 100px);
        overflow: auto;
      }
      .menu:popover-open,
      .of {
        display: grid;
      }
      .of + .of {
        margin-top: 6px;
        padding-top: 6px;
        border-top: 1px solid var(--line);
      }
      .of span {
        padding: 0 10px;
        color: var(--muted);
        font-size: 12px;
      }
      .menu button {
        border-color: transparent;
        text-align: left;
        min-height: 32px;
      }
      .menu [aria-current] {
        font-weight: 600;
        background: var(--wash);
      }
    `,
  ];

  /** What is open, where it ships with the page. */
  @property({ attribute: false }) run: string | null = null;
  @property() label = '';
  @property() name = '';
  @state() private isOpen = false;
  @query('.open') private button!: HTMLButtonElement;
  @query('.menu') private menu!: HTMLElement;

  override render() {
    const { ui } = this.texts;
    return html`<button class="open" popovertarget="menu" aria-expanded=${this.isOpen} title=${this.name}><span>${this.label}</span> <b>${this.name}</b></button>
      <div class="menu" id="menu" popover role="group" aria-label=${ui.runMenu} @beforetoggle=${this.place} @toggle=${this.toggled} @keydown=${this.key}>${RUN_GROUPS.map(
        ({ kernel, beside, runs }) => {
          const head = [kernel || ui.trace, ...beside].join(', ');
          return html`<div class="of" role="group" aria-label=${head}><span aria-hidden="true">${head}</span>${runs.map(
            (run) =>
              html`<button aria-current=${run === this.run ? 'true' : nothing} @click=${() => this.choose(run)}>${ui.runs[run]}</button>`,
          )}</div>`;
        },
      )}</div>`;
  }

  override focus(): void {
    this.button.focus();
  }

  private place(event: ToggleEvent): void {
    if (event.newState === 'closed') {
      if (this.menu.contains(this.shadowRoot?.activeElement ?? null)) this.button.focus();
      return;
    }
    const box = this.button.getBoundingClientRect();
    this.menu.style.left = `${Math.max(12, Math.min(box.left, innerWidth - 12 - MENU))}px`;
    this.menu.style.top = `${box.bottom + 4}px`;
  }

  private toggled(event: ToggleEvent): void {
    this.isOpen = event.newState === 'open';
    if (!this.isOpen) return;
    const current = this.menu.querySelector<HTMLElement>('[aria-current]');
    (current ?? this.menu.querySelector('button'))?.focus();
  }

  private key(event: KeyboardEvent): void {
    const items = [...this.menu.querySelectorAll<HTMLElement>('button')];
    const at = items.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    if (to !== undefined) event.preventDefault();
    event.stopPropagation(); // here no key moves in time
  }

  private choose(run: RunName): void {
    this.menu.hidePopover();
    this.dispatchEvent(new CustomEvent<RunName>('pf-run', { detail: run, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-run-menu': RunMenu;
  }
}
