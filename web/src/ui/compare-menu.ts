import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { BEFORE, parseBeside } from '../core/beside.ts';
import { KERNELS } from '../generated/tables.ts';
import type { Edits } from '../protocol.ts';
import { keepKey, ShellElement, shared } from './element.ts';
import { machineText } from './machine-text.ts';

/** What no side can be called. */
const ANOTHER_MACHINE = '@';

/**
 * With what the run is compared: with other kernels, with itself on another machine, with what happened before it was forked, or that
 * it is not.
 *
 * @fires pf-compare what is to stand beside it (core/beside.ts)
 * @fires pf-ask-machine another machine is to be chosen for that
 */
@customElement('pf-compare')
export class CompareMenu extends ShellElement {
  static override styles = [
    shared,
    css`
      select {
        color: var(--ink);
        background: var(--paper);
        padding: 2px 4px;
      }
      @media (max-width: 1299px) {
        select {
          width: 130px;
          text-overflow: ellipsis;
        }
      }
    `,
  ];

  /** The kernel of the run that is open. */
  @property() kernel = '';
  /** It begins with a state, which only this kernel and machine can have. */
  @property({ type: Boolean }) bound = false;
  /** What stands beside it. */
  @property({ attribute: false }) compare: readonly string[] = [];
  /** The run was forked: it can be compared with the future that is kept. */
  @property({ attribute: false }) kept: Edits['before'] = null;

  override render() {
    const { ui } = this.texts;
    const isAlone = this.compare.length === 0;
    return html`<select aria-label=${ui.compare} title=${ui.compareTitle} @change=${this.choose}
      @keydown=${keepKey}>
      <option value="" ?selected=${isAlone}>${isAlone ? `${ui.compare}…` : ui.compareNone}</option>
      ${this.choices.map((beside) => this.option(beside))}
      ${this.bound ? nothing : html`<option value=${ANOTHER_MACHINE}>↔ ${ui.compareMachine}</option>`}
    </select>`;
  }

  /** What there is to choose, and what was chosen elsewhere. */
  private get choices(): (readonly string[])[] {
    const others = KERNELS.map(({ name }) => name).filter((name) => name !== this.kernel);
    const elsewhere = this.bound ? [] : [...others.map((name) => [name]), others];
    const choices = [...(this.kept ? [[BEFORE]] : []), ...elsewhere];
    const isNew = this.compare.length > 0 && !choices.some((beside) => String(beside) === String(this.compare));
    return isNew ? [this.compare, ...choices] : choices;
  }

  private option(beside: readonly string[]) {
    const isChosen = String(beside) === String(this.compare);
    return html`<option value=${beside.join(' ')} ?selected=${isChosen}>↔ ${beside.map((one) => this.nameOf(one)).join(', ')}</option>`;
  }

  private nameOf(beside: string): string {
    const { ui } = this.texts;
    if (beside === BEFORE) return ui.compareBefore(this.kept?.isNew ?? false);
    const { kernel = null, machine = null } = parseBeside(beside) ?? {};
    return [kernel, machine === null ? null : machineText(ui, machine)].filter(Boolean).join(', ');
  }

  override focus(): void {
    this.renderRoot.querySelector('select')?.focus();
  }

  private choose(event: Event): void {
    const select = event.target as HTMLSelectElement;
    const { value } = select;
    if (value !== ANOTHER_MACHINE) return this.fire('pf-compare', value === '' ? [] : value.split(' '));
    select.value = this.compare.join(' '); // until one is chosen
    this.fire('pf-ask-machine', null);
  }

  private fire(type: 'pf-compare' | 'pf-ask-machine', detail: readonly string[] | null): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-compare': CompareMenu;
  }
  interface HTMLElementEventMap {
    'pf-compare': CustomEvent<readonly string[]>;
    'pf-ask-machine': CustomEvent<null>;
  }
}
