/**
 * A run that is changed while it is looked at. A call is made at a place in time; what followed there is kept as what happened
 * before, can be held against the new future or gone back to, and every change can be taken back.
 */
import type { Edits, Kept, Refusal } from '../protocol.ts';
import { FileError } from './gzip.ts';
import { RunSource, refusedFor } from './run-source.ts';
import { RunFileError, type RunOp } from './runfile.ts';

/** What follows the entries before `entry`: operations by the lines that say them. */
interface Future {
  entry: number;
  /** It came after the fork. */
  isNew: boolean;
  lines: readonly number[];
}

/** From `entry` on, `removed` gave way to `added`; and what was and is kept as what happened before. */
interface Edit {
  entry: number;
  removed: readonly number[];
  added: readonly number[];
  was: Future | null;
  is: Future | null;
}

/** A call that was not made. */
export class CallError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const refused = (what: Refusal['wanted']['what'], message: string): CallError =>
  new CallError({ field: '', found: '', wanted: { what, low: 0, high: 0 }, message });

export class Forks {
  readonly source: RunSource;
  /** Lines that the run had when it was opened, and those that its operations stand on. */
  private readonly fileLines: number;
  private readonly starts: readonly number[];
  private before: Future | null = null;
  private readonly done: Edit[] = [];
  private readonly undone: Edit[] = [];

  /** Throws FileError where what is kept is none of this run's futures. */
  constructor(source: RunSource, kept: Kept | null = null) {
    this.source = source;
    this.fileLines = source.run.lines.length;
    this.starts = this.linesFrom(0);
    this.before = kept && this.recalled(kept);
  }

  /** The future that is kept, for others; null: there is none, or it is more than calls. */
  get kept(): Kept | null {
    const { told, lines } = this.source.run;
    if (!this.before || this.before.lines.some((line) => told.has(line))) return null;
    const { entry, isNew } = this.before;
    return { entry, isNew, text: this.before.lines.map((line) => lines[line - 1] ?? '').join('\n') };
  }

  private recalled({ entry, isNew, text }: Kept): Future {
    const { source } = this;
    const present = this.linesFrom(entry);
    try {
      if (entry > source.length) throw new Error(`there are ${source.length}`);
      source.truncate(entry);
      for (const line of text.split('\n').filter((one) => one !== ''))
        source.append(source.reader.call(line, source.boundAt(source.length)));
      return { entry, isNew, lines: this.linesFrom(entry) };
    } catch (error) {
      const expected = `operations that can follow the first ${entry}`;
      throw new FileError(`${source.file}: what is kept beside it: expected ${expected}: ${(error as Error).message}`);
    } finally {
      this.splice(Math.min(entry, source.length), present);
    }
  }

  get edits(): Edits {
    const { done, undone, before } = this;
    return {
      canUndo: done.length > 0,
      canRedo: undone.length > 0,
      before: before && { entry: before.entry, length: before.lines.length, isNew: before.isNew },
    };
  }

  private linesFrom(entry: number): number[] {
    const { source } = this;
    return Array.from({ length: source.length - entry }, (_, i) => source.lineNumber(entry + i));
  }

  /** Makes a call after `entry` entries. Returns the entry to look at. Throws CallError; nothing has changed then. */
  call(entry: number, text: string): number {
    const { line } = this.read(entry, text);
    const removed = this.linesFrom(entry);
    const is = removed.length > 0 ? { entry, lines: removed, isNew: false } : this.before;
    const edit: Edit = { entry, removed, added: [line], was: this.before, is };
    try {
      this.splice(entry, edit.added);
    } catch (error) {
      this.splice(entry, removed);
      const why = refusedFor(error);
      throw why ? refused(why, String((error as Error).message)) : error;
    }
    this.note(edit);
    return entry + 1;
  }

  private read(entry: number, text: string): RunOp {
    const { source } = this;
    if (entry === source.length && source.isStopped) throw refused('stopped', 'the run ends at a BUG');
    try {
      return source.reader.call(text, source.boundAt(entry));
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      const { field, found, wanted, message } = error;
      throw new CallError({ field, found, wanted, message });
    }
  }

  /** Goes over to what happened before; what is now is kept in its place. */
  switch(): number | null {
    if (!this.before) return null;
    const { entry, lines, isNew } = this.before;
    const removed = this.linesFrom(entry);
    this.splice(entry, lines);
    this.note({ entry, removed, added: lines, was: this.before, is: { entry, lines: removed, isNew: !isNew } });
    return entry;
  }

  undo(): number | null {
    const edit = this.done.pop();
    if (!edit) return null;
    this.splice(edit.entry, edit.removed);
    this.before = edit.was;
    this.undone.push(edit);
    return edit.entry;
  }

  redo(): number | null {
    const edit = this.undone.pop();
    if (!edit) return null;
    this.splice(edit.entry, edit.added);
    this.before = edit.is;
    this.done.push(edit);
    return edit.added.length === 1 ? edit.entry + 1 : edit.entry;
  }

  private note(edit: Edit): void {
    this.before = edit.is;
    this.done.push(edit);
    this.undone.length = 0;
  }

  private splice(entry: number, lines: readonly number[]): void {
    const { source } = this;
    source.truncate(entry);
    for (const line of lines) source.append(source.reader.again(line));
    source.searchMisuse();
  }

  /** What happened before, on a machine of its own. */
  openBefore(module: WebAssembly.Module): { source: RunSource; entry: number } | null {
    const { before, source } = this;
    if (!before) return null;
    const lines = [...this.linesFrom(0).slice(0, before.entry), ...before.lines];
    const other = new RunSource(module, source.file, source.run, null, lines.length);
    for (const line of lines) other.append(source.reader.again(line));
    other.searchMisuse();
    return { source: other, entry: before.entry };
  }

  /**
   * The run as a file: header and operations, and behind each operation of the file what belongs to it: remarks, checks, and the
   * calls that it made itself.
   */
  text(): string {
    const { lines } = this.source.run;
    const past = this.fileLines + 1;
    const end = new Map(this.starts.map((line, i) => [line, this.starts[i + 1] ?? past]));
    const header = lines.slice(0, (this.starts[0] ?? past) - 1);
    const body = this.linesFrom(0).flatMap((line) => lines.slice(line - 1, (end.get(line) ?? line + 1) - 1));
    return `${[...header, ...body].join('\n').trimEnd()}\n`;
  }
}
