/** A real kernel's trace, plain or gzip, with the state it began from where there is one. */
import { Engine } from './engine.ts';
import { FileError, join, pieces } from './gzip.ts';
import { Source } from './source.ts';

const PIECE = 1 << 20;

/** The trace's own text, for showing the line of an entry. Where lines begin is found out as far as somebody looks. */
class Lines {
  private readonly text: Uint8Array;
  private readonly starts: Uint32Array;
  private known = 0;
  private readonly decoder = new TextDecoder();

  constructor(text: Uint8Array, lines: number) {
    this.text = text;
    this.starts = new Uint32Array(lines + 1);
  }

  at(line: number): string {
    const last = Math.min(line, this.starts.length - 1);
    for (; this.known < last; this.known++) {
      const end = this.text.indexOf(10, this.starts[this.known]);
      this.starts[this.known + 1] = end < 0 ? this.text.length : end + 1;
    }
    const from = this.starts[line - 1] ?? 0;
    return this.decoder.decode(this.text.subarray(from, this.starts[line] ?? from)).trim();
  }
}

async function feedStart(engine: Engine, name: string, bytes: Uint8Array): Promise<void> {
  const feed = (piece: Uint8Array): void => {
    const line = engine.traceStart(piece);
    if (line !== 0) throw new FileError(`${name}:${line}: expected "first_pfn count flags", found another line`);
  };
  for await (const piece of pieces(name, bytes)) {
    for (let at = 0; at < piece.length; at += PIECE) feed(piece.subarray(at, at + PIECE));
  }
  feed(new Uint8Array(0));
}

async function feedTrace(engine: Engine, name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  for await (const piece of pieces(name, bytes)) {
    for (let at = 0; at < piece.length; at += PIECE) engine.traceFeed(piece.subarray(at, at + PIECE));
    kept.push(piece);
  }
  return kept.length === 1 && kept[0] ? kept[0] : join(kept);
}

/** @param start the text of a kpageflags file, or null. Throws FileError. */
export async function openTrace(
  module: WebAssembly.Module,
  name: string,
  bytes: Uint8Array,
  start: Uint8Array | null,
): Promise<Source> {
  const engine = new Engine(module);
  engine.traceOpen();
  if (start) await feedStart(engine, `${name} (start)`, start);
  const text = await feedTrace(engine, name, bytes);
  const { stats, nodes } = engine.traceFinish();
  if (stats.events === 0) {
    const where = stats.bad_line === 0 ? `${name}` : `${name}:${stats.bad_line}`;
    const read = `${stats.lines} lines without one that can be read`;
    throw new FileError(
      `${where}: expected page events of the kernel (mm_page_alloc, mm_page_free, ...), found ${read}`,
    );
  }
  engine.traceBegin();
  const { lines, events, ignored, skipped, lost, failed } = stats;
  const unread = { bad: stats.bad, badLine: stats.bad_line };
  const trace = { lines, events, ignored, skipped, lost, failed, ...unread, hasStart: start !== null };
  const source = new Source(engine, { kind: 'trace', name, about: '', kernel: null, layers: ['frames'], nodes, trace });
  for (let index = 0; index < stats.events; index++) {
    const count = engine.traceEntry(index);
    source.learn(engine.records(count), count);
  }
  engine.traceClose();
  engine.seek(source.length, 0); // once through all of it leaves the snapshots that make going anywhere quick
  const shown = new Lines(text, lines);
  source.lineText = (line) => shown.at(line);
  return source;
}
