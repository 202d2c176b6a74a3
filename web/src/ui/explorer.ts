import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { BEFORE, formatBeside, parseBeside } from '../core/beside.ts';
import { KERNELS } from '../generated/tables.ts';
import type { DrawOrder } from '../map/painter.ts';
import type { FromWorker, Kept, Place, SideNumber, SourceInfo, Theme, View } from '../protocol.ts';
import type { CallWords } from '../words/calls.ts';
import type { Language } from '../words/index.ts';
import { capital, plain } from '../words/parts.ts';
import { type DifferenceTable, loadDifferences, namesOf, sizeOf } from '../words/sides.ts';
import { ui as uiEn } from '../words/ui.en.ts';
import type { CallBox } from './call-box.ts';
import { CompareMenu } from './compare-menu.ts';
import type { UiTexts } from './element.ts';
import { explorerStyles } from './explorer.css.ts';
import {
  DESK,
  type DeskPanel,
  EXAMPLE,
  formatFragment,
  liveUrl,
  type PageState,
  parseFragment,
  SAMPLE,
} from './fragment.ts';
import { icon } from './icons.ts';
import { actionOf } from './keys.ts';
import { isPreset, parseMachine } from './machine.ts';
import { type Choice, MachineChooser } from './machine-chooser.ts';
import { type MapLook, MapView, WHOLE } from './map-view.ts';
import { contentOf, ON_DEMAND, PANEL_NAMES, type Panel, type PanelName, panelsFor, type Seen } from './panels.ts';
import { START, samePlace, turned } from './place.ts';
import { type Command, Playback } from './playback.ts';
import { headOf, recogniseText, sortOut } from './recognise.ts';
import { RunMenu } from './run-menu.ts';
import { besideOf, isShipped, type RunName } from './runs.ts';
import { SentenceView } from './sentence-view.ts';
import type { Inspection, Session, Trouble } from './session.ts';
import type { Saved } from './share-dialog.ts';
import { loadTeller, needsTeller, sentenceOf, type Teller } from './teller.ts';
import { readTheme } from './theme.ts';
import { Timeline } from './timeline.ts';
import type { Range } from './touched.ts';
import { Transport } from './transport.ts';

/** What is open, and what was chosen for it. */
type Opened = Record<'run' | 'live' | 'packed' | 'kept' | 'machine' | 'kernel' | 'runText', string | null> & {
  compare: readonly string[];
  isShort: boolean;
};
const AS_IT_IS: Opened = {
  run: null,
  live: null,
  packed: null,
  kept: null,
  machine: null,
  kernel: null,
  compare: [],
  runText: null,
  isShort: false,
};

/** A source, and how it looks at the place shown. */
interface Shown {
  source: SourceInfo;
  view: View;
}

/** The elements of the first picture; naming them here keeps their modules in the build. All others are fetched when needed. */
export const parts = [MapView, SentenceView, MachineChooser, RunMenu, CompareMenu, Timeline, Transport];

/** Wide enough for everything side by side; the same width stands in the style sheets. */
const WIDE = matchMedia('(min-width: 1100px)');
/** Room for the chart, unless somebody puts it away. */
const ROOMY = matchMedia(`${WIDE.media} and (min-height: 800px)`);
/** Room for that of several sides, which is larger. */
const TALL = matchMedia(`${WIDE.media} and (min-height: 880px)`);
/** Runs of the viewer's own up to this size can be carried over to another machine. */
const MOST_TEXT = 1 << 22;
type Pictured = CustomEvent<Extract<FromWorker, { type: 'pictured' }>>;
type SavedRun = CustomEvent<Extract<FromWorker, { type: 'saved' }>>;
type Edited = CustomEvent<Extract<FromWorker, { type: 'edited' }>>;
/** So many panels stand below the sentence, the others beside it. */
const IN_WORDS = 2;
/** How long the fragment waits while steps follow each other quickly: browsers limit how often it may change. */
const SETTLE = 200;

function preferred(): Language {
  return navigator.language.startsWith('ru') ? 'ru' : 'en';
}

/**
 * The whole page: it holds what is open and where in time we are, and hands each part what it shows.
 *
 * Set `port` to the engine's worker before it is connected. The <html> element gets `data-ready` when the first view is
 * painted, `data-place` with each view, and `data-digest` at the end of a room.
 */
@customElement('pf-explorer')
export class Explorer extends LitElement {
  static override styles = explorerStyles;

  session!: Session;
  @state() private texts: UiTexts = { lang: 'en', ui: uiEn };
  /** Who tells of operations; null as long as there was none to tell of. */
  @state() private teller: Teller | null = null;
  /** The panels that are open; null: those that are without being asked. */
  @state() private panels: readonly PanelName[] | null = null;
  @state() private theme: Theme | null = null;
  /** Whether to show the chart; null: where there is room. */
  @state() private chartChosen: boolean | null = null;
  /** The chart's own code is there. */
  @state() private hasChart = false;
  /** And that of the chart for several sides. */
  @state() private hasFragmentation = false;
  @state() private marked: Range | null = null;
  @state() private cursor: number | null = null;
  @state() private inspection: Inspection | null = null;
  @state() private mapLook: MapLook = WHOLE;
  @state() private isDropping = false;
  @state() private notice = '';
  @state() private dialog: 'keys' | 'share' | null = null;
  /** What came of a wish of the dialog, where it did not come true. */
  @state() private shareSaid = '';
  /** Letters and signs are keys. */
  @state() private characters = true;
  @state() private isWide = WIDE.matches;
  private isRoomy = ROOMY.matches;
  private isTall = TALL.matches;
  /** The menu or chooser by which something is being opened; it is made anew then, and gets the focus back. */
  private opener = '';
  private run: string | null = EXAMPLE;
  private live: string | null = null;
  /** The machine chosen for the run, as in links; null: the run's own. */
  private machine: string | null = null;
  /** The kernel chosen for it; null: its own. */
  private kernel: string | null = null;
  /** What it is compared with (core/beside.ts). */
  private compare: readonly string[] = [];
  /** The side that the panels show. */
  private side: SideNumber = 0;
  @state() private table: DifferenceTable | null = null;
  /** Of the call box and the code, those that are open; and their words, once they were fetched. */
  @state() private desk: readonly DeskPanel[] = [];
  @state() private calls: CallWords | null = null;
  /** As long as it is open. */
  private callBox: CallBox | null = null;
  /** Of a run that was changed: what it was before, as links know it. */
  private pristine: Opened | null = null;
  /** The text of the run that is open, without a chosen machine or kernel; null where it is no run, or packed. */
  private runText: string | null = null;
  /** The run that is open as a link holds it, where it is the viewer's own and small. */
  private packed: string | null = null;
  /** The future that is kept for it, and as a link holds it, where it is small. */
  private future: Kept | null = null;
  private kept: string | null = null;
  /** The link that is being followed: until it has led somewhere, the address stays as it is. */
  private arriving: PageState | null = null;
  /** The run makes no sense on the machine chosen: a short scenario is shown in its place. */
  private isShort = false;
  private chosenTheme: 'light' | 'dark' | null = null;
  private playback!: Playback;
  private settling = 0;
  private shown: View | null = null;
  private troubled: Trouble | null = null;
  private readonly abort = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.abort;
    const side = (): SideNumber => this.side;
    this.playback = new Playback(this.session, side, () => this.moved());
    this.session.addEventListener('change', () => this.changed(), { signal });
    this.session.addEventListener('inspected', (event) => this.inspected((event as CustomEvent<Inspection>).detail), {
      signal,
    });
    this.addEventListener('pf-compare', (event) => void this.compareFrom(event), { signal });
    this.addEventListener('pf-ask-machine', () => this.renderRoot.querySelector('pf-machine')?.ask(true), { signal });
    this.session.addEventListener('saved', (event) => void this.saved((event as SavedRun).detail), { signal });
    this.session.addEventListener('pictured', (event) => void this.pictured((event as Pictured).detail), { signal });
    this.session.addEventListener('edited', (event) => this.edited((event as Edited).detail), { signal });
    // What the address is now may be what keepState() wrote after it had changed.
    const followed = ({ newURL }: HashChangeEvent): void =>
      void this.restore(parseFragment(new URL(newURL).hash, preferred()));
    addEventListener('hashchange', followed, { signal });
    addEventListener('keydown', (event) => this.key(event), { signal });
    for (const sign of ['pointermove', 'keydown']) addEventListener(sign, () => this.foresee(), { signal, once: true });
    addEventListener('dragover', (event) => this.dragging(event, true), { signal });
    addEventListener('dragleave', (event) => event.relatedTarget === null && this.dragging(event, false), { signal });
    addEventListener('drop', (event) => void this.dropped(event), { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.retheme(), { signal });
    for (const room of [WIDE, ROOMY, TALL]) room.addEventListener('change', () => this.fit(), { signal });
    void this.restore(parseFragment(location.hash, preferred()), true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort.abort();
    this.playback.stop();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('texts')) {
      document.documentElement.lang = this.texts.lang;
      document.title = this.texts.ui.title;
    }
    const { view } = this.session;
    if (view && view === this.shown && this.isWhole) this.painted(view);
    if (this.opener !== '' && !this.session.opening) void this.giveBackFocus();
  }

  private async giveBackFocus(): Promise<void> {
    const opener = this.renderRoot.querySelector<LitElement>(this.opener);
    this.opener = '';
    await opener?.updateComplete;
    if (this.shadowRoot?.activeElement === null) opener?.focus();
  }

  // ------------------------------------------------------------------ state and fragment

  private async restore(state: PageState, isFirst = false): Promise<void> {
    this.chosenTheme = state.theme;
    this.mapLook = state.look;
    this.side = state.side;
    this.panels = state.panels;
    this.chartChosen = state.chart;
    void this.setDesk(state.desk);
    this.cursor = state.frame;
    this.characters = state.characters;
    this.retheme();
    const opened = state.live !== null ? this.openRoom(state.live) : this.reopen(state, isFirst);
    if (state.lang !== this.texts.lang) await this.speak(state.lang);
    await opened;
  }

  private async reopen(state: PageState, isFirst: boolean): Promise<void> {
    const { machine, kernel } = state;
    const isSame =
      state.run === this.runOfLink &&
      state.packed === this.packed &&
      state.kept === this.state.kept &&
      machine === this.machine &&
      kernel === this.kernel;
    if (isFirst || !isSame || this.live !== null) {
      this.arriving = state;
      if (state.packed !== null) return this.openPacked(state.packed, state);
      return this.openNamed(state.run ?? EXAMPLE, state.place, state);
    }
    this.playback.go(state.place);
    this.playback.follow(state.loop, state.speed);
    if (String(state.compare) !== String(this.compare)) await this.compareWith(state.compare);
  }

  private async speak(lang: Language): Promise<void> {
    const texts = { lang, ui: lang === 'ru' ? (await import('../words/ui.ru.ts')).ui : uiEn };
    const [teller, table] = await Promise.all([this.teller && loadTeller(texts), this.table && loadDifferences(lang)]);
    Object.assign(this, { texts, teller, table });
    if (this.desk.length > 0) await this.loadDesk();
    this.keepState();
  }

  private retheme(): void {
    if (this.chosenTheme) document.documentElement.dataset.theme = this.chosenTheme;
    else delete document.documentElement.dataset.theme;
    this.theme = readTheme();
    this.session.post({ type: 'theme', theme: this.theme });
  }

  /** Kept, as every question to a list of media brings the page's style up to date. */
  private fit(): void {
    this.isWide = WIDE.matches;
    this.isRoomy = ROOMY.matches;
    this.isTall = TALL.matches;
    this.requestUpdate();
  }

  private toggleTheme(): void {
    this.chosenTheme = this.theme?.dark ? 'light' : 'dark';
    this.retheme();
    this.keepState();
  }

  private get state(): PageState {
    return {
      run: this.runOfLink,
      packed: this.packed,
      kept: this.isBesidePast ? this.kept : null,
      machine: this.machine,
      kernel: this.kernel,
      compare: this.kept ? this.compare : this.comparedForOthers,
      side: this.side,
      live: this.live,
      place: this.session.place,
      loop: this.playback.loop,
      speed: this.playback.player.speed,
      lang: this.texts.lang,
      theme: this.chosenTheme,
      look: this.mapLook,
      panels: this.panels,
      desk: this.desk,
      chart: this.chartChosen,
      frame: this.cursor,
      characters: this.characters,
    };
  }

  private get isBesidePast(): boolean {
    return this.compare.includes(BEFORE);
  }

  /** What happened before a fork goes with no other run. */
  private get comparedForOthers(): readonly string[] {
    return this.compare.filter((one) => one !== BEFORE);
  }

  /** A changed run is the viewer's own. */
  private get runOfLink(): string | null {
    return this.pristine ? null : this.run;
  }

  private keepState(): void {
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => {
      if (this.arriving) return;
      const hash = formatFragment(this.state, preferred());
      if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname + location.search);
    }, SETTLE);
  }

  /** A run of the viewer's own goes into the link, where it fits. */
  private async packOwn(): Promise<void> {
    const { runText, future } = this;
    const isOwn = this.live === null && this.runOfLink === null;
    if (!isOwn || runText === null || this.packed !== null) return;
    const { packKept, packRun } = await import('./packed-run.ts');
    const [packed, kept] = await Promise.all([packRun(runText), future && packKept(future)]);
    if (runText !== this.runText || future !== this.future) return;
    Object.assign(this, { packed, kept: packed && kept });
    this.keepState();
  }

  // ------------------------------------------------------------------ opening

  private async download(path: string): Promise<ArrayBuffer> {
    const response = await fetch(new URL(path, document.baseURI)).catch(() => null);
    if (!response?.ok) throw new Error(this.texts.ui.notFound);
    return response.arrayBuffer();
  }

  private async openNamed(name: string, place: Place = START, on: Partial<PageState> = {}): Promise<void> {
    this.playback.stop();
    const isSample = name === SAMPLE;
    const path = isSample ? `samples/${name}.trace.gz` : `examples/${name}.jsonl`;
    try {
      const bytes = await this.download(path);
      const start = isSample ? await this.download(`samples/${name}.kpageflags.gz`) : null;
      const runText = isSample ? null : new TextDecoder().decode(bytes);
      const file = path.slice(path.indexOf('/') + 1);
      this.coming = { ...AS_IT_IS, run: name, runText, compare: on.compare ?? [] };
      if (await this.openOn(on.machine ?? null, on.kernel ?? null, place)) return;
      if (isSample) this.session.openTrace(file, bytes, start, place);
      else this.session.openRun(file, bytes, place);
    } catch (error) {
      this.session.fail({ where: 'run', name: path, message: `${path}: ${(error as Error).message}` });
    }
  }

  /** The run that a link brought. */
  private async openPacked(packed: string, on: PageState): Promise<void> {
    this.playback.stop();
    const { LinkError, unpackKept, unpackRun } = await import('./packed-run.ts');
    try {
      const runText = await unpackRun(packed);
      const kept = on.kept === null ? null : await unpackKept(on.kept);
      this.coming = { ...AS_IT_IS, packed, kept: on.kept, runText, compare: on.compare };
      if (await this.openOn(on.machine, on.kernel, on.place)) return;
      this.session.openRun('link.jsonl', new TextEncoder().encode(runText).buffer as ArrayBuffer, on.place, kept);
    } catch (error) {
      const message = error instanceof LinkError ? this.texts.ui.linkFaults[error.fault] : (error as Error).message;
      this.session.fail({ where: 'link', name: '', message });
    }
  }

  /**
   * The run on another machine or kernel: the same operations where they make sense there. False where neither is chosen, or the
   * run does not go on to the kernel.
   */
  private async openOn(machine: string | null, kernel: string | null, place: Place = START): Promise<boolean> {
    const { run, packed, runText, compare } = this.coming ?? this.opened;
    if (machine === null && kernel === null) return false;
    const { kernelOf, kernelRun, machineRun, portable } = await import('./machine-run.ts');
    const own = kernelOf(runText ?? '') || (KERNELS[0]?.name ?? '');
    const on = kernel ?? own;
    const made = parseMachine(machine ?? '');
    const isShort = made !== null && (runText === null || portable(runText, made.nodes.length, made.cpus) === null);
    const text = made
      ? machineRun(made, on, this.titleOf(isShort ? EXAMPLE : run), runText)
      : kernel !== null && kernelRun(runText ?? '', on);
    if (!text) return false;
    this.playback.stop();
    const chosen = { machine: made ? machine : null, kernel: on === own ? null : on };
    this.coming = { ...AS_IT_IS, run, packed, runText, isShort, compare, ...chosen };
    const bytes = new TextEncoder().encode(text);
    this.session.openRun(`${run ?? EXAMPLE}.jsonl`, bytes.buffer as ArrayBuffer, place);
    return true;
  }

  private async openRoom(live: string): Promise<void> {
    this.playback.stop();
    Object.assign(this, { ...AS_IT_IS, live });
    this.coming = null;
    this.session.openLive(liveUrl(live, location.href));
  }

  private async openFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.playback.stop();
    const known = await Promise.all(
      files.map(async (file) => ({ file, kind: recogniseText(file.name, await headOf(file)) })),
    );
    const { main, start } = sortOut(known);
    if (!main) {
      const name = files[0]?.name ?? '';
      this.session.fail({ where: 'trace', name, message: `${name}: ${this.texts.ui.startAlone}` });
      return;
    }
    const bytes = await main.file.arrayBuffer();
    const runText = main.kind === 'run' && main.file.size < MOST_TEXT ? new TextDecoder().decode(bytes) : null;
    this.coming = { ...AS_IT_IS, runText, compare: main.kind === 'run' ? this.compare : [] };
    if (main.kind === 'run') this.session.openRun(main.file.name, bytes);
    else this.session.openTrace(main.file.name, bytes, start ? await start.arrayBuffer() : null);
  }

  /** What is being opened: only when that succeeds is what was open before given up. */
  private coming: Opened | null = null;

  private get opened(): Pick<Opened, 'run' | 'packed' | 'runText' | 'compare'> {
    const { packed, runText } = this;
    return { run: this.runOfLink, packed, runText, compare: this.comparedForOthers };
  }

  /** The run was changed: no link leads to it, unless all of it was taken back. */
  private edited({ source, text, kept }: Edited['detail']): void {
    if (source.edits?.canUndo) {
      const { run, live, packed, kept, machine, kernel, compare, runText, isShort } = this;
      this.pristine ??= { run, live, packed, kept, machine, kernel, compare, runText, isShort };
      Object.assign(this, { packed: null, kept: null, machine: null, kernel: null, runText: text });
    } else if (this.pristine) {
      Object.assign(this, { ...this.pristine, compare: this.compare });
      this.pristine = null;
    }
    this.future = kept;
    void this.packOwn();
    if (!source.edits?.before) this.compare = this.comparedForOthers;
  }

  /** The run beside itself, as others carry it out, or as it was before a fork; none: alone again. */
  private async compareWith(wanted: readonly string[]): Promise<void> {
    const compare = wanted.filter((one) => this.canStandBeside(one));
    this.compare = compare;
    if (this.side > compare.length) this.face(0);
    if (compare.length > 0) {
      await this.fetched(this.fetchDifferences());
      if (this.compare !== compare) return;
    }
    this.session.compare(compare);
    this.keepState();
  }

  /** Where sides come or go the call box is moved: what was pressed in it gets the focus back. */
  private async compareFrom(event: CustomEvent<readonly string[]>): Promise<void> {
    const { callBox } = this;
    const isFromBox = callBox !== null && event.composedPath().includes(callBox);
    const isMoved = isFromBox && (this.sides === null) === event.detail.length > 0;
    const place = callBox?.parentNode;
    await this.compareWith(event.detail);
    if (!isMoved) return;
    while (callBox.parentNode === place && !this.session.trouble) {
      await new Promise((told) => this.session.addEventListener('change', told, { once: true }));
      await this.updateComplete;
    }
    if (this.shadowRoot?.activeElement === null) this.callBox?.focusCompare();
  }

  /** The run beside itself on a machine that was chosen. */
  private compareOn({ machine, kernel }: Choice): void {
    const own = this.session.source?.kernel?.name;
    void this.compareWith([formatBeside({ machine, kernel: kernel === own ? null : kernel })]);
  }

  private canStandBeside(one: string): boolean {
    const { source } = this.session;
    if (source?.kind !== 'run') return false;
    if (one === BEFORE) return Boolean(source.edits?.before);
    const elsewhere = parseBeside(one);
    return elsewhere !== null && (elsewhere.machine !== null || elsewhere.kernel !== source.kernel?.name);
  }

  private choose(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    void this.openFiles(files);
  }

  private dragging(event: DragEvent, isOver: boolean): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.isDropping = isOver;
  }

  private async dropped(event: DragEvent): Promise<void> {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.isDropping = false;
    await this.openFiles([...event.dataTransfer.files]);
  }

  // ------------------------------------------------------------------ moving

  /** The parts show this side from now on. */
  private face(side: SideNumber): void {
    if (side === this.side) return;
    this.side = side;
    this.inspection = null;
    if (this.shown) this.look(this.shown);
    this.requestUpdate();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0] as HTMLElement;
    if (target.closest?.('input, select, dialog')) return;
    if (event.key === ' ' && target.closest?.('button, summary, a')) return;
    const action = actionOf(event, this.characters);
    if (!action) return;
    event.preventDefault();
    if (action === 'jump') this.renderRoot.querySelector('pf-transport')?.focusJump(target);
    else if (action === 'chart') this.toggleChart();
    else if (action === 'side') this.face(((this.side + 1) % (1 + this.session.others.length)) as SideNumber);
    else if (action === 'call' || action === 'code') void this.toggleDesk(action);
    else if (action === 'keys') void this.openDialog('keys');
    else if (action === 'let-go') this.pick(null);
    else this.playback.command(action);
  }

  /** The chart is fetched when there is something to draw: not before the first step, unless it is asked for. */
  private async showChart(isAsked = false): Promise<void> {
    if (this.isChart && this.sides && !this.hasFragmentation) {
      await this.fetched(import('./fragmentation-chart.ts'), this.fetchTeller());
      this.hasFragmentation = true;
    }
    if (!this.isChart || this.hasChart || (!isAsked && samePlace(this.session.place, START))) return;
    await this.fetched(import('./chart.ts'), this.fetchTeller());
    this.hasChart = true;
  }

  private get isChart(): boolean {
    return this.chartChosen ?? this.hasRoom;
  }

  /** Room for the chart. */
  private get hasRoom(): boolean {
    return this.sides ? this.isTall : this.isRoomy;
  }

  private toggleChart(): void {
    const chosen = !this.isChart;
    this.chartChosen = chosen === this.hasRoom ? null : chosen;
    void this.showChart(true);
    this.keepState();
  }

  private async openDialog(name: 'keys' | 'share'): Promise<void> {
    await this.fetched(name === 'keys' ? import('./keys-dialog.ts') : import('./share-dialog.ts'));
    this.shareSaid = '';
    this.dialog = name;
  }

  // ------------------------------------------------------------------ call box and code

  private async setDesk(desk: readonly DeskPanel[]): Promise<void> {
    this.desk = desk;
    if (!desk.includes('call')) this.callBox = null;
    if (desk.length > 0) await this.loadDesk();
  }

  private async loadDesk(): Promise<void> {
    const { lang } = this.texts;
    const { loadCalls } = await import('../words/calls.ts');
    const [calls] = await Promise.all([loadCalls(lang), import('./call-box.ts'), import('./code-view.ts')]);
    if (lang === this.texts.lang) this.calls = calls;
    await this.updateComplete;
  }

  /** Opened by key or button, it gets the focus. */
  private async toggleDesk(panel: DeskPanel): Promise<void> {
    const isOpen = this.desk.includes(panel);
    const loaded = this.setDesk(DESK.filter((one) => (one === panel ? !isOpen : this.desk.includes(one))));
    this.keepState();
    await loaded;
    if (isOpen) return;
    await this.updateComplete;
    const element = this.renderRoot.querySelector<LitElement>(panel === 'call' ? 'pf-call-box' : 'pf-code');
    await element?.updateComplete;
    element?.focus();
  }

  /** A frame is to be taken from the map. */
  private picking(isPicking: boolean): void {
    if (isPicking) this.renderRoot.querySelector('pf-map')?.focus();
  }

  /** The one call box, wherever it stands: what was typed and what came of it go with it. */
  private placedCallBox(calls: CallWords): CallBox {
    const { texts, session } = this;
    const { source, view } = session;
    this.callBox ??= document.createElement('pf-call-box');
    const comparing = this.isBesidePast;
    return Object.assign(this.callBox, { texts, session, words: calls, source, view, comparing });
  }

  private deskContent(panel: DeskPanel, calls: CallWords): unknown {
    const { texts, session } = this;
    const { source, view } = session;
    return panel === 'call'
      ? this.placedCallBox(calls)
      : html`<pf-code .texts=${texts} .session=${session} .words=${calls} .source=${source} .view=${view}></pf-code>`;
  }

  /** Of these panels, those that are open; folded away where each has its title to open it by. */
  private deskPanels(panels: readonly DeskPanel[], isFolded: boolean) {
    const { texts, calls } = this;
    return panels.map((panel) => {
      const isOpen = this.desk.includes(panel);
      const content = isOpen && calls ? this.deskContent(panel, calls) : nothing;
      if (!isFolded) return isOpen ? html`<section class=${panel}>${content}</section>` : nothing;
      const toggle = (event: ToggleEvent): void => {
        if ((event.target as HTMLDetailsElement).open !== this.desk.includes(panel)) void this.toggleDesk(panel);
      };
      return html`<details class=${panel} ?open=${isOpen} @toggle=${toggle}><summary>${texts.ui.desk[panel]}</summary><div>${content}</div></details>`;
    });
  }

  // ------------------------------------------------------------------ what the worker says

  private changed(): void {
    const { view, trouble } = this.session;
    if (trouble && trouble !== this.troubled) {
      this.coming = null;
      this.compare = this.session.beside;
    }
    this.troubled = trouble;
    if (view && view !== this.shown) {
      this.shown = view;
      if (this.arriving) this.playback.follow(this.arriving.loop, this.arriving.speed);
      this.arriving = null;
      if (this.coming && !this.session.opening) {
        Object.assign(this, this.coming);
        this.coming = null;
        this.pristine = null;
        this.future = null;
        void this.packOwn();
        void this.compareWith(this.compare);
      }
      this.look(view);
    }
    this.requestUpdate();
  }

  /** Source and view that the parts show: of the side that is faced. */
  private get faced(): { source: SourceInfo | null; view: View | null } {
    const { source, view } = this.session;
    return this.sides?.[this.side] ?? { source, view };
  }

  /** All sides, where several are compared. */
  private get sides(): readonly Shown[] | null {
    const { source, others, view } = this.session;
    if (!source || !view?.others || others.length === 0 || view.others.length !== others.length) return null;
    const views = [view, ...view.others];
    return [source, ...others].map((one, i) => ({ source: one, view: views[i] ?? view }));
  }

  private namesOf(sides: readonly Shown[]): readonly string[] {
    const sources = sides.map(({ source }) => source);
    return this.teller ? namesOf(sources, this.teller.words) : sources.map(() => '');
  }

  private look(shown: View): void {
    this.keepState();
    const { source } = this.faced;
    void this.showChart();
    const { side, cursor } = this;
    if (cursor !== null && source && cursor >= source.frames) this.pick(null);
    else if (cursor !== null) this.session.post({ type: 'inspect', side, pfn: cursor });
    if (this.isWhole) this.announce(shown);
    else void this.fetchWanted().then(() => shown === this.shown && this.announce(shown));
  }

  private announce({ eventsEntry, length }: View): void {
    const { player } = this.playback;
    if (!player.playing || player.speed <= 1) this.notice = this.said(eventsEntry + 1, length);
  }

  private spoken({ source, view }: Shown): string {
    return plain(sentenceOf(this.texts, this.teller, source, view));
  }

  /** The sentence of the place, or both sides' sentences, for those who cannot see them. */
  private said(number: number, length: number): string {
    const { texts, sides } = this;
    const { source, view } = this.session;
    if (!source || !view) return '';
    const told = sides
      ? sides.map((one, i) => `${this.namesOf(sides)[i]}: ${this.spoken(one)}`)
      : [this.spoken({ source, view })];
    return [texts.ui.announce(Math.max(0, number), length), ...told].join(' ');
  }

  private painted(view: View): void {
    const { dataset } = document.documentElement;
    dataset.place = `${view.place.entry}.${view.place.inner}`;
    if (view.digest) dataset.digest = view.digest;
    else delete dataset.digest;
    const { others, compared } = this.session;
    const { entry, others: inner = [] } = view.place;
    if (this.sides && compared >= Math.min(...others.map(({ length }) => length)))
      dataset.other = [entry, ...inner].join('.');
    else delete dataset.other;
    if (!dataset.ready)
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          dataset.ready = 'true';
        }),
      );
  }

  private inspected(inspection: Inspection): void {
    if (inspection.frame?.pfn !== this.cursor || inspection.side !== this.side) return;
    this.inspection = inspection;
    if (!this.isWhole) void this.fetchWanted();
  }

  private pick(pfn: number | null): void {
    this.cursor = pfn;
    if (pfn === null) {
      this.inspection = null;
      this.callBox?.leave();
    } else this.session.post({ type: 'inspect', side: this.side, pfn });
    this.keepState();
  }

  private toPainter(side: SideNumber, order: DrawOrder): void {
    this.session.post({ type: 'draw', side, order }, order.what === 'canvas' ? [order.canvas] : []);
  }

  private moved(): void {
    this.requestUpdate();
    this.keepState();
  }

  private looked(look: MapLook): void {
    this.mapLook = look;
    this.keepState();
  }

  // ------------------------------------------------------------------ the page

  override render() {
    const { texts, sides } = this;
    return html`
      ${this.head()}
      <main class=${sides ? `beside of-${sides.length}` : ''} @pf-mark=${(event: CustomEvent<Range | null>) => {
        this.marked = event.detail;
      }}
        @pf-pick=${(event: CustomEvent<number | null>) => this.pick(event.detail)}
        @pf-picking=${(event: CustomEvent<boolean>) => this.picking(event.detail)}
        @pf-choose=${(event: CustomEvent<number>) => this.callBox?.take(event.detail)}
        @pf-go=${(event: CustomEvent<Place>) => this.playback.goTo(event.detail)}
        @pf-ask=${() => this.session.ask()}>
        ${sides ? this.named(0, sides) : nothing} ${this.map(0)} ${sides ? this.beside(sides) : this.alone()}
        ${this.isWide ? nothing : this.comparing()}
      </main>
      ${this.foot()} ${this.openedDialog()}
      <p class="unseen" aria-live="polite">${this.notice}</p>
      ${this.isDropping ? html`<div class="drop">${texts.ui.drop}</div>` : nothing}
    `;
  }

  private map(side: SideNumber) {
    const { sides } = this;
    const { source, view } = sides?.[side] ?? this.session;
    return html`<pf-map class="map${side}" .name=${sides ? (this.namesOf(sides)[side] ?? '') : ''} .texts=${this.texts} .source=${source} .view=${view} .theme=${this.theme} .marked=${this.marked}
      .cursor=${this.cursor} .mixture=${this.session.mixtures[side] ?? null}
      @pf-mixture=${(event: CustomEvent<Range[]>) => this.session.post({ type: 'mixture', side, ranges: event.detail })}
      .look=${this.mapLook} @pf-look=${(event: CustomEvent<MapLook>) => this.looked(event.detail)}
      @pf-draw=${(event: CustomEvent<DrawOrder>) => this.toPainter(side, event.detail)}></pf-map>`;
  }

  /** One source: the panels about it beside its map. */
  private alone() {
    const { source, view } = this.session;
    // Code takes the place of the steps and the lists beside it, the call box that of the lists; beside code it stands nearer to the map.
    const left = !this.isWide || this.desk.length === 0 ? IN_WORDS : this.desk.includes('code') ? 0 : 1;
    const isBoth = this.isWide && this.desk.length === DESK.length;
    return html`<div class="words">
        <pf-sentence .texts=${this.texts} .teller=${this.teller} .source=${source} .view=${view}></pf-sentence>
        ${this.deskPanels(isBoth ? ['code'] : DESK, !this.isWide)} ${this.panelsOf(source, view).slice(0, left)}
      </div>
      <div class="close">${isBoth ? this.deskPanels(['call'], false) : nothing} ${this.panelsOf(source, view).slice(IN_WORDS)}</div>`;
  }

  /** A side's name over its map, and below it what it did. */
  private named(side: SideNumber, sides: readonly Shown[]) {
    const name = [{ text: this.namesOf(sides)[side] ?? '' }];
    const isFork = sides.some(({ source }) => source.isBefore);
    return html`<h2 class="name${side}">${plain(isFork ? capital(name) : name)}</h2>`;
  }

  private told(side: SideNumber, sides: readonly Shown[]) {
    const { source = null, view = null } = sides[side] ?? {};
    return html`<pf-sentence class="said${side}" .name=${this.namesOf(sides)[side] ?? ''} .texts=${this.texts} .teller=${this.teller} .source=${source} .view=${view}></pf-sentence>`;
  }

  /** Several sources: each side's map and sentence, in what they differ, and the panels of the side that is faced. */
  private beside(sides: readonly Shown[]) {
    const { texts, session, side, faced } = this;
    const { ui } = texts;
    const names = this.namesOf(sides);
    const others = sides.slice(1).map((_, i) => (i + 1) as SideNumber);
    return html`${this.told(0, sides)}
      ${others.map((other) => html`${this.named(other, sides)} ${this.map(other)} ${this.told(other, sides)}`)}
      <div class="column">
        ${
          this.teller
            ? html`<pf-differences .texts=${this.teller} .table=${this.table} .sources=${sides.map(({ source }) => source)} .view=${session.view}
                .groups=${session.differences} .compared=${session.compared}></pf-differences>`
            : nothing
        }
        <div class="facing" role="group" aria-label=${ui.facing}>
          <span aria-hidden="true">${ui.facing}</span>
          ${names.map(
            (name, i) =>
              html`<button aria-pressed=${side === i} @click=${() => this.face(i as SideNumber)}>${name}</button>`,
          )}
          <p>${ui.facingHint(names[side] ?? '', others.length)}</p>
        </div>
        <div class="panels">${this.deskPanels(DESK, true)} ${this.panelsOf(faced.source, faced.view)}</div>
      </div>`;
  }

  /** The panels about one source; the first stand beside the sentence where there is room. */
  private panelsOf(source: SourceInfo | null, view: View | null): unknown[] {
    const { inspection } = this;
    const seen = source && view && { source, view, inspection };
    return panelsFor(source).map((panel) => this.panel(panel, seen));
  }

  private panel(panel: Panel, seen: Seen | null) {
    const { name } = panel;
    const isOpen = this.isOpen(name);
    const toggled = (event: Event): void => this.open(name, (event.target as HTMLDetailsElement).open);
    const zones = Math.min(3, seen?.view.zones.filter(({ size }) => size > 0).length ?? 0);
    return html`<details class="panel ${name}" ?open=${isOpen} @toggle=${toggled} ?data-pcp=${seen?.source.kernel?.hasPcp} ?data-types=${(seen?.source.kernel?.pageblockOrder ?? 0) > 0} data-zones=${zones}
      data-troubles=${Math.min(1, Math.max(0, seen?.view.troublesTotal ?? 0))}><summary><span>${panel.title(this.texts.ui)}</span></summary>
      <div>${isOpen && seen ? contentOf(panel, this.texts, this.teller, seen) : nothing}</div></details>`;
  }

  /** Where there is room, all panels are open, unless one is closed. */
  private get openByThemselves(): readonly PanelName[] {
    return this.isWide && !this.sides ? PANEL_NAMES.filter((name) => !ON_DEMAND.has(name)) : [];
  }

  private isOpen(name: PanelName): boolean {
    return (this.panels ?? this.openByThemselves).includes(name);
  }

  private open(name: PanelName, isOpen: boolean): void {
    if (isOpen === this.isOpen(name)) return;
    const panels = PANEL_NAMES.filter((one) => (one === name ? isOpen : this.isOpen(one)));
    this.panels = String(panels) === String(this.openByThemselves) ? null : panels;
    void this.fetchWanted();
    this.keepState();
  }

  // ------------------------------------------------------------------ what is fetched when it is needed

  /** Panels whose elements are there. */
  private readonly fetchedPanels = new Set<PanelName>();

  /** The open panels that have something to show. */
  private get wanted(): Panel[] {
    const { source, view } = this.faced;
    if (!source || !view) return [];
    const seen = { source, view, inspection: this.inspection };
    return panelsFor(source).filter((panel) => this.isOpen(panel.name) && panel.hint(this.texts.ui, seen) === null);
  }

  private get mustTell(): boolean {
    const { source, view } = this.session;
    return (
      (source !== null && view !== null && needsTeller(source, view)) || this.sides !== null || this.wanted.length > 0
    );
  }

  /** All that the place needs is there. */
  private get isWhole(): boolean {
    return (this.teller !== null || !this.mustTell) && this.wanted.every(({ name }) => this.fetchedPanels.has(name));
  }

  private async fetchWanted(): Promise<void> {
    await this.fetched(this.mustTell && this.fetchTeller(), ...this.wanted.map((panel) => this.fetchPanel(panel)));
    this.requestUpdate();
  }

  /** Waits for parts of the page, and says so where one does not come. */
  private async fetched(...parts: (Promise<unknown> | false)[]): Promise<void> {
    await Promise.all(parts).catch((error: Error) => {
      this.session.fail({ where: 'part', name: '', message: error.message });
    });
  }

  private async fetchDifferences(): Promise<void> {
    const [table] = await Promise.all([
      loadDifferences(this.texts.lang),
      import('./differences.ts'),
      this.fetchTeller(),
    ]);
    this.table = table;
  }

  private async fetchTeller(): Promise<void> {
    while (this.teller?.lang !== this.texts.lang) this.teller = await loadTeller(this.texts);
  }

  private async fetchPanel(panel: Panel): Promise<void> {
    await panel.load();
    this.fetchedPanels.add(panel.name);
  }

  /** Somebody is here: what the first step will need comes while they look. */
  private async foresee(): Promise<void> {
    const open = panelsFor(this.faced.source).filter(({ name }) => this.isOpen(name));
    await Promise.allSettled([loadTeller(this.texts), ...open.map((panel) => panel.load())]);
  }

  private head() {
    const { ui, lang } = this.texts;
    return html`<header>
      <h1>Pageframe</h1>
      ${keyed(this.session.opening ? '' : [this.heading, this.machineName, this.session.source?.kernel?.name].join(), this.what())}
      <nav aria-label=${ui.file}>
        ${
          this.isWide && !this.sides
            ? DESK.map(
                (panel) =>
                  html`<button aria-expanded=${this.desk.includes(panel)} @click=${() => void this.toggleDesk(panel)}>${ui.desk[panel]}</button>`,
              )
            : nothing
        }
        <button title=${ui.openTitle} aria-label=${ui.open} @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}>${ui.openShort}</button>
        <input id="file" type="file" multiple hidden aria-label=${ui.open} @change=${this.choose} />
      </nav>
      <div class="tools" role="group" aria-label=${ui.language}>
        ${(['en', 'ru'] as const).map(
          (code) =>
            html`<button class="quiet" lang=${code} aria-pressed=${lang === code} @click=${() => void this.speak(code)}>${code.toUpperCase()}</button>`,
        )}
        <button class="quiet" aria-label=${ui.theme} title=${ui.theme} @click=${this.toggleTheme}>${icon('theme')}</button>
        <button class="quiet" aria-label=${ui.keys} title=${ui.keys} @click=${() => void this.openDialog('keys')}>?</button>
        <button class="quiet" aria-label=${ui.shared.title} title=${ui.shared.title} @click=${() => void this.openDialog('share')}>${icon('share')}</button>
      </div>
    </header>`;
  }

  /** What a run is shown beside: what it is about, or else what the last one stood beside. */
  private besideRun(run: RunName): readonly string[] {
    const own = besideOf(run);
    return own.length > 0 ? own : this.comparedForOthers;
  }

  private get heading(): string {
    return this.session.source ? this.runTitle : '';
  }

  private get runTitle(): string {
    const title = this.titleOf(this.isShort ? EXAMPLE : this.run);
    return this.pristine ? this.texts.ui.changedRun(title) : title;
  }

  private titleOf(run: string | null): string {
    const { source } = this.session;
    return isShipped(run) ? this.texts.ui.runs[run] : source?.about || source?.name || '';
  }

  private get machineName(): string {
    const { ui } = this.texts;
    if (this.machine !== null && isPreset(this.machine)) return ui.presets[this.machine];
    const { source } = this.session;
    return source ? ui.machineSize(...sizeOf(source)) : '';
  }

  private what() {
    const { ui } = this.texts;
    const { source } = this.session;
    const kind = source?.kind === 'live' ? ui.room : source?.kind === 'trace' ? ui.trace : ui.run;
    const name = this.session.opening ? ui.loading : this.heading;
    const { texts } = this;
    const onRun = async (event: CustomEvent<RunName>): Promise<void> => {
      await this.openNamed(event.detail, START, { compare: this.besideRun(event.detail) });
      this.opener = 'pf-run-menu';
    };
    const onMachine = ({ detail }: CustomEvent<Choice>): void => {
      if (detail.isBeside) return this.compareOn(detail);
      void this.openOn(detail.machine, detail.kernel);
      this.opener = 'pf-machine';
    };
    return html`<div class="what" @pf-run=${onRun} @pf-machine=${onMachine}>
      ${
        source && this.live === null
          ? html`<pf-machine .texts=${texts} .kernel=${source.kernel?.name ?? ''} .machine=${this.machine} .name=${this.machineName}
              .run=${this.runText}></pf-machine>`
          : source?.kernel
            ? html`<span class="kernel">${ui.kernel} <b>${source.kernel.name}</b></span>`
            : nothing
      }
      <pf-run-menu .texts=${texts} .run=${this.isShort ? EXAMPLE : this.run} .label=${kind} .name=${name}></pf-run-menu>${this.isWide ? this.comparing() : nothing}${this.roomState()}
    </div>`;
  }

  /** With what to compare: in the head, or, where there is no room, below everything else. */
  private comparing() {
    const { source } = this.session;
    if (source?.kind !== 'run') return nothing;
    const kept = source.edits?.before ?? null;
    const isBound = source.beginning !== undefined;
    if (isBound && !kept && this.compare.length === 0) return nothing;
    return html`<pf-compare .texts=${this.texts} .kernel=${source.kernel?.name ?? ''} .bound=${isBound} .compare=${this.compare} .kept=${kept}></pf-compare>`;
  }

  private roomState() {
    const { live, opening, length, place } = this.session;
    const { ui } = this.texts;
    if (this.live === null) return nothing;
    const behind = length - place.entry;
    const text = !live
      ? opening
        ? ui.connecting
        : ui.gone
      : live.ended
        ? ui.ended
        : live.connected
          ? ui.following
          : ui.gone;
    return html`<span class="room" data-connected=${live?.connected ?? false}>${text}${
      behind > 0
        ? html` · <button class="link" @click=${() => this.playback.command('last')}>${ui.behind(behind)}</button>`
        : nothing
    }</span>`;
  }

  private foot() {
    const { texts, session } = this;
    const { source, place, length } = session;
    const first = source?.first ?? 0;
    const said = this.said(first + place.entry, first + length);
    const own = turned(place, this.side);
    const { view } = this.faced;
    const { player, loop, markers } = this.playback;
    return html`<footer @pf-go=${(event: CustomEvent<Place>) => this.playback.goTo(event.detail)}
      @pf-command=${(event: CustomEvent<Command>) => this.playback.command(event.detail)} @pf-speed=${(event: CustomEvent<number>) => this.playback.setSpeed(event.detail)}
      @pf-chart=${this.toggleChart} @pf-memory=${(event: CustomEvent<number | null>) => session.askFreeMemory(this.side, event.detail)}>
      ${this.isChart ? this.chart() : nothing}
      <pf-timeline .texts=${texts} .place=${own} .view=${view} .first=${first} .length=${length} .markers=${markers} .loop=${loop} .theme=${this.theme} .said=${said}></pf-timeline>
      <pf-transport .texts=${texts} .place=${own} .first=${first} .length=${length} .total=${view?.innerTotal ?? 0} .playing=${player.playing} .speed=${player.speed}
        .markers=${markers} .loop=${loop} .chart=${this.isChart}></pf-transport>
      ${this.trouble()}
    </footer>`;
  }

  /** Above the timeline: of one source its free memory; of several, how fragmented each is. */
  private chart() {
    const { sides, session, theme } = this;
    if (!sides) return this.memoryChart();
    const sources = sides.map(({ source }) => source);
    return html`<div class="chart">${
      this.hasFragmentation && this.teller
        ? html`<pf-fragmentation .texts=${this.teller} .sources=${sources} .sides=${session.fragmentation} .place=${session.place}
            .length=${session.length} .theme=${theme} .isWide=${this.isWide}></pf-fragmentation>`
        : nothing
    }</div>`;
  }

  private memoryChart() {
    const { texts, session, theme } = this;
    const { source, view } = this.faced;
    const { place, length, memory } = session;
    return html`<div class="chart">${
      this.hasChart && this.teller
        ? html`<pf-chart .texts=${this.teller} .source=${source} .view=${view} .place=${place} .length=${length} .memory=${memory} .theme=${theme}></pf-chart>`
        : html`<p>${texts.ui.chartLater}</p>`
    }</div>`;
  }

  private trouble() {
    const { trouble } = this.session;
    const { ui } = this.texts;
    if (!trouble) return nothing;
    const titles: Readonly<Record<string, string>> = {
      live: ui.failedRoom,
      engine: ui.failedEngine,
      part: ui.failedPart,
      link: ui.failedLink,
      beside: ui.failedBeside,
    };
    const title = titles[trouble.where] ?? ui.failedToOpen(trouble.name);
    return html`<div class="trouble" role="alert"><div><b>${title}</b><p>${trouble.message}</p></div>
      <button @click=${() => this.session.dismiss()}>${ui.close}</button></div>`;
  }

  private openedDialog() {
    const { texts, dialog, characters } = this;
    const close = (): void => {
      this.dialog = null;
    };
    if (dialog === 'keys')
      return html`<pf-keys .texts=${texts} .characters=${characters} @pf-closed=${close} @pf-characters=${this.setCharacters}></pf-keys>`;
    if (dialog === 'share')
      return html`<pf-share .texts=${texts} .address=${this.link} .lacking=${this.lacking} .files=${this.files} .said=${this.shareSaid} @pf-closed=${close}
        @pf-save=${(event: CustomEvent<Saved>) => void this.fetched(this.save(event.detail))}></pf-share>`;
    return nothing;
  }

  private setCharacters({ detail }: CustomEvent<boolean>): void {
    this.characters = detail;
    this.keepState();
  }

  // ------------------------------------------------------------------ for others

  /** The address of what is shown, whatever language its reader prefers. */
  private get link(): string {
    return new URL(formatFragment(this.state, null), location.href).href;
  }

  /** Why the link does not hold what is open. */
  private get lacking(): string {
    const { shared } = this.texts.ui;
    if (this.isBesidePast && this.kept === null && this.packed !== null) return shared.withoutPast;
    if (this.live !== null || this.runOfLink !== null || this.packed !== null) return '';
    return this.session.source?.kind === 'trace' ? shared.ownTrace : shared.tooLarge;
  }

  private get files(): Saved[] {
    return this.session.source?.kind === 'run' ? ['png', 'svg', 'run'] : ['png', 'svg'];
  }

  private async save(what: Saved): Promise<void> {
    if (what === 'run') return this.session.post({ type: 'save' });
    const { pictureLegend } = await import('./picture-legend.ts');
    const { side, texts } = this;
    const { source, view } = this.faced;
    if (!source || !view) return;
    const { ui } = texts;
    const legend = pictureLegend(texts, source, view, this.mapLook.pageblocks !== null);
    const title = [this.runTitle, source.kernel?.name, this.machineName].filter(Boolean).join(', ');
    const text = `${ui.announce(Math.max(0, view.eventsEntry + 1), view.length)} ${this.spoken({ source, view })}`;
    const heads = this.renderRoot.querySelector<MapView>(`.map${side}`)?.headings ?? [];
    this.session.post({ type: 'picture', side, format: what, caption: { title, text, heads, legend } });
  }

  private async pictured({ format, file }: Pictured['detail']): Promise<void> {
    if (!file) {
      this.shareSaid = this.texts.ui.shared.tooMany;
      return;
    }
    const { saveFile, baseName } = await import('./save.ts');
    saveFile(`${baseName(this.session.source?.name ?? '')}.${format}`, file.type, file.bytes);
  }

  private async saved({ name, text }: SavedRun['detail']): Promise<void> {
    const { saveFile, baseName } = await import('./save.ts');
    saveFile(`${baseName(name)}${this.pristine ? '-changed' : ''}.jsonl`, 'application/jsonl', text);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-explorer': Explorer;
  }
}
