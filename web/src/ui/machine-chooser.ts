import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { ShellElement, shared } from './element.ts';
import type { MachineDialog } from './machine-dialog.ts';

/** What to open the run on: a machine's text for links (machine.ts), null for the run's own; and a kernel. */
export interface Choice {
  machine: string | null;
  kernel: string;
  /** It is to stand beside the run that is open. */
  isBeside: boolean;
}

/**
 * The names of kernel and machine; they open the dialog to choose others (machine-dialog.ts), which is fetched then.
 *
 * @fires pf-machine
 */
@customElement('pf-machine')
export class MachineChooser extends ShellElement {
  static override styles = [
    shared,
    css`
      .open {
        border-color: transparent;
        padding: 2px 4px;
        color: var(--muted);
        white-space: nowrap;
      }
      b {
        color: var(--ink);
        font-weight: 600;
      }
      .open::after {
        content: ' ▾';
      }
      @media (max-width: 1299px) {
        .word {
          display: none;
        }
      }
    `,
  ];

  /** What is open: a preset, one's own in the form of links, or null for a run with a machine of its own. */
  @property({ attribute: false }) machine: string | null = null;
  /** What the button says of the machine. */
  @property() name = '';
  /** Of what is open; empty for a trace. */
  @property() kernel = '';
  /** The text of the run, without a chosen machine or kernel; null where it is not known, or no run. */
  @property({ attribute: false }) run: string | null = null;
  @state() private hasDialog = false;
  @query('.open') private button!: HTMLButtonElement;
  @query('pf-machine-dialog') private dialog!: MachineDialog;

  override render() {
    const { ui } = this.texts;
    const { kernel, machine } = this;
    return html`<button class="open" aria-haspopup="dialog" @click=${() => void this.ask(false)}>${
      kernel ? html`<span class="kernel"><span class="word">${ui.kernel} </span><b>${kernel}</b>, </span>` : nothing
    }<span class="word">${kernel ? ui.machineSmall : ui.machineIs} </span><b>${this.name}</b></button>
      ${
        this.hasDialog
          ? html`<pf-machine-dialog .texts=${this.texts} .kernel=${kernel} .machine=${machine} .run=${this.run}></pf-machine-dialog>`
          : nothing
      }`;
  }

  override focus(): void {
    this.button.focus();
  }

  /** Asks for a machine; `isBeside`: one to stand beside what is open. */
  async ask(isBeside: boolean): Promise<void> {
    await import('./machine-dialog.ts');
    this.hasDialog = true;
    await this.updateComplete;
    await this.dialog.updateComplete;
    this.dialog.show(isBeside);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-machine': MachineChooser;
  }
}
