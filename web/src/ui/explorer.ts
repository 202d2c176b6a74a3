import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Pair } from '../core/compare.ts';
import { KERNELS } from '../generated/tables.ts';
import type { DrawOrder } from '../map/painter.ts';
import type { FrameView, Place, SideNumber, SourceInfo, Theme, View } from '../protocol.ts';
import { type DifferenceTable, loadDifferences, namesOf } from '../words/differences.ts';
import { en, type Language, loadWords } from '../words/index.ts';
import { ui as uiEn } from '../words/ui.en.ts';
import { BootBitmap } from './boot-bitmap.ts';
import { Closeup, closeFrames } from './closeup.ts';
import { CompareMenu } from './compare-menu.ts';
import { ConsoleView } from './console-view.ts';
import type { Texts } from './element.ts';
import { explorerStyles } from './explorer.css.ts';
import { EXAMPLE, formatFragment, liveUrl, type PageState, parseFragment, SAMPLE } from './fragment.ts';
import { icon } from './icons.ts';
import { Inspector } from './inspector.ts';
import { isPreset, kernelOf, kernelRun, machineRun, parseMachine, portable } from './machine.ts';
import { type Choice, MachineChooser } from './machine-chooser.ts';
import { MapText } from './map-text.ts';
import { type MapLook, MapView, WHOLE } from './map-view.ts';
import { Numbers } from './numbers.ts';
import { START, samePlace, stepBack, stepInto, stepOut, stepOver, turned } from './place.ts';
import { advance, PAUSED, type Player, pause, play, wait, withSpeed } from './player.ts';
import { headOf, recogniseText, sortOut } from './recognise.ts';
import { RunMenu } from './run-menu.ts';
import { besideOf, isShipped, type RunName } from './runs.ts';
import { SentenceView, spoken } from './sentence-view.ts';
import type { Inspection, Session } from './session.ts';
import { Steps } from './steps.ts';
import { Structures, structureParts } from './structures.ts';
import { readTheme } from './theme.ts';
import { Timeline } from './timeline.ts';
import type { Range } from './touched.ts';
import { type Command, Transport } from './transport.ts';
import { TroublesView } from './troubles-view.ts';
import { Watermarks } from './watermarks.ts';

/** What is open, and what was chosen for it. */
type Opened = Record<'run' | 'live' | 'machine' | 'kernel' | 'compare' | 'runText', string | null> & {
  isShort: boolean;
};
const AS_IT_IS: Opened = {
  run: null,
  live: null,
  machine: null,
  kernel: null,
  compare: null,
  runText: null,
  isShort: false,
};

/** A source, and how it looks at the place shown. */
interface Shown {
  source: SourceInfo;
  view: View;
}

/** The elements that make the page; naming them here keeps their modules in the build. */
export const parts = [
  MapView,
  SentenceView,
  Steps,
  Closeup,
  Inspector,
  BootBitmap,
  Structures,
  ...structureParts,
  Watermarks,
  ConsoleView,
  TroublesView,
  MachineChooser,
  RunMenu,
  Numbers,
  MapText,
  Timeline,
  Transport,
  CompareMenu,
];

/** Wide enough for everything side by side; the same width stands in the style sheets. */
const WIDE = '(min-width: 1100px)';
/** Runs of the viewer's own up to this size can be carried over to another machine. */
const MOST_TEXT = 1 << 22;
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
  @state() private texts: Texts = { lang: 'en', ui: uiEn, words: en };
  @state() private theme: Theme | null = null;
  @state() private player: Player = PAUSED;
  @state() private marked: Range | null = null;
  @state() private cursor: number | null = null;
  @state() private inspection: Inspection | null = null;
  @state() private mapLook: MapLook = WHOLE;
  @state() private frames: ReadonlyMap<number, FrameView> = new Map();
  @state() private isDropping = false;
  @state() private notice = '';
  @state() private isWide = matchMedia(WIDE).matches;
  /** The menu or chooser by which something is being opened; it is made anew then, and gets the focus back. */
  private opener = '';
  private run: string | null = EXAMPLE;
  private live: string | null = null;
  /** The machine chosen for the run, as in links; null: the run's own. */
  private machine: string | null = null;
  /** The kernel chosen for it; null: its own. */
  private kernel: string | null = null;
  /** The kernel that it is compared with; null: none. */
  private compare: string | null = null;
  /** The side that the panels show. */
  private side: SideNumber = 0;
  @state() private table: DifferenceTable | null = null;
  /** The text of the run that is open, without a chosen machine or kernel; null where it is no run, or packed. */
  private runText: string | null = null;
  /** The run makes no sense on the machine chosen: a short scenario is shown in its place. */
  private isShort = false;
  /** The run makes sense on every kernel. */
  private goesAnywhere = false;
  private chosenTheme: 'light' | 'dark' | null = null;
  private timer = 0;
  private settling = 0;
  private shown: View | null = null;
  private readonly abort = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.abort;
    this.session.addEventListener('change', () => this.changed(), { signal });
    this.session.addEventListener('inspected', (event) => this.inspected((event as CustomEvent<Inspection>).detail), {
      signal,
    });
    addEventListener('hashchange', () => void this.restore(parseFragment(location.hash, preferred())), { signal });
    addEventListener('keydown', (event) => this.key(event), { signal });
    addEventListener('dragover', (event) => this.dragging(event, true), { signal });
    addEventListener('dragleave', (event) => event.relatedTarget === null && this.dragging(event, false), { signal });
    addEventListener('drop', (event) => void this.dropped(event), { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.retheme(), { signal });
    const width = matchMedia(WIDE);
    width.addEventListener('change', () => this.fit(width.matches), { signal });
    void this.restore(parseFragment(location.hash, preferred()), true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort.abort();
    clearTimeout(this.timer);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('texts')) {
      document.documentElement.lang = this.texts.lang;
      document.title = this.texts.ui.title;
    }
    const { view } = this.session;
    if (view && view === this.shown) this.painted(view);
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
    this.retheme();
    const opened = state.live !== null ? this.openRoom(state.live) : this.reopen(state, isFirst);
    if (state.lang !== this.texts.lang) await this.speak(state.lang);
    await opened;
  }

  private async reopen(state: PageState, isFirst: boolean): Promise<void> {
    const isSame = state.run === this.run && state.machine === this.machine && state.kernel === this.kernel;
    if (isFirst || !isSame || this.live !== null) return this.openNamed(state.run ?? EXAMPLE, state.place, state);
    this.go(state.place);
    if (state.compare !== this.compare) await this.compareWith(state.compare);
  }

  private async speak(lang: Language): Promise<void> {
    const [words, ui] = await Promise.all([
      loadWords(lang),
      lang === 'ru' ? import('../words/ui.ru.ts').then((module) => module.ui) : uiEn,
    ]);
    this.texts = { lang, ui, words };
    if (this.table) this.table = await loadDifferences(lang);
    this.keepState();
  }

  private retheme(): void {
    if (this.chosenTheme) document.documentElement.dataset.theme = this.chosenTheme;
    else delete document.documentElement.dataset.theme;
    this.theme = readTheme();
    this.session.post({ type: 'theme', theme: this.theme });
  }

  private fit(isWide: boolean): void {
    this.isWide = isWide;
  }

  private toggleTheme(): void {
    this.chosenTheme = this.theme?.dark ? 'light' : 'dark';
    this.retheme();
    this.keepState();
  }

  private keepState(): void {
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => {
      const state: PageState = {
        run: this.run,
        machine: this.machine,
        kernel: this.kernel,
        compare: this.compare,
        side: this.side,
        live: this.live,
        place: this.session.place,
        lang: this.texts.lang,
        theme: this.chosenTheme,
        look: this.mapLook,
      };
      const hash = formatFragment(state, preferred());
      if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname + location.search);
    }, SETTLE);
  }

  // ------------------------------------------------------------------ opening

  private async fetched(path: string): Promise<ArrayBuffer> {
    const response = await fetch(new URL(path, document.baseURI)).catch(() => null);
    if (!response?.ok) throw new Error(this.texts.ui.notFound);
    return response.arrayBuffer();
  }

  private async openNamed(name: string, place: Place = START, on: Partial<PageState> = {}): Promise<void> {
    this.stop();
    const isSample = name === SAMPLE;
    const path = isSample ? `samples/${name}.trace.gz` : `examples/${name}.jsonl`;
    try {
      const bytes = await this.fetched(path);
      const start = isSample ? await this.fetched(`samples/${name}.kpageflags.gz`) : null;
      const runText = isSample ? null : new TextDecoder().decode(bytes);
      const file = path.slice(path.indexOf('/') + 1);
      this.coming = { ...AS_IT_IS, run: name, runText, compare: on.compare ?? null };
      if (this.openOn(on.machine ?? null, on.kernel ?? null, place)) return;
      if (isSample) this.session.openTrace(file, bytes, start, place);
      else this.session.openRun(file, bytes, place);
    } catch (error) {
      this.session.fail({ where: 'run', name: path, message: `${path}: ${(error as Error).message}` });
    }
  }

  /**
   * The run on another machine or kernel: the same operations where they make sense there. False where neither is chosen, or the
   * run does not go on to the kernel.
   */
  private openOn(machine: string | null, kernel: string | null, place: Place = START): boolean {
    const { run, runText, compare } = this.coming ?? this.opened;
    const own = kernelOf(runText ?? '') || (KERNELS[0]?.name ?? '');
    const on = kernel ?? own;
    const made = parseMachine(machine ?? '');
    const isShort = made !== null && (runText === null || portable(runText, made.nodes.length, made.cpus) === null);
    const text = made
      ? machineRun(made, on, this.titleOf(isShort ? EXAMPLE : run), runText)
      : kernel !== null && kernelRun(runText ?? '', on);
    if (!text) return false;
    this.stop();
    const chosen = { machine: made ? machine : null, kernel: on === own ? null : on };
    this.coming = { ...AS_IT_IS, run, runText, isShort, compare, ...chosen };
    const bytes = new TextEncoder().encode(text);
    this.session.openRun(`${run ?? EXAMPLE}.jsonl`, bytes.buffer as ArrayBuffer, place);
    return true;
  }

  private async openRoom(live: string): Promise<void> {
    this.stop();
    Object.assign(this, { ...AS_IT_IS, live });
    this.coming = null;
    this.session.openLive(liveUrl(live, location.href));
  }

  private async openFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.stop();
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
    this.coming = { ...AS_IT_IS, runText, compare: main.kind === 'run' ? this.compare : null };
    if (main.kind === 'run') this.session.openRun(main.file.name, bytes);
    else this.session.openTrace(main.file.name, bytes, start ? await start.arrayBuffer() : null);
  }

  /** What is being opened: only when that succeeds is what was open before given up. */
  private coming: Opened | null = null;

  private get opened(): Pick<Opened, 'run' | 'runText' | 'compare'> {
    const { run, runText, compare } = this;
    return { run, runText, compare };
  }

  /** The run beside itself, as another kernel carries it out; null: alone again. */
  private async compareWith(kernel: string | null): Promise<void> {
    const { source } = this.session;
    const can = kernel !== null && source?.kind === 'run' && source.kernel?.name !== kernel;
    this.compare = can ? kernel : null;
    if (!can) this.face(0);
    if (can) {
      const [table] = await Promise.all([loadDifferences(this.texts.lang), import('./differences.ts')]);
      if (this.compare !== kernel) return;
      this.table = table;
    }
    this.session.compare(this.compare);
    this.keepState();
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

  private go(place: Place): void {
    this.session.go(place);
    this.requestUpdate();
  }

  private move(place: Place): void {
    this.stop();
    this.go(place);
  }

  /** A move by inner steps: each side has its own, and it is the faced one that moves. */
  private moveFaced(to: (place: Place) => Place): void {
    const { place } = this.session;
    this.move(this.side === 1 ? turned(to(turned(place))) : to(place));
  }

  /** To a place that a part names: its inner steps are those of the side that the parts show. */
  private goTo(place: Place): void {
    if (place.inner === 0) this.move(place);
    else this.moveFaced(({ entry, other = 0 }) => ({ ...place, other: entry === place.entry ? other : 0 }));
  }

  /** The parts show this side from now on. */
  private face(side: SideNumber): void {
    if (side === this.side) return;
    this.side = side;
    this.inspection = null;
    if (this.shown) this.look(this.shown);
    this.requestUpdate();
  }

  private command(command: Command): void {
    const { place, length } = this.session;
    const { view } = this.faced;
    const total = view?.place.entry === place.entry ? view.innerTotal : 0;
    switch (command) {
      case 'first':
        return this.move(START);
      case 'back':
        return this.move(stepBack(place));
      case 'step':
        return this.move(stepOver(place, length));
      case 'into':
        return this.moveFaced((own) => stepInto(own, total, length));
      case 'last':
        return this.move({ entry: length, inner: 0 });
      case 'play':
        return this.player.playing ? this.stop() : this.start();
    }
  }

  private start(): void {
    if (this.session.isAtEnd && !this.session.live) this.go(START);
    this.player = play(this.player, performance.now());
    this.schedule();
  }

  private stop(): void {
    clearTimeout(this.timer);
    if (this.player.playing) this.player = pause(this.player);
  }

  private setSpeed(speed: number): void {
    this.player = withSpeed(this.player, speed, performance.now());
    if (this.player.playing) this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.beat(), wait(this.player, performance.now()));
  }

  private beat(): void {
    const { place, length, live } = this.session;
    const more = live !== null && !live.ended;
    const due = advance(this.player, place, length, performance.now(), more);
    this.player = due.player;
    if (!samePlace(due.place, place)) this.go(due.place);
    if (this.player.playing) this.schedule();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0] as HTMLElement;
    if (target.closest?.('input, select, dialog')) return;
    if (event.key === ' ' && target.closest?.('button, summary, a')) return;
    const commands: Record<string, Command> = {
      ArrowRight: 'step',
      l: 'step',
      ArrowLeft: 'back',
      h: 'back',
      ArrowDown: 'into',
      j: 'into',
      ' ': 'play',
      Home: 'first',
      End: 'last',
    };
    const command = commands[event.key];
    if (command) this.command(command);
    else if (event.key === 'ArrowUp' || event.key === 'k') this.moveFaced(stepOut);
    else if (event.key === 'x' && this.session.other) this.face(this.side === 0 ? 1 : 0);
    else if (event.key === '?') this.showKeys();
    else if (event.key === 'Escape') this.pick(null);
    else return;
    event.preventDefault();
  }

  private showKeys(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  // ------------------------------------------------------------------ what the worker says

  private changed(): void {
    const { view, trouble, other } = this.session;
    if (trouble) this.coming = null;
    if (trouble && !other) this.compare = null;
    if (view && view !== this.shown) {
      this.shown = view;
      if (this.coming && !this.session.opening) {
        Object.assign(this, this.coming);
        this.coming = null;
        this.goesAnywhere = kernelRun(this.runText ?? '', '') !== null;
        void this.compareWith(this.compare);
      }
      this.look(view);
    }
    this.requestUpdate();
  }

  /** Source and view that the parts show: of the side that is faced. */
  private get faced(): { source: SourceInfo | null; view: View | null } {
    const { source, other, view } = this.session;
    return this.side === 1 && other && view?.other ? { source: other, view: view.other } : { source, view };
  }

  /** Both sides, where two are compared. */
  private get sides(): Pair<Shown> | null {
    const { source, other, view } = this.session;
    if (!source || !other || !view?.other) return null;
    return [
      { source, view },
      { source: other, view: view.other },
    ];
  }

  private look(shown: View): void {
    this.keepState();
    const { source, view } = this.faced;
    const { side } = this;
    if (this.cursor !== null && source && this.cursor >= source.frames) this.pick(null);
    else if (this.cursor !== null) this.session.post({ type: 'inspect', side, pfn: this.cursor });
    this.frames = new Map();
    for (const pfn of view ? closeFrames(view) : []) this.session.post({ type: 'inspect', side, pfn });
    if (!this.player.playing || this.player.speed <= 1) this.notice = this.said(shown.eventsEntry + 1, shown.length);
  }

  /** The sentence of the place, or both sides' sentences, for those who cannot see them. */
  private said(number: number, length: number): string {
    const { texts, sides } = this;
    const { source, view } = this.session;
    if (!source || !view) return '';
    const told = sides
      ? sides.map((one) => `${one.source.kernel?.name}: ${spoken(texts, one.source, one.view)}`)
      : [spoken(texts, source, view)];
    return [texts.ui.announce(Math.max(0, number), length), ...told].join(' ');
  }

  private painted(view: View): void {
    const { dataset } = document.documentElement;
    dataset.place = `${view.place.entry}.${view.place.inner}`;
    if (view.digest) dataset.digest = view.digest;
    else delete dataset.digest;
    const { other, compared } = this.session;
    if (view.other && other && compared >= other.length) dataset.other = `${view.place.entry}.${view.place.other ?? 0}`;
    else delete dataset.other;
    if (!dataset.ready)
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          dataset.ready = 'true';
        }),
      );
  }

  private inspected(inspection: Inspection): void {
    const { frame } = inspection;
    if (!frame || inspection.side !== this.side) return;
    if (frame.pfn === this.cursor) this.inspection = inspection;
    this.frames = new Map(this.frames).set(frame.pfn, frame);
  }

  private pick(pfn: number | null): void {
    this.cursor = pfn;
    if (pfn === null) this.inspection = null;
    else this.session.post({ type: 'inspect', side: this.side, pfn });
  }

  private toPainter(side: SideNumber, order: DrawOrder): void {
    this.session.post({ type: 'draw', side, order }, order.what === 'canvas' ? [order.canvas] : []);
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
      <main class=${sides ? 'two' : ''} @pf-mark=${(event: CustomEvent<Range | null>) => {
        this.marked = event.detail;
      }}
        @pf-pick=${(event: CustomEvent<number | null>) => this.pick(event.detail)}
        @pf-go=${(event: CustomEvent<Place>) => this.goTo(event.detail)}
        @pf-ask=${() => this.session.ask()}>
        ${sides ? this.named(0, sides) : nothing} ${this.map(0)} ${sides ? this.beside(sides) : this.alone()}
      </main>
      ${this.foot()} ${this.trouble()} ${this.keyList()}
      <p class="unseen" aria-live="polite">${this.notice}</p>
      ${this.isDropping ? html`<div class="drop">${texts.ui.drop}</div>` : nothing}
    `;
  }

  private map(side: SideNumber) {
    const { source, view } = this.sides?.[side] ?? this.session;
    return html`<pf-map class="map${side}" .name=${this.sides?.[side].source.kernel?.name ?? ''} .texts=${this.texts} .source=${source} .view=${view} .theme=${this.theme} .marked=${this.marked}
      .cursor=${this.cursor} .mixture=${this.session.mixtures[side]}
      @pf-mixture=${(event: CustomEvent<Range[]>) => this.session.post({ type: 'mixture', side, ranges: event.detail })}
      .look=${this.mapLook} @pf-look=${(event: CustomEvent<MapLook>) => this.looked(event.detail)}
      @pf-draw=${(event: CustomEvent<DrawOrder>) => this.toPainter(side, event.detail)}></pf-map>`;
  }

  /** One source: the panels about it beside its map. */
  private alone() {
    const { source, view } = this.session;
    return html`<div class="words">
        <pf-sentence .texts=${this.texts} .source=${source} .view=${view}></pf-sentence>
        ${this.panelsOf(source, view).slice(0, IN_WORDS)}
      </div>
      <div class="close">${this.panelsOf(source, view).slice(IN_WORDS)}</div>`;
  }

  /** The kernel's name over its map, and below it what it did. */
  private named(side: SideNumber, sides: Pair<Shown>) {
    return html`<h2 class="name${side}">${namesOf([sides[0].source, sides[1].source])[side]}</h2>`;
  }

  private told(side: SideNumber, { source, view }: Shown) {
    return html`<pf-sentence class="said${side}" .name=${source.kernel?.name ?? ''} .texts=${this.texts} .source=${source} .view=${view}></pf-sentence>`;
  }

  /** Two sources: each side's map and sentence, in what they differ, and the panels of the side that is faced. */
  private beside(sides: Pair<Shown>) {
    const { texts, session, side } = this;
    const { ui } = texts;
    const names = namesOf([sides[0].source, sides[1].source]);
    const faced = sides[side];
    return html`${this.told(0, sides[0])} ${this.named(1, sides)} ${this.map(1)} ${this.told(1, sides[1])}
      <div class="column">
        <pf-differences .texts=${texts} .table=${this.table} .sources=${sides.map(({ source }) => source)} .view=${session.view}
          .groups=${session.differences} .compared=${session.compared}></pf-differences>
        <div class="facing" role="group" aria-label=${ui.facing}>
          <span aria-hidden="true">${ui.facing}</span>
          ${names.map(
            (name, i) =>
              html`<button aria-pressed=${side === i} @click=${() => this.face(i as SideNumber)}>${name}</button>`,
          )}
          <p>${ui.facingHint(names[side])}</p>
        </div>
        <div class="panels">${this.panelsOf(faced.source, faced.view)}</div>
      </div>`;
  }

  /** The panels about one source; the first stand beside the sentence where there is room. */
  private panelsOf(source: SourceInfo | null, view: View | null): unknown[] {
    const { texts } = this;
    const { ui } = texts;
    const panels: [title: string, name: string, content: unknown][] = [
      [ui.steps, 'steps', html`<pf-steps .texts=${texts} .source=${source} .view=${view}></pf-steps>`],
      [
        ui.structures,
        'lists',
        source?.trace
          ? html`<pf-numbers .texts=${texts} .source=${source}></pf-numbers>`
          : keyed(
              view?.boots.length,
              html`<pf-boot-bitmap .texts=${texts} .view=${view}></pf-boot-bitmap>
                <pf-structures .texts=${texts} .source=${source} .view=${view}></pf-structures>`,
            ),
      ],
      [ui.framesOf, 'closeup', html`<pf-closeup .texts=${texts} .view=${view} .frames=${this.frames}></pf-closeup>`],
      [
        ui.frame(''),
        'inspector',
        html`<pf-inspector .texts=${texts} .kernel=${source?.kernel ?? null} .inspection=${this.inspection} .view=${view} .first=${source?.first ?? 0}></pf-inspector>`,
      ],
      [
        ui.watermarks(''),
        'watermarks',
        source?.trace ? nothing : html`<pf-watermarks .texts=${texts} .source=${source} .view=${view}></pf-watermarks>`,
      ],
      [ui.troubles, 'troubles', html`<pf-troubles .texts=${texts} .source=${source} .view=${view}></pf-troubles>`],
      [ui.console, 'console', html`<pf-console .texts=${texts} .source=${source} .view=${view}></pf-console>`],
    ];
    const zones = Math.min(3, view?.zones.filter(({ size }) => size > 0).length ?? 0);
    const isOpen = this.isWide && !this.sides;
    return [
      ...panels.map(([title, name, content]) =>
        isOpen
          ? html`<section class=${name} ?data-pcp=${source?.kernel?.hasPcp} data-zones=${zones} data-troubles=${Math.min(1, Math.max(0, view?.troublesTotal ?? 0))}>${content}</section>`
          : html`<details class=${name}><summary>${title}</summary><div>${content}</div></details>`,
      ),
      html`<details class="text"><summary>${ui.mapText}</summary><div><pf-map-text .texts=${texts} .view=${view}></pf-map-text></div></details>`,
    ];
  }

  private head() {
    const { ui, lang } = this.texts;
    return html`<header>
      <h1>Pageframe</h1>
      ${keyed(this.session.opening ? '' : [this.heading, this.machineName, this.session.source?.kernel?.name].join(), this.what())}
      <nav aria-label=${ui.file}>
        <button title=${ui.openTitle} aria-label=${ui.open} @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}>${this.isWide ? ui.open : ui.openShort}</button>
        <input id="file" type="file" multiple hidden aria-label=${ui.open} @change=${this.choose} />
      </nav>
      <div class="tools" role="group" aria-label=${ui.language}>
        ${(['en', 'ru'] as const).map(
          (code) =>
            html`<button class="quiet" lang=${code} aria-pressed=${lang === code} @click=${() => void this.speak(code)}>${code.toUpperCase()}</button>`,
        )}
        <button class="quiet" aria-label=${ui.theme} title=${ui.theme} @click=${this.toggleTheme}>${icon('theme')}</button>
        <button class="quiet" aria-label=${ui.keys} title=${ui.keys} @click=${this.showKeys}>?</button>
      </div>
    </header>`;
  }

  private get heading(): string {
    return this.session.source ? this.runTitle : '';
  }

  private get runTitle(): string {
    return this.titleOf(this.isShort ? EXAMPLE : this.run);
  }

  private titleOf(run: string | null): string {
    const { source } = this.session;
    return isShipped(run) ? this.texts.ui.runs[run] : source?.about || source?.name || '';
  }

  private get machineName(): string {
    const { ui } = this.texts;
    if (this.machine !== null && isPreset(this.machine)) return ui.presets[this.machine];
    const nodes = this.session.source?.nodes ?? [];
    return ui.machineSize(
      nodes.reduce((sum, node) => sum + node.pages, 0) * 4096,
      nodes.length,
      this.session.source?.kernel?.nrCpus ?? 0,
    );
  }

  private what() {
    const { ui } = this.texts;
    const { source } = this.session;
    const kind = source?.kind === 'live' ? ui.room : source?.kind === 'trace' ? ui.trace : ui.run;
    const name = this.session.opening ? ui.loading : this.heading;
    const { texts } = this;
    const onRun = async (event: CustomEvent<RunName>): Promise<void> => {
      await this.openNamed(event.detail, START, { compare: besideOf(event.detail) ?? this.compare });
      this.opener = 'pf-run-menu';
    };
    const onMachine = ({ detail }: CustomEvent<Choice>): void => {
      this.openOn(detail.machine, detail.kernel);
      this.opener = 'pf-machine';
    };
    const onCompare = ({ detail }: CustomEvent<string | null>): void => void this.compareWith(detail);
    return html`<div class="what" @pf-run=${onRun} @pf-machine=${onMachine} @pf-compare=${onCompare}>
      ${
        source && this.live === null
          ? html`<pf-machine .texts=${texts} .kernel=${source.kernel?.name ?? ''} .machine=${this.machine} .name=${this.machineName}
              .portable=${this.machine !== null || this.goesAnywhere}></pf-machine>`
          : source?.kernel
            ? html`<span class="kernel">${ui.kernel} <b>${source.kernel.name}</b></span>`
            : nothing
      }
      <pf-run-menu .texts=${texts} .run=${this.isShort ? EXAMPLE : this.run} .label=${kind} .name=${name}></pf-run-menu>${source?.kind === 'run' ? html`<pf-compare .texts=${texts} .kernel=${source.kernel?.name ?? ''} .other=${this.compare}></pf-compare>` : nothing}${this.roomState()}
    </div>`;
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
        ? html` · <button class="link" @click=${() => this.command('last')}>${ui.behind(behind)}</button>`
        : nothing
    }</span>`;
  }

  private foot() {
    const { texts, session } = this;
    const { source, place, length, other } = session;
    const first = source?.first ?? 0;
    const said = this.said(first + place.entry, first + length);
    const own = this.side === 1 ? turned(place) : place;
    const { view } = this.faced;
    return html`<footer @pf-go=${(event: CustomEvent<Place>) => this.move(event.detail)}
      @pf-command=${(event: CustomEvent<Command>) => this.command(event.detail)} @pf-speed=${(event: CustomEvent<number>) => this.setSpeed(event.detail)}>
      <pf-timeline .texts=${texts} .place=${place} .length=${length} .outcomes=${session.outcomes} .beside=${other?.outcomes ?? null} .theme=${this.theme} .said=${said}></pf-timeline>
      <pf-transport .texts=${texts} .place=${own} .first=${first} .length=${length} .total=${view?.innerTotal ?? 0} .playing=${this.player.playing} .speed=${this.player.speed}></pf-transport>
    </footer>`;
  }

  private trouble() {
    const { trouble } = this.session;
    const { ui } = this.texts;
    if (!trouble) return nothing;
    const title =
      trouble.where === 'live'
        ? ui.failedRoom
        : trouble.where === 'engine'
          ? ui.failedEngine
          : ui.failedToOpen(trouble.name);
    return html`<div class="trouble" role="alert"><div><b>${title}</b><p>${trouble.message}</p></div>
      <button @click=${() => this.session.dismiss()}>${ui.close}</button></div>`;
  }

  private keyList() {
    const { ui } = this.texts;
    return html`<dialog aria-label=${ui.keys}>
      <h2>${ui.keys}</h2>
      <dl>${ui.keyList.map(([keys, what]) => html`<dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd>`)}</dl>
      <p>${ui.onMap}</p>
      <form method="dialog"><button>${ui.close}</button></form>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-explorer': Explorer;
  }
}
