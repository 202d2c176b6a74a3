/**
 * In what sources differ, entry by entry, whatever made them: another kernel, another machine, another past. What the entries
 * say stands in told.ts; after a boot the states that they led to are compared as well.
 */
import { STATES } from '../generated/tables.ts';
import type { Ev, Trouble } from '../protocol.ts';
import { MixedBlocks, type MixedOverTime } from './mixed-blocks.ts';
import type { Source } from './source.ts';
import { type End, type Freed, type Got, ON_CPU, type Test, type Told, tell } from './told.ts';

/** What one side has and what the other has. */
export type Pair<T> = [T, T];

export type Difference = { entry: number } & (
  | { kind: 'skipped'; side: 0 | 1; op: string; lacking: string }
  /** That side does not know these hints, joined by |. */
  | { kind: 'passed-over'; side: 0 | 1; hints: string }
  /** Lines of the two runs. */
  | { kind: 'call'; lines: Pair<string> }
  | { kind: 'outcome'; op: string; ends: Pair<End> }
  /** Something went wrong on this side alone, without a word of the kernel. */
  | { kind: 'unnoticed'; side: 0 | 1; troubles: Trouble[] }
  | { kind: 'complaint'; warning: string; times: Pair<number>; event: Ev }
  | { kind: 'verdict'; tests: Pair<Test | null> }
  | { kind: 'arithmetic'; tests: Pair<Test> }
  /** `since`: the entry from which on the lists hold other blocks; -1: from here on. */
  | { kind: 'frame'; why: 'list' | 'half' | 'blocks'; got: Pair<Got>; since: number }
  | { kind: 'boot-frame'; address: Pair<number>; search: Pair<number>; shared: Pair<boolean> }
  | { kind: 'freed'; why: 'list' | 'blocks'; freed: Pair<Freed>; since: number }
  | { kind: 'orders'; orders: Pair<number> }
  | { kind: 'cpu-lists'; side: 0 | 1; low: number; high: number; batch: number }
  | { kind: 'tables'; tables: Pair<number>; bytes: Pair<number> }
  | { kind: 'whole-words'; words: Pair<number>; bits: number }
  | { kind: 'handed-over'; frames: Pair<number>; onCpus: Pair<number> }
  | { kind: 'marks'; zone: number; marks: Pair<[min: number, low: number, high: number]> }
  | { kind: 'result'; op: string; result: string; value: Pair<number | null> }
);

/** Differences of one sort: the first of them, and all entries where one is. */
export interface DifferenceGroup {
  first: Difference;
  entries: Uint32Array;
}

// -------------------------------------------------------------------- in what two entries differ

type Finding = Difference extends infer D ? (D extends Difference ? Omit<D, 'entry'> : never) : never;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** An operation that only one side has, and nothing else; where neither has it, nothing differs. */
function skips(told: Pair<Told>, lacking: Pair<string>): Finding[] {
  const [a, b] = told;
  if (a.skipped === b.skipped) return [];
  const side = a.skipped ? 0 : 1;
  return [{ kind: 'skipped', side, op: told[side].op, lacking: lacking[side] }];
}

/** A hint that only one side knows. */
function passings(hints: Pair<string>): Finding[] {
  if (hints[0] === hints[1]) return [];
  const side = hints[0] ? 0 : 1;
  return [{ kind: 'passed-over', side, hints: hints[side] }];
}

/** Behind a fork the two make calls of their own; nothing else is to be said of those. */
function calls(lines: Pair<string>): Finding[] {
  return lines[0] === lines[1] || lines.includes('') ? [] : [{ kind: 'call', lines }];
}

function outcomes([a, b]: Pair<Told>): Finding[] {
  if (a.end.outcome === b.end.outcome && a.end.bug === b.end.bug && a.end.below === b.end.below) return [];
  return [{ kind: 'outcome', op: a.op, ends: [a.end, b.end] }];
}

function complaints([a, b]: Pair<Told>): Finding[] {
  const out: Finding[] = [];
  for (const [warning, { event }] of new Map([...b.complaints, ...a.complaints])) {
    const times: Pair<number> = [a.complaints.get(warning)?.times ?? 0, b.complaints.get(warning)?.times ?? 0];
    if (times[0] !== times[1]) out.push({ kind: 'complaint', warning, times, event });
  }
  return out;
}

/** The first test in which the verdicts part, or else in which the sums do. */
function tests([a, b]: Pair<Told>): Finding[] {
  const length = Math.max(a.tests.length, b.tests.length);
  const pairs = Array.from({ length }, (_, i): Pair<Test | null> => [a.tests[i] ?? null, b.tests[i] ?? null]);
  const parted = pairs.find(([x, y]) => x?.zone !== y?.zone || x?.passed !== y?.passed);
  if (parted) return [{ kind: 'verdict', tests: parted }];
  const [x, y] = pairs.find(([x, y]) => x?.least !== y?.least) ?? [null, null];
  return x && y ? [{ kind: 'arithmetic', tests: [x, y] }] : [];
}

function frames([{ got: a }, { got: b }]: Pair<Told>, since: number): Finding[] {
  if (!a || !b) return [];
  const found = (why: 'list' | 'half' | 'blocks'): Finding[] => [{ kind: 'frame', why, got: [a, b], since }];
  if (a.list !== b.list) return found('list');
  if (a.pfn === b.pfn) return [];
  return found(a.half && b.half && a.half !== b.half ? 'half' : 'blocks');
}

function freeing([a, b]: Pair<Told>, since: number): Finding[] {
  if (a.handsOver || b.handsOver || !a.freed || !b.freed) return [];
  const [x, y] = [a.freed, b.freed];
  const found = (why: 'list' | 'blocks'): Finding[] => [{ kind: 'freed', why, freed: [x, y], since }];
  if (x.list !== y.list) return found('list');
  return x.order === y.order ? [] : found('blocks');
}

/** An address from the boot allocator, outside a boot as a whole. */
function bootFrames([a, b]: Pair<Told>): Finding[] {
  if (a.hasZones || b.hasZones || a.booted.count !== 1 || b.booted.count !== 1) return [];
  const [x, y] = [a.booted, b.booted];
  if (x.address === y.address && x.shared === y.shared) return [];
  const search: Pair<number> = [x.search, y.search];
  return [{ kind: 'boot-frame', address: [x.address, y.address], search, shared: [x.shared, y.shared] }];
}

function results([a, b]: Pair<Told>): Finding[] {
  const isNumber = ['bytes', 'pages', 'bool'].includes(a.end.result);
  if (!isNumber || a.handsOver || a.end.result !== b.end.result || a.end.value === b.end.value) return [];
  return [{ kind: 'result', op: a.op, result: a.end.result, value: [a.end.value, b.end.value] }];
}

/** What a boot makes: zones and their lists, tables, marks, and the frames that it hands over. */
function boots(told: Pair<Told>, sides: Pair<Source>): Finding[] {
  const [a, b] = told;
  return [
    ...(a.hasZones && b.hasZones ? zones(told, sides) : []),
    ...(a.words.count === b.words.count ? [] : wholeWords(told)),
    ...(a.handsOver || b.handsOver ? handedOver(sides) : []),
    ...(a.hasZones || b.hasZones || a.hasMarks || b.hasMarks ? marks(sides) : []),
  ];
}

function zones([a, b]: Pair<Told>, sides: Pair<Source>): Finding[] {
  const out: Finding[] = [];
  const orders: Pair<number> = [sides[0].kernel?.nrOrders ?? 0, sides[1].kernel?.nrOrders ?? 0];
  if (orders[0] !== orders[1]) out.push({ kind: 'orders', orders });
  const lists = a.cpuLists ?? b.cpuLists;
  if (lists && !(a.cpuLists && b.cpuLists)) out.push({ kind: 'cpu-lists', side: a.cpuLists ? 0 : 1, ...lists });
  if (a.booted.count !== b.booted.count || a.booted.bytes !== b.booted.bytes) {
    const tables: Pair<number> = [a.booted.count, b.booted.count];
    out.push({ kind: 'tables', tables, bytes: [a.booted.bytes, b.booted.bytes] });
  }
  return out;
}

function wholeWords([a, b]: Pair<Told>): Finding[] {
  const words: Pair<number> = [a.words.count, b.words.count];
  return [{ kind: 'whole-words', words, bits: a.words.bits || b.words.bits }];
}

function handedOver(sides: Pair<Source>): Finding[] {
  const free = (side: Source): Pair<number> => {
    const counts = side.engine.counts();
    return [counts[STATES.indexOf('buddy')] ?? 0, counts[ON_CPU] ?? 0];
  };
  const [[a, aOnCpus], [b, bOnCpus]] = [free(sides[0]), free(sides[1])];
  if (a === b && aOnCpus === bOnCpus) return [];
  return [{ kind: 'handed-over', frames: [a + aOnCpus, b + bOnCpus], onCpus: [aOnCpus, bOnCpus] }];
}

/** The first zone that both have, with other marks. */
function marks(sides: Pair<Source>): Finding[] {
  for (let zone = 0; zone < Math.min(sides[0].engine.zones, sides[1].engine.zones); zone++) {
    const [a, b] = [sides[0].engine.zone(zone), sides[1].engine.zone(zone)];
    if (!a?.size || !b?.size) continue;
    const pair: Pair<[number, number, number]> = [
      [a.pages_min, a.pages_low, a.pages_high],
      [b.pages_min, b.pages_low, b.pages_high],
    ];
    if (!same(pair[0], pair[1])) return [{ kind: 'marks', zone, marks: pair }];
  }
  return [];
}

// -------------------------------------------------------------------- a whole run

/** The entries of each side that brought troubles; of a trouble that an operation's outcome tells already, nothing more is said. */
class Unnoticed {
  private readonly sides: Pair<Source>;
  private readonly entries: Pair<Set<number>>;

  constructor(sides: Pair<Source>) {
    this.sides = sides;
    this.entries = [new Set(sides[0].misused(0)), new Set(sides[1].misused(0))];
  }

  at(entry: number): Finding[] {
    const [a, b] = [this.entries[0].has(entry), this.entries[1].has(entry)];
    if (a === b) return [];
    const side = a ? 0 : 1;
    const troubles = this.sides[side].brought(entry).filter(({ kind }) => kind !== 'below-zero');
    return troubles.length === 0 ? [] : [{ kind: 'unnoticed', side, troubles }];
  }
}

/** What leaves another state behind, so that later differences may follow from it. */
const LASTING = new Set([
  'call',
  'skipped',
  'outcome',
  'unnoticed',
  'frame',
  'boot-frame',
  'freed',
  'tables',
  'whole-words',
  'handed-over',
]);

/** Differences that are of one sort have one name. */
function sortOf(found: Difference): string {
  const { kind } = found;
  if (kind === 'skipped') return `${kind} ${found.side} ${found.lacking}`;
  if (kind === 'passed-over') return `${kind} ${found.side} ${found.hints}`;
  if (kind === 'outcome')
    return `${kind} ${found.ends.map(({ outcome, bug, below }) => outcome + bug + (below < 0)).join()}`;
  if (kind === 'unnoticed') return `${kind} ${found.side} ${found.troubles.map((one) => one.kind).join()}`;
  if (kind === 'complaint') return `${kind} ${found.warning}`;
  if (kind === 'verdict') return `${kind} ${found.tests.map((test) => test?.passed).join()}`;
  if (kind === 'frame') return `${kind} ${found.why} ${found.got.map(({ list }) => list).join()}`;
  if (kind === 'freed') return `${kind} ${found.why} ${found.freed.map(({ list }) => list).join()}`;
  return kind;
}

/** Numbers, growing. */
class Numbers {
  private cells = new Uint32Array(16);
  private length = 0;

  push(value: number): void {
    if (this.length === this.cells.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.cells);
      this.cells = larger;
    }
    this.cells[this.length++] = value;
  }

  all(): Uint32Array {
    return this.cells.slice(0, this.length);
  }
}

/** In what two sources differ: entry n of one is held against entry n of the other. */
class Versus {
  private readonly sides: Pair<Source>;
  private readonly unnoticed: Unnoticed;
  private readonly sorts = new Map<string, { first: Difference; entries: Numbers }>();
  /** The first entry that left the two in different states. */
  private parted = Number.POSITIVE_INFINITY;

  constructor(here: Source, there: Source) {
    this.sides = [here, there];
    this.unnoticed = new Unnoticed(this.sides);
  }

  note(found: Difference): void {
    if (LASTING.has(found.kind)) this.parted = Math.min(this.parted, found.entry);
    const sort = sortOf(found);
    const known = this.sorts.get(sort) ?? { first: found, entries: new Numbers() };
    known.entries.push(found.entry);
    this.sorts.set(sort, known);
  }

  /** What the entry itself says and led to. Both sources stand behind it, and stay there. */
  look(entry: number, told: Pair<Told>): Finding[] {
    const since = this.parted < entry ? this.parted : -1;
    const [here, there] = this.sides;
    const other = calls([here.lineOf(entry), there.lineOf(entry)]);
    const skipped = other.length > 0 ? other : skips(told, [here.lacking(entry), there.lacking(entry)]);
    if (skipped.length > 0) return skipped;
    return [
      ...passings([here.passedOver(entry), there.passedOver(entry)]),
      ...outcomes(told),
      ...complaints(told),
      ...frames(told, since),
      ...freeing(told, since),
      ...tests(told),
      ...bootFrames(told),
      ...boots(told, this.sides),
      ...results(told),
    ];
  }

  /** What one of the two kernels did not notice, where both made the same call. They stand elsewhere afterwards. */
  overlooked(entry: number, found: readonly Finding[]): Finding[] {
    return found.some(({ kind }) => kind === 'call' || kind === 'skipped') ? [] : this.unnoticed.at(entry);
  }

  /** By their first entries. */
  groups(): DifferenceGroup[] {
    return [...this.sorts.values()].map(({ first, entries }) => ({ first, entries: entries.all() }));
  }
}

/** Goes through several sources side by side; each is held against the first. */
export class Comparison {
  /** Entries compared so far. */
  entries: number;
  private readonly sides: readonly Source[];
  private readonly pairs: readonly Versus[];
  private readonly mixed: readonly MixedBlocks[];
  /** Looked at last: stepping inside one entry asks for it again and again. */
  private latest: { entry: number; found: Difference[][] } = { entry: -1, found: [] };

  /** Up to entry `from` they are all the same. */
  constructor(here: Source, others: readonly Source[], from = 0) {
    this.entries = from;
    this.sides = [here, ...others];
    this.pairs = others.map((there) => new Versus(here, there));
    this.mixed = this.sides.map((side) => new MixedBlocks(side, from));
  }

  get length(): number {
    return Math.min(...this.sides.map(({ length }) => length));
  }

  /** Compares the next entries, at most so many. All sources stand elsewhere afterwards. False: there are no more. */
  advance(most: number): boolean {
    const end = Math.min(this.length, this.entries + most);
    for (; this.entries < end; this.entries++)
      for (const [i, found] of this.look(this.entries, true).entries())
        for (const one of found) this.pairs[i]?.note(one);
    return this.entries < this.length;
  }

  /** Mixed blocks of each side in the entries compared so far. */
  mixedOverTime(): MixedOverTime[] {
    return this.mixed.map((one) => one.overTime());
  }

  /** In what each of the others differs from the first at one entry. All stand elsewhere afterwards. */
  at(entry: number): Difference[][] {
    if (entry !== this.latest.entry) this.latest = { entry, found: this.look(entry, false) };
    return this.latest.found;
  }

  /** `isNext`: the entry is the next of all, and not one that somebody wants to see. */
  private look(entry: number, isNext: boolean): Difference[][] {
    if (entry < 0 || entry >= this.length) return this.pairs.map(() => []);
    const [here, ...others] = this.sides.map((side, i) =>
      tell(side, entry, (...records) => isNext && this.mixed[i]?.take(entry, ...records)),
    ) as [Told, ...Told[]];
    const found = this.pairs.map((pair, i) => pair.look(entry, [here, others[i] ?? here]));
    return this.pairs.map((pair, i) => {
      const own = found[i] ?? [];
      return [...own, ...pair.overlooked(entry, own)].map((one) => ({ entry, ...one }) as Difference);
    });
  }

  /** Of each of the others. */
  groups(): DifferenceGroup[][] {
    return this.pairs.map((pair) => pair.groups());
  }
}
