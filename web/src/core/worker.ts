/**
 * The worker: owns the source that is open, those compared with it, and the drawing of their maps; speaks protocol.ts with the
 * page.
 */
import { alteredAt, stepsBetween } from '../map/happened.ts';
import type { FrameCard } from '../map/labels.ts';
import { MapPainter } from '../map/painter.ts';
import {
  type Edits,
  type FromWorker,
  MOST_SIDES,
  type Place,
  type SideNumber,
  type SourceInfo,
  type ToWorker,
  type View,
} from '../protocol.ts';
import { innerOf, moved, withInner } from '../ui/place.ts';
import { touchedAt } from '../ui/touched.ts';
import type { Comparison } from './compare.ts';
import { compileEngine } from './engine.ts';
import type { CallError, Forks } from './fork.ts';
import { FileError } from './gzip.ts';
import type { LiveListener, LiveSource } from './live-source.ts';
import { openRun, RunSource } from './run-source.ts';
import { RunFileError } from './runfile.ts';
import type { Source } from './source.ts';

const post = (message: FromWorker, transfer: Transferable[] = []): void => {
  (self as unknown as Worker).postMessage(message, transfer);
};

async function fetchModule(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL('../../wasm/pageframe.wasm', import.meta.url));
  if (!response.ok) throw new Error(`the engine could not be fetched (${response.status})`);
  return compileEngine(await response.arrayBuffer());
}

const module = fetchModule();

/** One source, where it is looked at, and its map. */
class Side {
  readonly painter = new MapPainter();
  source: Source | null = null;
  view: View | null = null;

  set(source: Source | null): void {
    this.source = source;
    this.view = null;
    this.painter.forget();
  }

  seek(entry: number, inner: number, digest: boolean, troubles: boolean): View | null {
    const { source } = this;
    if (!source) return null;
    const before = this.view?.place ?? null;
    const view = source.at(entry, inner, digest, troubles);
    this.view = view;
    this.painter.show({
      bytes: source.painted.bytes,
      changed: source.drawn,
      touched: touchedAt(view),
      altered: alteredAt(view),
      steps: stepsBetween(before, view),
      blocks: source.pageblocks,
      card: (pfn) => this.card(pfn),
    });
    return view;
  }

  /** A frame's own data, where the source has structures. */
  private card(pfn: number): FrameCard | null {
    const frame = this.source?.engine.frame(pfn);
    return frame && 'next' in frame ? frame : null;
  }

  /** Back to the place that is shown, after the source was somewhere else. */
  stay(): void {
    if (this.view) this.source?.engine.seek(this.view.place.entry, this.view.place.inner);
  }
}

const here = new Side();
/** Those beside it, as many as there are: the first so many have a source. */
const beside = Array.from({ length: MOST_SIDES - 1 }, () => new Side());
const sides = [here, ...beside];
const sideOf = (number: SideNumber): Side => sides[number] ?? here;
let live: LiveSource | null = null;
/** What was changed in the run that is open; null: nothing was asked of it yet. */
let forks: Forks | null = null;
const UNCHANGED: Edits = { canUndo: false, canRedo: false, before: null };
/** Counts the changes. */
let edition = 0;
let comparison: Comparison | null = null;
/** What stands beside the run, by its texts. */
let versus: readonly string[] = [];
/** Counts the wishes to open something: only the latest counts. */
let turn = 0;

// -------------------------------------------------------------------- opening

function show(next: Source, changes: Forks | null = null): void {
  forget();
  forks = changes;
  edition++;
  here.set(next);
  post({ type: 'opened', source: described() });
}

/** What is open, and how it was changed. */
function described(): SourceInfo {
  if (!here.source) throw new Error('nothing is open');
  const edits = here.source instanceof RunSource ? { edits: forks?.edits ?? UNCHANGED } : {};
  return { ...here.source.describe(), ...edits };
}

/** The run that is open, to be changed; null where something else is. */
async function changeable(): Promise<Forks | null> {
  const { Forks } = await import('./fork.ts');
  if (!forks && here.source instanceof RunSource) forks = new Forks(here.source);
  return forks;
}

/** Opens what `make` makes; null where another wish came meanwhile, or it was refused. */
async function made<Made>(
  where: 'run' | 'trace' | 'beside',
  name: string,
  make: (module: WebAssembly.Module) => Promise<Made>,
): Promise<Made | null> {
  const mine = ++turn;
  try {
    const next = await make(await module);
    return mine === turn ? next : null;
  } catch (error) {
    const isInput = error instanceof RunFileError || error instanceof FileError;
    const message = isInput ? error.message : `${name}: ${error instanceof Error ? error.message : String(error)}`;
    post({ type: 'error', where: isInput ? where : 'engine', name, message });
    return null;
  }
}

/** What was opened, and what was kept for it, takes the place of what was open. */
function take(next: { source: Source; changes: Forks | null } | null): void {
  if (!next) return;
  live?.close();
  live = null;
  show(next.source, next.changes);
}

async function openFile({ name, bytes, kept }: Extract<ToWorker, { type: 'open-run' }>): Promise<void> {
  const next = await made('run', name, async (compiled) => {
    const source = await openRun(compiled, name, new Uint8Array(bytes));
    return { source, changes: kept && new (await import('./fork.ts')).Forks(source, kept) };
  });
  take(next);
}

async function openTraceFile({ name, bytes, start }: Extract<ToWorker, { type: 'open-trace' }>): Promise<void> {
  const next = await made('trace', name, async (compiled) => {
    const { openTrace } = await import('./trace-source.ts');
    const source = await openTrace(compiled, name, new Uint8Array(bytes), start && new Uint8Array(start));
    return { source, changes: null };
  });
  take(next);
}

async function openLive(url: string): Promise<void> {
  const mine = ++turn;
  const [compiled, { LiveSource }] = await Promise.all([module, import('./live-source.ts')]);
  if (mine !== turn) return;
  live?.close();
  const listener: LiveListener = {
    opened: show,
    grown: ({ from, ended, connected }) => {
      if (!here.source) return;
      if (here.source.searchMisuse()) here.stay();
      const { length } = here.source;
      const [outcomes, misuse] = [here.source.outcomes(from), here.source.misused(0)];
      post({ type: 'grown', length, ended, connected, outcomes, misuse, from });
    },
    failed: (message) => post({ type: 'error', where: 'live', name: url, message }),
  };
  live = new LiveSource(compiled, url, listener);
}

function close(): void {
  turn++;
  live?.close();
  live = null;
  forks = null;
  forget();
  here.set(null);
}

// -------------------------------------------------------------------- comparing

/** Milliseconds that the comparison takes before it lets others have their turn; between its reports; and entries at a time. */
const SLICE = 20;
const REPORT = 250;
const AT_A_TIME = 64;

function forget(): void {
  comparison = null;
  versus = [];
  for (const side of beside) side.set(null);
}

/** A source to stand beside the run; up to entry `from` the two are one. */
interface Another {
  source: Source;
  from: number;
  isBefore: boolean;
}

/** Puts these beside the run, all of them or, where one cannot be opened, none. */
async function compare(wanted: readonly string[]): Promise<void> {
  const run = wanted.length === 0 ? null : await changeable();
  if (!run) return compareNoMore();
  const mine = edition;
  const { BEFORE } = await import('./beside.ts');
  const others: Another[] = [];
  for (const one of wanted) {
    const next = one === BEFORE ? await openBefore(run) : await openElsewhere(run, one);
    if (!next || mine !== edition) return;
    others.push(next);
  }
  await putBeside(others, wanted);
}

/** The run on another kernel or another machine. */
async function openElsewhere(run: Forks, text: string): Promise<Another | null> {
  const [{ parseBeside }, { onMachine }] = await Promise.all([import('./beside.ts'), import('../ui/machine-run.ts')]);
  const elsewhere = parseBeside(text);
  if (!elsewhere) return null;
  const { file, run: own } = run.source;
  const bytes = new TextEncoder().encode(onMachine(run.text(), elsewhere.machine));
  const kernel = elsewhere.kernel ?? own.kernel.name;
  const source = await made('beside', file, (compiled) => openRun(compiled, file, bytes, kernel));
  return source && { source, from: 0, isBefore: false };
}

/** What happened before the latest fork. */
async function openBefore(run: Forks): Promise<Another | null> {
  const before = run.openBefore(await module);
  if (!before) compareNoMore();
  return before && { source: before.source, from: before.entry, isBefore: true };
}

function compareNoMore(): void {
  forget();
  post({ type: 'compared', sources: [] });
}

async function putBeside(others: readonly Another[], what: readonly string[]): Promise<void> {
  const { Comparison } = await import('./compare.ts');
  if (!here.source) return;
  for (const [i, side] of beside.entries()) side.set(others[i]?.source ?? null);
  versus = what;
  comparison = new Comparison(
    here.source,
    others.map(({ source }) => source),
    Math.min(...others.map(({ from }) => from)),
  );
  const sources = others.map(({ source, isBefore }) => ({ ...source.describe(), isBefore }));
  post({ type: 'compared', sources });
  goOnComparing(comparison, performance.now());
}

/** In slices, between which the page is answered. */
function goOnComparing(mine: Comparison, reported: number): void {
  if (mine !== comparison) return;
  const begin = performance.now();
  let goesOn = true;
  while (goesOn && performance.now() < begin + SLICE) goesOn = mine.advance(AT_A_TIME);
  for (const side of sides) side.stay();
  const isDue = !goesOn || begin > reported + REPORT;
  if (isDue) report(mine);
  if (!goesOn) tellFragmentation(mine);
  if (goesOn) setTimeout(() => goOnComparing(mine, isDue ? begin : reported));
}

function report(mine: Comparison): void {
  const groups = mine.groups();
  const { entries } = mine;
  post(
    { type: 'differences', groups, entries },
    groups.flat().map((group) => group.entries.buffer as ArrayBuffer),
  );
}

/** How fragmented the memory of each side is over time. */
function tellFragmentation(mine: Comparison): void {
  const mixed = mine.mixedOverTime();
  const told = sides.flatMap(({ source }, i) => {
    const own = mixed[i];
    return source && own ? [{ memory: source.freeOverTime(null), mixed: own }] : [];
  });
  post({ type: 'fragmentation', sides: told });
}

// -------------------------------------------------------------------- changing the run

/** A run up to this size is told whole when it changes: it may go on to another machine. */
const MOST_TEXT = 1 << 20;

/** Makes a change, and tells of it; `change` returns the entry to look at, null where there was nothing to do. */
async function change(make: (forks: Forks) => number | null): Promise<void> {
  const run = await changeable();
  if (!run) return;
  try {
    const entry = make(run);
    if (entry !== null) await changed(run, entry);
  } catch (error) {
    if (!(error instanceof Error && 'refusal' in error)) throw error;
    here.stay();
    post({ type: 'refused', refusal: (error as CallError).refusal });
  }
}

async function changed(now: Forks, entry: number): Promise<void> {
  edition++;
  here.view = null;
  comparison = null;
  const text = now.text();
  const { kept } = now;
  post({
    type: 'edited',
    source: described(),
    place: { entry, inner: 0 },
    text: text.length < MOST_TEXT ? text : null,
    kept: kept && kept.text.length < MOST_TEXT ? kept : null,
  });
  if (versus.length > 0) await compare(versus);
}

async function save(): Promise<void> {
  const run = await changeable();
  if (run) post({ type: 'saved', name: run.source.file, text: run.text() });
}

const NAMES = 50;

function tellNames(entry: number): void {
  const { source } = here;
  post({ type: 'names', entry, names: source instanceof RunSource ? source.namesAt(entry, NAMES) : [] });
}

function tellCode(from: number, count: number): void {
  const { source } = here;
  if (!source) return;
  const entries = source.code(from, count);
  here.stay();
  const names = source instanceof RunSource ? source.allNames() : [];
  post({ type: 'code', kinds: source.kinds(), unnamed: source.unnamed(), names, from, entries });
}

// -------------------------------------------------------------------- showing

function seek(place: Place, digest: boolean, troubles: boolean): void {
  const aim = inStep(place);
  const view = here.seek(aim.entry, aim.inner, digest, troubles);
  if (!view) return;
  const { entry, inner } = view.place;
  const others = beside.flatMap((side, i) => {
    const own = inner > 0 ? innerOf(aim, (i + 1) as SideNumber) : 0;
    return side.seek(entry, own, false, troubles) ?? [];
  });
  if (others.length > 0 && comparison) {
    view.place.others = others.map((other) => other.place.inner);
    view.others = others;
    view.differences = comparison.at(view.eventsEntry);
    for (const side of sides) side.stay();
  }
  post({ type: 'view', view });
}

function stepOver(side: SideNumber, place: Place): void {
  const { entry } = place;
  const after = sideOf(side).source?.afterCall({ entry, inner: innerOf(place, side) });
  if (!after) return;
  seek(after.entry === entry ? withInner(place, side, after.inner) : after, false, false);
}

function tellFreeMemory(source: Source | null, zone: number | null): void {
  if (source) post({ type: 'free-memory', memory: source.freeOverTime(zone) });
}

/** Inside an operation all sides are inside it: who has not moved yet stands behind its first event. */
function inStep(place: Place): Place {
  const { entry, inner } = place;
  const isInside = inner > 0 || (inner === 0 && moved(place).length > 0);
  if (!beside[0]?.source || !isInside) return { entry, inner };
  const others = beside.map((_, i) => Math.max(1, innerOf(place, (i + 1) as SideNumber)));
  return { entry, inner: Math.max(1, inner), others };
}

function inspect(number: SideNumber, pfn: number): void {
  const side = sideOf(number);
  const frame = side.source?.frame(pfn) ?? null;
  const history = frame && side.source && side.view ? side.source.history(frame.pfn, side.view.place.entry) : [];
  const call = (frame && side.source?.operationOf(frame.owner)) || [];
  side.stay();
  post({ type: 'inspected', side: number, frame, history, call });
}

function mixture(side: SideNumber, ranges: [pfn: number, count: number][]): void {
  const counts = sideOf(side).source?.painted.among(ranges);
  if (counts) post({ type: 'mixture', side, counts });
}

async function picture({ side, format, caption }: Extract<ToWorker, { type: 'picture' }>): Promise<void> {
  const file = await sideOf(side).painter.save(format, caption);
  post({ type: 'pictured', format, file }, file ? [file.bytes] : []);
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open-run':
      return openFile(message);
    case 'open-trace':
      return openTraceFile(message);
    case 'open-live':
      return openLive(message.url);
    case 'compare':
      return compare(message.beside);
    case 'call':
      return change((run) => run.call(message.entry, message.text));
    case 'change':
      return change((run) => run[message.how]());
    case 'save':
      return save();
    case 'names':
      return tellNames(message.entry);
    case 'code':
      return tellCode(message.from, message.count);
    case 'close':
      return close();
    case 'seek':
      return seek(message, message.digest === true, message.troubles === true);
    case 'draw':
      return sideOf(message.side).painter.obey(message.order);
    case 'step-over':
      return stepOver(message.side, message);
    case 'free-memory':
      return tellFreeMemory(sideOf(message.side).source, message.zone);
    case 'theme':
      for (const { painter } of sides) painter.setTheme(message.theme);
      return;
    case 'mixture':
      return mixture(message.side, message.ranges);
    case 'picture':
      return picture(message);
    case 'inspect':
      return inspect(message.side, message.pfn);
  }
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  handle(event.data).catch((error: unknown) => {
    post({ type: 'error', where: 'engine', name: '', message: error instanceof Error ? error.message : String(error) });
  });
};

module.then(
  () => post({ type: 'ready' }),
  (error: unknown) => post({ type: 'error', where: 'engine', name: '', message: String((error as Error).message) }),
);
