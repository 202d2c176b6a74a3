/**
 * The worker: owns the source that is open, the one compared with it, and the drawing of their maps; speaks protocol.ts with the
 * page.
 */
import { alteredAt, stepsBetween } from '../map/happened.ts';
import type { FrameCard } from '../map/labels.ts';
import { MapPainter } from '../map/painter.ts';
import type { Edits, FromWorker, Place, SideNumber, SourceInfo, ToWorker, View } from '../protocol.ts';
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

const sides: [Side, Side] = [new Side(), new Side()];
const [here, there] = sides;
let live: LiveSource | null = null;
/** What was changed in the run that is open; null: nothing was asked of it yet. */
let forks: Forks | null = null;
const UNCHANGED: Edits = { canUndo: false, canRedo: false, before: null };
/** Counts the changes. */
let edition = 0;
let comparison: Comparison | null = null;
/** What side 1 is: the run on this kernel, or what happened before the latest fork. */
let versus: { kernel: string } | 'before' | null = null;
/** Counts the wishes to open something: only the latest counts. */
let turn = 0;

// -------------------------------------------------------------------- opening

function show(next: Source): void {
  forget();
  forks = null;
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
async function made(
  where: 'run' | 'trace',
  name: string,
  make: (module: WebAssembly.Module) => Promise<Source>,
): Promise<Source | null> {
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

async function open(
  where: 'run' | 'trace',
  name: string,
  make: (module: WebAssembly.Module) => Promise<Source>,
): Promise<void> {
  const next = await made(where, name, make);
  if (!next) return;
  live?.close();
  live = null;
  show(next);
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
  versus = null;
  there.set(null);
}

async function compare(kernel: string | null): Promise<void> {
  const run = kernel === null ? null : await changeable();
  if (kernel === null || !run) return compareNoMore();
  const mine = edition;
  const { file } = run.source;
  const bytes = new TextEncoder().encode(run.text());
  const next = await made('run', file, (compiled) => openRun(compiled, file, bytes, kernel));
  if (next && mine === edition) await beside(next, { kernel });
}

/** What happened before the latest fork becomes side 1; up to the fork the two are one. */
async function compareBefore(): Promise<void> {
  const before = forks?.openBefore(await module);
  if (!before) return compareNoMore();
  await beside(before.source, 'before', before.entry);
}

function compareNoMore(): void {
  forget();
  post({ type: 'compared', source: null });
}

async function beside(next: Source, what: typeof versus, entries = 0): Promise<void> {
  const { Comparison } = await import('./compare.ts');
  if (!here.source) return;
  there.set(next);
  versus = what;
  comparison = new Comparison(here.source, next);
  comparison.entries = entries;
  post({ type: 'compared', source: next.describe() });
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
  if (goesOn) setTimeout(() => goOnComparing(mine, isDue ? begin : reported));
}

function report(mine: Comparison): void {
  const groups = mine.groups();
  const { entries } = mine;
  post(
    { type: 'differences', groups, entries },
    groups.map((group) => group.entries.buffer as ArrayBuffer),
  );
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
  post({
    type: 'edited',
    source: described(),
    place: { entry, inner: 0 },
    text: text.length < MOST_TEXT ? text : null,
  });
  if (versus === 'before') await compareBefore();
  else if (versus) await compare(versus.kernel);
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
  const { entry, inner, other = 0 } = inStep(place);
  const view = here.seek(entry, inner, digest, troubles);
  if (!view) return;
  const otherView = there.seek(view.place.entry, view.place.inner > 0 ? other : 0, false, troubles);
  if (otherView && comparison) {
    view.place.other = otherView.place.inner;
    view.other = otherView;
    view.differences = comparison.at(view.eventsEntry);
    for (const side of sides) side.stay();
  }
  post({ type: 'view', view });
}

function stepOver(side: SideNumber, { entry, inner, other = 0 }: Place): void {
  const after = sides[side].source?.afterCall({ entry, inner: side === 0 ? inner : other });
  if (!after) return;
  const isInside = after.entry === entry;
  if (side === 0) seek(isInside ? { ...after, other } : after, false, false);
  else seek(isInside ? { entry, inner, other: after.inner } : after, false, false);
}

function tellFreeMemory(source: Source | null, zone: number | null): void {
  if (source) post({ type: 'free-memory', memory: source.freeOverTime(zone) });
}

/** Inside an operation both sides are inside it: who has not moved yet stands behind its first event. */
function inStep({ entry, inner, other = 0 }: Place): Place {
  if (!there.source || inner < 0 || (inner === 0 && other === 0)) return { entry, inner };
  return { entry, inner: Math.max(1, inner), other: Math.max(1, other) };
}

function inspect(side: Side, pfn: number, withCall: boolean): void {
  const frame = side.source?.frame(pfn) ?? null;
  const history = frame && side.source && side.view ? side.source.history(frame.pfn, side.view.place.entry) : [];
  const number: SideNumber = side === here ? 0 : 1;
  const call = (withCall && frame && side.source?.operationOf(frame.owner)) || [];
  if (withCall) side.stay();
  post({ type: 'inspected', side: number, frame, history, call });
}

function mixture(side: SideNumber, ranges: [pfn: number, count: number][]): void {
  const counts = sides[side].source?.painted.among(ranges);
  if (counts) post({ type: 'mixture', side, counts });
}

async function picture({ side, format, caption }: Extract<ToWorker, { type: 'picture' }>): Promise<void> {
  const file = await sides[side].painter.save(format, caption);
  post({ type: 'pictured', format, file }, file ? [file.bytes] : []);
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open-run':
      return open('run', message.name, (compiled) => openRun(compiled, message.name, new Uint8Array(message.bytes)));
    case 'open-trace': {
      const start = message.start ? new Uint8Array(message.start) : null;
      return open('trace', message.name, async (compiled) => {
        const { openTrace } = await import('./trace-source.ts');
        return openTrace(compiled, message.name, new Uint8Array(message.bytes), start);
      });
    }
    case 'open-live':
      return openLive(message.url);
    case 'compare':
      return compare(message.kernel);
    case 'compare-before':
      return compareBefore();
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
      return sides[message.side].painter.obey(message.order);
    case 'step-over':
      return stepOver(message.side, message);
    case 'free-memory':
      return tellFreeMemory(sides[message.side].source, message.zone);
    case 'theme':
      for (const { painter } of sides) painter.setTheme(message.theme);
      return;
    case 'mixture':
      return mixture(message.side, message.ranges);
    case 'picture':
      return picture(message);
    case 'inspect':
      return inspect(sides[message.side], message.pfn, message.call === true);
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
