import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { PageElement, shared } from './element.ts';
import {
  checkForm,
  type Form,
  type FormErrors,
  type FormRow,
  formatMachine,
  formOf,
  isPreset,
  MAX_NODES,
  MAX_RANGES,
  type Machine,
  PRESETS,
  type Preset,
  parseMachine,
} from './machine.ts';

const OWN: Machine = { nodes: [{ start_pfn: 0, pages: 2048 }], memory: [], reserved: [[0, 4096]] };

/**
 * The name of the machine, and a dialog to choose another: presets, or one's own.
 *
 * @fires pf-machine the machine's text for links (machine.ts)
 */
@customElement('pf-machine')
export class MachineChooser extends PageElement {
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
      .presets {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-bottom: 18px;
      }
      .presets button {
        min-height: 40px;
        text-align: left;
      }
      .presets [aria-pressed='true'] {
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
      input {
        width: 100%;
        min-height: 32px;
        color: var(--ink);
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
  /** What the button says. */
  @property() name = '';
  @state() private form: Form = formOf(OWN);
  @state() private errors: FormErrors = {};
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('.open') private button!: HTMLButtonElement;

  override render() {
    const { ui } = this.texts;
    return html`<button class="open" aria-haspopup="dialog" @click=${this.show}>${ui.machineIs} <b>${this.name}</b></button>
      <dialog aria-label=${ui.machineTitle} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
        <h2>${ui.machineTitle}</h2>
        <div class="presets">${(Object.keys(PRESETS) as Preset[]).map(
          (id) =>
            html`<button aria-pressed=${this.machine === id} @click=${() => this.choose(id)}>${ui.presets[id]}</button>`,
        )}</div>
        <form novalidate @submit=${this.submit}>
          <h2>${ui.ownMachine}</h2>
          <p class="hint">${ui.ownHint}</p>
          ${this.rows('nodes', ui.nodesTitle, ui.addNode, MAX_NODES, 1)} ${this.rows('reserved', ui.reservedTitle, ui.addReserved, MAX_RANGES, 0)}
          <p class="unseen" role="alert">${Object.keys(this.errors).length > 0 ? ui.formWrong : nothing}</p>
          <div class="ends"><button class="go">${ui.startMachine}</button><button type="button" @click=${() => this.dialog.close()}>${ui.close}</button></div>
        </form>
      </dialog>`;
  }

  override focus(): void {
    this.button.focus();
  }

  private rows(list: keyof Form, title: string, add: string, most: number, least: number) {
    const { ui } = this.texts;
    const rows = this.form[list];
    return html`<fieldset><legend>${title}</legend>
      ${rows.map((row, i) => {
        const name = `${list}.${i}`;
        return html`<div class="row">${this.field(list, i, 'start', row, ui.startField)}${this.field(list, i, 'size', row, ui.sizeField)}
          ${
            rows.length > least
              ? html`<button type="button" aria-label=${ui.remove(`${title} ${i + (list === 'nodes' ? 0 : 1)}`)} @click=${() => this.change(list, rows.toSpliced(i, 1))}>×</button>`
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

  private field(list: keyof Form, i: number, part: keyof FormRow, row: FormRow, label: string) {
    const name = `${list}.${i}.${part}`;
    const isWrong = this.errors[name] !== undefined;
    const change = (event: Event): void => {
      const rows = this.form[list].map((one, at) =>
        at === i ? { ...one, [part]: (event.target as HTMLInputElement).value } : one,
      );
      this.change(list, rows);
    };
    return html`<label>${label}<input name=${name} autocomplete="off" spellcheck="false" .value=${row[part]} aria-invalid=${isWrong}
      aria-describedby=${isWrong ? `${name}.error` : nothing} @change=${change} /></label>`;
  }

  private error(name: string, found: string) {
    const error = this.errors[name];
    return error
      ? html`<span class="error" id="${name}.error">${this.texts.ui.fieldErrors[error](found)}</span>`
      : nothing;
  }

  private change(list: keyof Form, rows: FormRow[]): void {
    this.form = { ...this.form, [list]: rows };
    if (Object.keys(this.errors).length > 0) this.errors = checkForm(this.form).errors;
  }

  private show(): void {
    const own = this.machine !== null && !isPreset(this.machine) ? parseMachine(this.machine) : null;
    if (own) this.form = formOf(own);
    this.errors = {};
    this.dialog.showModal();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { machine, errors } = checkForm(this.form);
    this.errors = errors;
    if (machine) this.choose(formatMachine(machine));
    else
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  }

  private choose(machine: string): void {
    this.dialog.close();
    this.dispatchEvent(new CustomEvent<string>('pf-machine', { detail: machine, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-machine': MachineChooser;
  }
}
