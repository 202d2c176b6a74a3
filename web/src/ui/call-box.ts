import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { BEFORE } from '../core/beside.ts';
import { type ArgInfo, type OpName, PAGE_SIZE, SYSCTLS } from '../generated/tables.ts';
import type { CodeEntry, FromWorker, KernelInfo, NameInfo, Refusal, SourceInfo, View } from '../protocol.ts';
import type { CallWords } from '../words/calls.ts';
import { hex } from '../words/parts.ts';
import { statement } from './c-code.ts';
import {
  argsOf,
  cpusOf,
  EMPTY,
  entryOf,
  type Form,
  fieldsOfForm,
  freshName,
  GROUPS,
  groupOf,
  lastOfKind,
  namesResult,
  TASKS,
  tableOf,
  takesFlags,
  toggled,
} from './call-fields.ts';
import { type Beside, beside } from './code-rows.ts';
import { ShellElement, shared } from './element.ts';
import { icon } from './icons.ts';
import type { Session } from './session.ts';

const FRAMES = new Set(['PFN', 'PFNS', 'ADDR']);
const ALL_FLAGS = /^__GFP_/;

type Message<T extends FromWorker['type']> = CustomEvent<Extract<FromWorker, { type: T }>>;

/**
 * Makes calls: a function and its arguments, the line of C that they are, and what came back. In the past a call forks the run.
 *
 * @fires pf-picking whether a frame is to be taken from the map
 * @fires pf-compare what happened before the fork, or nothing (core/beside.ts)
 * @csspart line
 */
@customElement('pf-call-box')
export class CallBox extends ShellElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      form {
        display: grid;
        gap: 8px;
        margin-top: 4px;
        padding-top: 8px;
        border-top: 1px solid var(--line);
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(6, minmax(0, 1fr));
        gap: 5px 8px;
        align-items: start;
      }
      .fields > * {
        grid-column: span 3;
      }
      .fields > .as,
      .fields > .irq {
        grid-column: span 2;
      }
      .fields > .function,
      .fields > .task {
        grid-column: span 4;
      }
      .fields > .wide {
        grid-column: 1 / -1;
      }
      label,
      .field {
        display: grid;
        gap: 1px;
        font-size: 12px;
        color: var(--muted);
        min-width: 0;
      }
      input,
      select {
        min-width: 0;
        width: 100%;
        min-height: 30px;
        color: var(--ink);
        background: var(--paper);
        font: 13px var(--mono);
      }
      input[type='checkbox'] {
        width: 18px;
        min-width: 18px;
        min-height: 18px;
        margin: 3px;
        accent-color: var(--accent);
      }
      .with {
        display: flex;
        gap: 4px;
      }
      .with button {
        flex: none;
        min-height: 30px;
        min-width: 30px;
        padding: 0;
        display: grid;
        place-items: center;
        color: var(--muted);
      }
      button[aria-pressed='true'] {
        color: var(--accent);
        border-color: var(--accent);
        background: var(--wash);
      }
      .check {
        display: flex;
        align-self: end;
        align-items: center;
        min-height: 30px;
        gap: 2px;
        font: 12px var(--mono);
        color: var(--ink);
      }
      .flags {
        border: 0;
        margin: 0;
        padding: 0;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(132px, 1fr));
      }
      .flags .check {
        min-height: 26px;
      }
      [aria-invalid='true'] {
        border: 2px solid var(--mark);
      }
      .error {
        color: var(--mark);
        font-size: 12.5px;
        line-height: 17px;
      }
      .hint,
      .where {
        color: var(--muted);
        font-size: 12px;
        line-height: 17px;
      }
      .where {
        font-size: 12.5px;
      }
      .past {
        color: var(--ink);
        border-left: 3px solid var(--accent);
        padding-left: 9px;
      }
      .line {
        padding: 4px 9px;
        background: var(--wash);
        border-left: 3px solid var(--accent);
        font: 13px / 19px var(--mono);
        overflow-wrap: anywhere;
      }
      .go {
        background: var(--ink);
        color: var(--paper);
        border-color: var(--ink);
      }
      .result {
        font: 12.5px / 18px var(--mono);
        overflow-wrap: anywhere;
      }
      .result:empty {
        display: none;
      }
      .result b {
        font-weight: 600;
      }
      .wrong {
        color: var(--mark);
      }
      .ends {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        font-size: 13px;
      }
      /* Beside code, near the map: the mask is the longest. */
      @container (max-width: 340px) {
        .fields > .gfp {
          grid-column: span 4;
        }
        .fields > .gfp + .field {
          grid-column: span 2;
        }
        .fields > :is(.task, .irq) {
          grid-column: 1 / -1;
        }
        .ends {
          gap: 5px;
          font-size: 12px;
        }
      }
    `,
  ];

  session!: Session;
  @property({ attribute: false }) words!: CallWords;
  @property({ attribute: false }) source: SourceInfo | null = null;
  @property({ attribute: false }) view: View | null = null;
  /** The run is compared with what happened before the fork. */
  @property({ type: Boolean }) comparing = false;
  @state() private form: Form = EMPTY;
  @state() private names: readonly NameInfo[] = [];
  @state() private refusal: Refusal | null = null;
  /** The call made last, and what came of it. */
  @state() private made: { text: string; beside: Beside } | null = null;
  @state() private showsFlags = false;
  /** The argument that a frame of the map goes into; null: none is waited for. */
  @state() private picking: string | null = null;
  /** The result's name as it was suggested: it may be suggested anew. */
  private suggested = '';
  /** The entry of the call that was made, until its code comes. */
  private awaited = -1;
  /** The field of a frame that had the focus last. */
  private frameField: string | null = null;
  private abort = new AbortController();
  @query('select[name=op]') private select!: HTMLSelectElement | null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.abort = new AbortController(); // it may be moved
    const { signal } = this.abort;
    const on = <T extends FromWorker['type']>(type: T, act: (message: Message<T>['detail']) => void): void =>
      this.session.addEventListener(type, (event) => act((event as Message<T>).detail), { signal });
    on('names', ({ entry, names }) => this.takeNames(entry, names));
    on('refused', ({ refusal }) => this.refused(refusal));
    on('edited', ({ place }) => this.edited(place.entry));
    on('code', ({ entries }) => this.told(entries));
    on('opened', () => this.begin());
    this.askNames();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort.abort();
  }

  /** To what leads to a comparison, and out of it. */
  focusCompare(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.compare')?.focus());
  }

  override focus(): void {
    this.select?.focus();
  }

  private get kernel(): KernelInfo | null {
    return this.source?.kernel ?? null;
  }

  private get entry(): number {
    return this.view ? entryOf(this.view) : 0;
  }

  // ------------------------------------------------------------------ what comes from elsewhere

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) this.askNames();
  }

  /** Another run. */
  private begin(): void {
    this.made = null;
    this.refusal = null;
    this.form = { ...EMPTY, values: { ...EMPTY.values } };
    this.suggested = '';
  }

  private askNames(): void {
    if (this.session.source?.edits) this.session.post({ type: 'names', entry: this.entry });
  }

  private takeNames(entry: number, names: readonly NameInfo[]): void {
    if (entry !== this.entry) return;
    this.names = names;
    if (this.form.as === this.suggested) this.suggest();
  }

  private suggest(): void {
    this.suggested = freshName(this.form.op, this.names);
    this.form = { ...this.form, as: this.suggested };
  }

  private refused(refusal: Refusal): void {
    this.awaited = -1;
    this.refusal = refusal;
    this.made = null;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  }

  private edited(entry: number): void {
    this.refusal = null;
    if (this.awaited === entry - 1) this.session.post({ type: 'code', from: entry - 1, count: 1 });
    else this.made = null;
  }

  /** What came of the call. */
  private told(entries: readonly CodeEntry[]): void {
    const told = entries.find(({ entry }) => entry === this.awaited);
    if (!told) return;
    this.awaited = -1;
    const { text } = statement(JSON.parse(told.line) as Record<string, unknown>, told.binders);
    const said = beside(told, this.kernel, this.words.outcomes);
    const isRefused = told.outcome === 'failed' && namesResult(String(told.operation[0]?.op));
    this.made = { text, beside: isRefused ? { ...said, text: `${said.text}: ${this.words.enomem}` } : said };
  }

  /** A frame of the map goes into the argument that asks for one. */
  take(pfn: number): void {
    const args = argsOf(this.form.op).filter(({ type }) => FRAMES.has(type));
    const wanted = this.picking ?? this.frameField;
    const arg = args.find(({ name }) => name === wanted) ?? args[0];
    if (!arg) return;
    const text = hex(arg.type === 'ADDR' ? pfn * PAGE_SIZE : pfn);
    const before = this.form.values[arg.name] ?? '';
    this.set(arg.name, arg.type === 'PFNS' && before.trim() !== '' ? `${before.trim()}, ${text}` : text);
    if (this.picking !== null) this.renderRoot.querySelector<HTMLElement>(`[name="${arg.name}"]`)?.focus();
    this.pick(null);
  }

  /** No frame after all. */
  leave(): void {
    const { picking } = this;
    this.pick(null);
    if (picking !== null) this.renderRoot.querySelector<HTMLElement>(`[name="${picking}"]`)?.focus();
  }

  // ------------------------------------------------------------------ what is typed

  private set(name: string, text: string): void {
    this.change({ values: { ...this.form.values, [name]: text } }, name);
  }

  /** `field`: what was wrong there is right until the reader says so. */
  private change(part: Partial<Form>, field: string): void {
    this.form = { ...this.form, ...part };
    if (this.refusal && (this.refusal.field === '' || this.refusal.field.startsWith(field))) this.refusal = null;
  }

  private choose(op: OpName): void {
    const values: Record<string, string> = { ...this.form.values };
    for (const arg of argsOf(op)) {
      const isFree = arg.name in values && values[arg.name] !== '';
      if ((arg.type === 'PFN' || arg.type === 'ADDR') && arg.required && !isFree)
        values[arg.name] = lastOfKind(arg, op, this.names);
    }
    this.form = { ...this.form, op, values };
    this.refusal = null;
    this.frameField = null;
    this.suggest();
  }

  private pick(name: string | null): void {
    this.picking = name;
    this.dispatchEvent(new CustomEvent('pf-picking', { detail: name !== null, bubbles: true, composed: true }));
  }

  private submit(event: Event): void {
    event.preventDefault();
    if (!this.kernel) return;
    this.made = null;
    this.awaited = this.entry;
    const text = JSON.stringify(fieldsOfForm(this.form, this.kernel));
    this.session.post({ type: 'call', entry: this.entry, text });
  }

  // ------------------------------------------------------------------ the box

  override render() {
    const { words, source, kernel } = this;
    const title = html`<h2>${words.title}</h2>`;
    if (!source) return title;
    if (!source.edits || !kernel)
      return html`${title}<p class="hint">${source.trace ? words.notInTrace : words.notInRoom}</p>`;
    return html`${title}<form novalidate @submit=${this.submit} @keydown=${this.key} autocomplete="off">
      <div class="fields">${this.naming()}${this.functions(kernel)}${argsOf(this.form.op).map((arg) => this.argument(arg, kernel))}
        ${this.caller(kernel)}</div>
      ${this.error('')}
      <code class="line" part="line" aria-label=${words.line} role="status">${this.code}</code>
      <p class="result" role="status">${this.result()}</p>
      ${this.where(source)}
      ${this.ends(source)}
    </form>`;
  }

  private get code(): string {
    if (!this.kernel) return '';
    const binders = Object.fromEntries(this.names.map(({ name, op }) => [name, op]));
    const { text, note } = statement(fieldsOfForm(this.form, this.kernel), binders);
    return note === '' ? text : `${text} /* ${note} */`;
  }

  private functions(kernel: KernelInfo) {
    const { words } = this;
    const ops = tableOf(kernel.name)?.ops ?? [];
    return html`<label class="function ${namesResult(this.form.op) ? '' : 'wide'}">${words.function}<select name="op" @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value as OpName)}>
      ${GROUPS.map((group) => {
        const own = ops.filter((op) => groupOf(op) === group);
        return own.length === 0
          ? nothing
          : html`<optgroup label=${words.groups[group]}>${own.map(
              (op) => html`<option value=${op} .selected=${op === this.form.op}>${op}</option>`,
            )}</optgroup>`;
      })}</select></label>`;
  }

  private argument(arg: ArgInfo, kernel: KernelInfo) {
    switch (arg.type) {
      case 'GFP':
        return this.flags(kernel);
      case 'NODE':
        return this.node(arg, kernel);
      case 'ORDER':
        return this.text(arg, this.pages);
      case 'DIR':
        return this.options(
          arg.name,
          ['up', 'down'].map((one) => [one, one]),
        );
      case 'SYSCTL':
        return this.options(
          arg.name,
          SYSCTLS.map((one) => [one, one]),
        );
      default:
        return this.text(arg);
    }
  }

  private get pages(): string {
    const order = Number(this.form.values.order?.trim() || 'x');
    return Number.isInteger(order) && order >= 0 && order <= 31 ? `: ${this.words.pages(order)}` : '';
  }

  private label(name: string): string {
    return this.words.args[name] ?? name;
  }

  private text({ name, type, required, default: absent }: ArgInfo, behind = '') {
    const { words } = this;
    const isFrame = FRAMES.has(type);
    const hint = words.hints[type];
    const isWrong = this.isWrong(name);
    const described = [isWrong ? `${name}.error` : '', hint ? `${name}.hint` : '']
      .filter((one) => one !== '')
      .join(' ');
    return html`<div class="field ${type === 'PFNS' || type === 'PAGES3' ? 'wide' : ''}"><label for=${name}>${this.label(name)}${behind}</label>
      <div class="with"><input id=${name} name=${name} spellcheck="false" autocapitalize="off" .value=${live(this.form.values[name] ?? '')}
        placeholder=${required ? '' : type === 'ADDR' ? hex(absent) : String(absent)}
        list=${isFrame && type !== 'PFNS' ? 'names' : nothing} inputmode=${type === 'ORDER' || type === 'COUNT' ? 'numeric' : 'text'}
        aria-invalid=${isWrong} aria-describedby=${described || nothing}
        @focus=${() => {
          this.frameField = isFrame ? name : this.frameField;
        }}
        @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)} />${
          isFrame
            ? html`<button type="button" aria-pressed=${this.picking === name} aria-label=${words.pick(this.label(name))} title=${words.pick(this.label(name))}
                @click=${() => this.pick(this.picking === name ? null : name)}>${icon('pick')}</button>`
            : nothing
        }</div>
      ${isFrame && type !== 'PFNS' ? this.list() : nothing}
      ${this.error(name)}${hint ? html`<span class="hint" id="${name}.hint">${this.picking === name ? words.picking : hint}</span>` : nothing}</div>`;
  }

  private list() {
    return html`<datalist id="names">${this.names.map(({ name, op }) => html`<option value=${name}>${op}</option>`)}</datalist>`;
  }

  private options(name: string, options: readonly string[][]) {
    const value = this.form.values[name] ?? '';
    return html`<label>${this.label(name)}<select name=${name} @change=${(event: Event) => this.set(name, (event.target as HTMLSelectElement).value)}>
      ${options.map(([one, text]) => html`<option value=${one} .selected=${one === value}>${text}</option>`)}</select></label>`;
  }

  /** Only where there are several, or the call has to name one. */
  private node({ name, required, default: absent }: ArgInfo, kernel: KernelInfo) {
    const nodes = kernel.nrNodes ?? 1;
    if (nodes === 1) return nothing;
    const all = Array.from({ length: nodes }, (_, node) => [String(node), String(node)]);
    return this.options(name, required || absent >= 0 ? all : [['', this.words.anyNode], ...all]);
  }

  /** One of the kernel's usual masks, and single flags besides. */
  private flags(kernel: KernelInfo) {
    const { words } = this;
    const all = Object.keys(tableOf(kernel.name)?.gfps ?? {});
    const [usual, single] = [all.filter((one) => !ALL_FLAGS.test(one)), all.filter((one) => ALL_FLAGS.test(one))];
    const { gfp } = this.form;
    const chosen = gfp.find((one) => !ALL_FLAGS.test(one)) ?? '';
    const singles = gfp.filter((one) => ALL_FLAGS.test(one));
    const take = (event: Event): void => {
      const { value } = event.target as HTMLSelectElement;
      this.change({ gfp: value === '' ? singles : [value, ...singles] }, 'gfp');
    };
    return html`<div class="field gfp"><label for="gfp">${this.label('gfp')}</label><div class="with"><select id="gfp" name="gfp" aria-invalid=${this.isWrong('gfp')} @change=${take}>
        ${usual.map((one) => html`<option value=${one} .selected=${one === chosen}>${one}</option>`)}
        <option value="" .selected=${chosen === ''}>${words.noFlags}</option></select>
        <button type="button" aria-expanded=${this.showsFlags} aria-label=${words.flags} title=${words.flags} aria-pressed=${singles.length > 0}
          @click=${() => {
            this.showsFlags = !this.showsFlags;
          }}>${singles.length > 0 ? `+${singles.length}` : '…'}</button></div>${this.error('gfp')}</div>
      ${
        this.showsFlags
          ? html`<fieldset class="flags wide" aria-label=${words.flags}>${single.map(
              (one) =>
                html`<label class="check"><input type="checkbox" name=${one} .checked=${gfp.includes(one)}
                  @change=${() => this.change({ gfp: toggled(gfp, one, kernel.name) }, 'gfp')} />${one}</label>`,
            )}</fieldset>`
          : nothing
      }`;
  }

  /** Who calls, where that makes a difference. */
  private caller(kernel: KernelInfo) {
    const { words, form } = this;
    const cpus = cpusOf(kernel);
    const select = (event: Event): string => (event.target as HTMLSelectElement).value;
    return html`${
      cpus > 1
        ? html`<label class="cpu">${words.cpu}<select name="cpu" @change=${(event: Event) => this.change({ cpu: Number(select(event)) }, 'cpu')}>${Array.from(
            { length: cpus },
            (_, cpu) => html`<option value=${cpu} .selected=${cpu === form.cpu}>${cpu}</option>`,
          )}</select></label>`
        : nothing
    }${
      takesFlags(form.op)
        ? html`<label class="task">${words.task}<select name="task" @change=${(event: Event) => this.change({ task: select(event) as Form['task'] }, 'task')}>${TASKS.map(
            (task) => html`<option value=${task} .selected=${task === form.task}>${words.tasks[task]}</option>`,
          )}</select></label>
          <label class="check irq"><input type="checkbox" name="irq" .checked=${form.irq} @change=${() => this.change({ irq: !form.irq }, 'irq')} />${words.irq}</label>`
        : nothing
    }`;
  }

  private naming() {
    if (!namesResult(this.form.op)) return nothing;
    const isWrong = this.isWrong('as');
    return html`<div class="field as"><label for="as">${this.words.as}</label><input id="as" name="as" spellcheck="false" autocapitalize="off" .value=${live(this.form.as)}
      aria-invalid=${isWrong} aria-describedby=${isWrong ? 'as.error' : nothing}
      @input=${(event: Event) => this.change({ as: (event.target as HTMLInputElement).value }, 'as')} />${this.error('as')}</div>`;
  }

  private isWrong(field: string): boolean {
    const wrong = this.refusal?.field ?? null;
    return wrong === field || (wrong?.startsWith(`${field}[`) ?? false);
  }

  /** `field` empty: what is wrong with the call as a whole, or at a field that is not shown. */
  private error(field: string) {
    const { refusal, words } = this;
    if (!refusal) return nothing;
    const shown = [...argsOf(this.form.op).map(({ name }) => name), 'as'];
    const isElsewhere = !shown.some((name) => this.isWrong(name));
    if (field === '' ? !isElsewhere : !this.isWrong(field)) return nothing;
    const { what, low, high } = refusal.wanted;
    return html`<span class="error" id="${field || 'call'}.error" role="alert">${words.errors[what](low, high, words.found(refusal.found))}</span>`;
  }

  private result() {
    const { made } = this;
    if (!made) return nothing;
    const { text, isWrong } = made.beside;
    // what is no statement (a setting that is written) gives nothing back, not even void
    const result = text || (made.text.endsWith(';') ? 'void' : '');
    return html`<span>${made.text}</span>${result ? html`<b class=${isWrong ? 'wrong' : ''}> → ${result}</b>` : nothing}`;
  }

  /** Where the call goes, and what becomes of what followed. */
  private where({ length }: SourceInfo) {
    const { words, entry } = this;
    const following = length - entry;
    return html`<p class="where ${following > 0 ? 'past' : ''}">${following > 0 ? words.inPast(entry, following) : words.atEnd(entry)}</p>`;
  }

  private ends({ edits }: SourceInfo) {
    const { words } = this;
    if (!edits) return nothing;
    const { before, canUndo, canRedo } = edits;
    const compare = (): void => {
      const detail = this.comparing ? [] : [BEFORE];
      this.dispatchEvent(new CustomEvent('pf-compare', { detail, bubbles: true, composed: true }));
    };
    const change = (how: 'undo' | 'redo' | 'switch') => () => this.session.post({ type: 'change', how });
    const button = (text: string, isOn: boolean, act: () => void, name = '') =>
      html`<button type="button" class=${name} aria-disabled=${isOn ? nothing : 'true'} @click=${isOn ? act : nothing}>${text}</button>`;
    return html`${
      before
        ? html`<p class="where" role="status">${words.forked(before.entry, before.length, before.isNew)}</p>
          <div class="ends">${button(this.comparing ? words.compareEnd : words.compare, true, compare, 'compare')} ${button(words.switch(before.isNew), true, change('switch'))}</div>`
        : nothing
    }<div class="ends"><button class="go">${words.run}</button>${button(words.undo, canUndo, change('undo'))} ${button(words.redo, canRedo, change('redo'))}
      ${button(words.save, true, () => this.session.post({ type: 'save' }))}</div>`;
  }

  /** In here no key moves in time, but Space and Enter do what they do. */
  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      if (this.picking !== null) this.leave();
      else (event.target as HTMLElement).blur(); // keys are the page's again
      event.preventDefault();
    }
    if (event.key !== '?') event.stopPropagation();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-call-box': CallBox;
  }
  interface HTMLElementEventMap {
    'pf-picking': CustomEvent<boolean>;
  }
}
