import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { KERNELS, type KernelTable } from '../generated/tables.ts';
import { machine as en } from '../words/machine.en.ts';
import { machine as ru } from '../words/machine.ru.ts';
import { keepKey, ShellElement, shared } from './element.ts';
import './kernel-gaps.ts';
import {
  type Bits,
  checkForm,
  type Form,
  type FormErrors,
  type FormRow,
  formatMachine,
  formOf,
  isPreset,
  MAX_BYTES,
  MAX_NODES,
  MAX_RANGES,
  type Machine,
  PRESETS,
  type Preset,
  parseMachine,
} from './machine.ts';
import type { Choice } from './machine-chooser.ts';
import { kernelRun } from './machine-run.ts';

const OWN: Machine = { nodes: [{ start_pfn: 0, pages: 2048 }], memory: [], reserved: [[0, 4096]], cpus: 1, bits: 32 };

/** Lists of rows in the form. */
type Rows = 'nodes' | 'reserved';

/**
 * A dialog to choose kernel and machine: machines that are made already, or one's own.
 *
 * @fires pf-machine
 */
@customElement('pf-machine-dialog')
export class MachineDialog extends ShellElement {
  static override styles = [
    shared,
    css`
      dialog {
        white-space: normal;
        color: var(--ink);
        background: var(--paper);
        border: 1px solid var(--edge);
        border-radius: 4px;
        padding: 18px 22px;
        width: min(520px, calc(100vw - 24px));
        max-height: calc(100dvh - 32px);
        overflow: auto;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 35%);
      }
      h2 {
        margin-bottom: 6px;
      }
      .choices {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-bottom: 18px;
      }
      .choices button {
        min-height: 40px;
        text-align: left;
      }
      .choices [aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--wash);
      }
      fieldset {
        border: 0;
        margin: 0 0 12px;
        padding: 0;
      }
      legend {
        padding: 0;
        font-weight: 600;
        font-size: 13px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 32px;
        gap: 2px 8px;
        align-items: end;
        margin-top: 6px;
      }
      label {
        display: grid;
        font-size: 12px;
        color: var(--muted);
      }
      input,
      select {
        width: 100%;
        min-height: 32px;
        color: var(--ink);
        background: var(--paper);
        font: 13px var(--mono);
      }
      input[aria-invalid='true'] {
        border: 2px solid var(--mark);
      }
      .error {
        grid-column: 1 / -1;
        color: var(--mark);
        font-size: 12.5px;
      }
      .purpose {
        margin-bottom: 12px;
      }
      .hint {
        color: var(--muted);
        font-size: 12.5px;
        margin-bottom: 10px;
      }
      .add {
        margin-top: 8px;
      }
      .row > button {
        min-height: 32px;
        padding: 0;
      }
      .ends {
        display: flex;
        gap: 8px;
      }
      .go {
        background: var(--ink);
        color: var(--paper);
        border-color: var(--ink);
      }
    `,
  ];

  /** What is open: a preset, one's own in the form of links, or null for a run with a machine of its own. */
  @property({ attribute: false }) machine: string | null = null;
  /** Of what is open; empty for a trace. */
  @property() kernel = '';
  /** The text of the run; null where it is not known, or no run. */
  @property({ attribute: false }) run: string | null = null;
  /** The kernel for the machine to be chosen; null: that of what is open. */
  @state() private picked: string | null = null;
  /** The choice is to stand beside what is open. */
  @state() private isBeside = false;
  @state() private form: Form = formOf(OWN);
  @state() private errors: FormErrors = {};
  @query('dialog') private dialog!: HTMLDialogElement;

  private get words() {
    return this.texts.lang === 'ru' ? ru : en;
  }

  override render() {
    const { words } = this;
    const { ui } = this.texts;
    return html`<dialog aria-label=${this.isBeside ? words.machineBeside : words.machineTitle} @keydown=${keepKey}>
        ${this.isBeside ? html`<p class="purpose">${words.machineBesideHint}</p>` : nothing}${this.kernels()}
        <h2>${ui.machineIs}</h2>
        <div class="choices">${(Object.keys(PRESETS) as Preset[])
          .filter((id) => PRESETS[id].cpus === 1 || this.table?.hasPcp)
          .map(
            (id) =>
              html`<button aria-pressed=${this.machine === id && !this.isBeside} @click=${() => this.choose(id)}>${ui.presets[id]}</button>`,
          )}</div>
        <form novalidate @submit=${this.submit}>
          <h2>${words.ownMachine}</h2>
          <p class="hint">${words.ownHint}</p>
          ${this.rows('nodes', words.nodesTitle, words.addNode, MAX_NODES, 1)} ${this.rows('reserved', words.reservedTitle, words.addReserved, MAX_RANGES, 0)}
          ${this.width()}
          <p class="unseen" role="alert">${Object.keys(this.errors).length > 0 ? words.formWrong : nothing}</p>
          <div class="ends"><button class="go">${words.startMachine}</button><button type="button" @click=${() => this.dialog.close()}>${ui.close}</button></div>
        </form>
      </dialog>`;
  }

  /** The kernel's table, for what a machine can have there. */
  private get table(): KernelTable | undefined {
    const name = this.picked ?? this.kernel;
    return KERNELS.find((kernel) => kernel.name === name) ?? KERNELS[0];
  }

  private kernels() {
    const { words } = this;
    const { ui } = this.texts;
    const stays = this.picked !== null && this.picked !== this.kernel && !this.isBeside;
    return html`<h2>${ui.kernel}</h2>
      <div class="choices">${KERNELS.map(
        ({ name }) =>
          html`<button aria-pressed=${this.table?.name === name} @click=${() => this.pickKernel(name)}>${name}</button>`,
      )}</div>
      <p class=${stays ? 'hint' : ''} role="status">${stays ? (this.kernel ? words.kernelStays(this.kernel) : words.kernelOfTrace) : nothing}</p>
      <pf-kernel-gaps .texts=${this.texts} .kernel=${this.table?.name ?? ''}></pf-kernel-gaps>`;
  }

  /** A run that can goes there at once; otherwise the kernel is for a machine from below. */
  private pickKernel(kernel: string): void {
    this.picked = kernel;
    const goesAnywhere = this.machine !== null || kernelRun(this.run ?? '', '') !== null;
    if (goesAnywhere && !this.isBeside && kernel !== this.kernel) this.choose(this.machine);
  }

  /** What only some kernels ask of a machine. */
  private width() {
    const { words } = this;
    const bits = (event: Event): void => {
      this.form = { ...this.form, bits: Number((event.target as HTMLSelectElement).value) as Bits };
      this.recheck();
    };
    const cpus = (event: Event): void => {
      this.form = { ...this.form, cpus: (event.target as HTMLInputElement).value };
      this.recheck();
    };
    const isWrong = this.errors.cpus !== undefined;
    const { hasPcp, mayBe64Bit } = this.table ?? {};
    if (!hasPcp && !mayBe64Bit) return nothing;
    return html`<fieldset><legend>${words.processors}</legend><div class="row">
      ${
        hasPcp
          ? html`<label>${words.cpusField}<input name="cpus" inputmode="numeric" autocomplete="off" .value=${this.form.cpus} aria-invalid=${isWrong}
              aria-describedby=${isWrong ? 'cpus.error' : nothing} @input=${cpus} /></label>`
          : nothing
      }
      ${
        mayBe64Bit
          ? html`<label>${words.bitsField}<select name="bits" @change=${bits}>${([32, 64] as const).map(
              (one) => html`<option value=${one} ?selected=${one === this.form.bits}>${words.bits(one)}</option>`,
            )}</select></label>`
          : nothing
      }${this.error('cpus', this.form.cpus)}</div></fieldset>`;
  }

  private rows(list: Rows, title: string, add: string, most: number, least: number) {
    const { words } = this;
    const rows = this.form[list];
    return html`<fieldset><legend>${title}</legend>
      ${rows.map((row, i) => {
        const name = `${list}.${i}`;
        return html`<div class="row">${this.field(list, i, 'start', row, words.startField)}${this.field(list, i, 'size', row, words.sizeField)}
          ${
            rows.length > least
              ? html`<button type="button" aria-label=${words.remove(`${title} ${i + (list === 'nodes' ? 0 : 1)}`)} @click=${() => this.change(list, rows.toSpliced(i, 1))}>×</button>`
              : html`<span></span>`
          }
          ${(['start', 'size'] as const).map((part) => this.error(`${name}.${part}`, row[part]))}</div>`;
      })}
      ${
        rows.length < most
          ? html`<button type="button" class="add" @click=${() => this.change(list, [...rows, { start: '', size: '' }])}>${add}</button>`
          : nothing
      }</fieldset>`;
  }

  private field(list: Rows, i: number, part: keyof FormRow, row: FormRow, label: string) {
    const name = `${list}.${i}.${part}`;
    const isWrong = this.errors[name] !== undefined;
    // With every key: an error that went away only when the field is left would move the button being clicked.
    const change = (event: Event): void => {
      const rows = this.form[list].map((one, at) =>
        at === i ? { ...one, [part]: (event.target as HTMLInputElement).value } : one,
      );
      this.change(list, rows);
    };
    return html`<label>${label}<input name=${name} autocomplete="off" spellcheck="false" .value=${row[part]} aria-invalid=${isWrong}
      aria-describedby=${isWrong ? `${name}.error` : nothing} @input=${change} /></label>`;
  }

  private error(name: string, found: string) {
    const error = this.errors[name];
    return error
      ? html`<span class="error" id="${name}.error">${this.words.fieldErrors[error](found, MAX_BYTES[this.fitted.bits])}</span>`
      : nothing;
  }

  private change(list: Rows, rows: FormRow[]): void {
    this.form = { ...this.form, [list]: rows };
    this.recheck();
  }

  private recheck(): void {
    if (Object.keys(this.errors).length > 0) this.errors = checkForm(this.fitted).errors;
  }

  /**
   * The form without what this kernel does not ask. Where it has one width of addresses, a machine is as wide as it must be: a
   * narrow one can be any kernel's.
   */
  private get fitted(): Form {
    const { hasPcp, mayBe64Bit, bitsPerLong } = this.table ?? {};
    const form = { ...this.form, ...(hasPcp ? {} : { cpus: '1' }) };
    if (mayBe64Bit) return form;
    const narrow: Form = { ...form, bits: 32 };
    return bitsPerLong === 64 && !checkForm(narrow).machine ? { ...form, bits: 64 } : narrow;
  }

  /** Opens it; `isBeside`: what is chosen is to stand beside what is open. */
  show(isBeside: boolean): void {
    this.isBeside = isBeside;
    const own = this.machine !== null && !isPreset(this.machine) ? parseMachine(this.machine) : null;
    if (own) this.form = formOf(own);
    this.errors = {};
    this.picked = null;
    this.dialog.showModal();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { machine, errors } = checkForm(this.fitted);
    this.errors = errors;
    if (machine) this.choose(formatMachine(machine));
    else
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  }

  private choose(machine: string | null): void {
    this.dialog.close();
    const detail: Choice = { machine, kernel: this.table?.name ?? '', isBeside: this.isBeside };
    this.dispatchEvent(new CustomEvent<Choice>('pf-machine', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-machine-dialog': MachineDialog;
  }
}
