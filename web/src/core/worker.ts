/** The worker: owns the source that is open and the drawing of its map; speaks protocol.ts with the page. */
import { MapPainter } from '../map/painter.ts';
import type { FromWorker, Place, SourceInfo, ToWorker, View } from '../protocol.ts';
import { touchedAt } from '../ui/touched.ts';
import { compileEngine } from './engine.ts';
import { FileError } from './gzip.ts';
import { type LiveListener, LiveSource } from './live-source.ts';
import { openRun } from './run-source.ts';
import { RunFileError } from './runfile.ts';
import type { Source } from './source.ts';
import { openTrace } from './trace-source.ts';

const post = (message: FromWorker, transfer: Transferable[] = []): void => {
  (self as unknown as Worker).postMessage(message, transfer);
};

async function fetchModule(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL('../../wasm/pageframe.wasm', import.meta.url));
  if (!response.ok) throw new Error(`the engine could not be fetched (${response.status})`);
  return compileEngine(await response.arrayBuffer());
}

const module = fetchModule();
const painter = new MapPainter();
let source: Source | null = null;
let live: LiveSource | null = null;
let view: View | null = null;
/** Counts the wishes to open something: only the latest counts. */
let turn = 0;

// -------------------------------------------------------------------- opening

function show(next: Source): void {
  source = next;
  view = null;
  const info: SourceInfo = next.describe();
  post({ type: 'opened', source: info });
  tellPainter();
}

/** The painter draws zones where they are set up, which an operation may change. */
function tellPainter(): void {
  if (!source) return;
  const zones = (view?.zones ?? []).map(({ name, node, start_pfn, size }) => ({ name, node, start_pfn, size }));
  painter.setMachine({ nodes: source.info.nodes, frames: source.engine.frames, zones });
}

async function open(
  where: 'run' | 'trace',
  name: string,
  make: (module: WebAssembly.Module) => Promise<Source>,
): Promise<void> {
  const mine = ++turn;
  try {
    const next = await make(await module);
    if (mine !== turn) return;
    live?.close();
    live = null;
    show(next);
  } catch (error) {
    const isInput = error instanceof RunFileError || error instanceof FileError;
    const message = isInput ? error.message : `${name}: ${error instanceof Error ? error.message : String(error)}`;
    post({ type: 'error', where: isInput ? where : 'engine', name, message });
  }
}

async function openLive(url: string): Promise<void> {
  const mine = ++turn;
  const compiled = await module;
  if (mine !== turn) return;
  live?.close();
  const listener: LiveListener = {
    opened: show,
    grown: ({ from, ended, connected }) => {
      const length = source?.length ?? 0;
      post({ type: 'grown', length, ended, connected, outcomes: source?.outcomes(from) ?? new Uint8Array(0), from });
    },
    failed: (message) => post({ type: 'error', where: 'live', name: url, message }),
  };
  live = new LiveSource(compiled, url, listener);
}

function close(): void {
  turn++;
  live?.close();
  live = null;
  source = null;
  view = null;
}

// -------------------------------------------------------------------- showing

function paint(): void {
  if (!source || !view) return;
  painter.draw(source.engine.paint(), touchedAt(view));
}

function seek(place: Place, digest: boolean, troubles: boolean): void {
  if (!source) return;
  const before = JSON.stringify(view?.zones.map((zone) => [zone.zone, zone.start_pfn, zone.size]) ?? null);
  view = source.at(place.entry, place.inner, digest, troubles);
  const after = JSON.stringify(view.zones.map((zone) => [zone.zone, zone.start_pfn, zone.size]));
  if (before !== after) tellPainter();
  paint();
  post({ type: 'view', view });
}

function inspect(pfn: number): void {
  const frame = source?.frame(pfn) ?? null;
  const history = frame && source && view ? source.history(frame.pfn, view.place.entry) : [];
  post({ type: 'inspected', frame, history });
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open-run':
      return open('run', message.name, (compiled) => openRun(compiled, message.name, new Uint8Array(message.bytes)));
    case 'open-trace': {
      const start = message.start ? new Uint8Array(message.start) : null;
      return open('trace', message.name, (compiled) =>
        openTrace(compiled, message.name, new Uint8Array(message.bytes), start),
      );
    }
    case 'open-live':
      return openLive(message.url);
    case 'close':
      return close();
    case 'seek':
      return seek(message, message.digest === true, message.troubles === true);
    case 'canvas':
      painter.setCanvas(message.canvas);
      return paint();
    case 'resize':
      painter.resize(message.width, message.height, message.ratio);
      return paint();
    case 'theme':
      painter.setTheme(message.theme);
      return paint();
    case 'inspect':
      return inspect(message.pfn);
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
