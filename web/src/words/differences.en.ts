import type { End, Freed, Got, Test } from '../core/told.ts';
import { PAGE_SIZE, type TroubleName } from '../generated/tables.ts';
import { callOf, tally } from './differences.ts';
import { num } from './facts.ts';
import { call, frame, hex, type Part, p, span } from './parts.ts';
import type { DifferenceTable, Sides } from './sides.ts';
import { digits } from './ui.en.ts';

const count = (n: number, one: string, many: string): string => `${digits(n)} ${n === 1 ? one : many}`;
const frames = (n: number): string => count(n, 'frame', 'frames');
const bytes = (n: number): string => {
  if (n >= 2 ** 20 && n % 2 ** 20 === 0) return `${digits(n / 2 ** 20)} MiB`;
  return n >= 1024 && n % 1024 === 0 ? `${digits(n / 1024)} KiB` : count(n, 'byte', 'bytes');
};
const block = (pfn: number, order: number): Part => span(pfn, 2 ** order);
/** The largest block that lists for so many orders can hold. */
const largest = (orders: number): string => bytes(PAGE_SIZE * 2 ** (orders - 1));

/** "A does this; B does that" */
const both = <T>(say: (name: string, of: T) => Part[], { names }: Sides, [a, b]: [T, T]): Part[] =>
  p`${say(names[0], a)}; ${say(names[1], b)}`;

const onCpus = ({ onCpus }: End): string =>
  onCpus === 0 ? '' : `, while ${count(onCpus, 'frame lies', 'frames lie')} free on the CPU's own lists`;

function ending(name: string, end: End): Part[] {
  switch (end.outcome) {
    case 'bug':
      return p`${name} stops with BUG(): ${end.bug}`;
    case 'oops':
      return p`${name} faults: ${end.bug}`;
    case 'panic':
      return p`${name} panics: ${end.bug}`;
    case 'hang':
      return p`${name} hangs`;
    case 'stall':
      return p`${name} lets the caller wait for ever${onCpus(end)}`;
    case 'failed':
      return p`${name} gives NULL${onCpus(end)}`;
    case 'nothing':
      return p`${name} has nothing to do, as the name is NULL there`;
  }
  if (end.below < 0) return p`${name} lets the count fall to ${end.below} and says nothing`;
  if (end.value !== null && end.result === 'pfn') return p`${name} gives ${frame(end.value)}`;
  if (end.value !== null && end.result === 'addr') return p`${name} gives ${frame(Math.floor(end.value / PAGE_SIZE))}`;
  return p`${name} carries it out`;
}

function verdict({ zone }: Sides): (name: string, test: Test | null) => Part[] {
  return (name, test) => {
    if (!test) return p`${name} makes no such test`;
    const has = `${digits(test.free)} free, ${wanted(test)} wanted`;
    return test.passed
      ? p`${name} lets zone ${zone(test.zone)} give (${has})`
      : p`in ${name} zone ${zone(test.zone)} refuses (${has})`;
  };
}

const sum = ({ request, mark, besides }: Test): number => request + mark + besides;
/** "more than 48", "at least 83" */
const wanted = (test: Test): string => `${test.least > sum(test) ? 'more than' : 'at least'} ${digits(sum(test))}`;

function arithmetic(name: string, test: Test): Part[] {
  const more = test.adds === 'marks' ? 'the marks of the zones before' : 'the protection of the zone';
  const besides = test.besides > 0 ? ` + ${digits(test.besides)} (${more})` : '';
  return p`${name} wants ${wanted(test)} = ${test.request} (the request) + ${test.mark} (the mark)${besides}`;
}

function way(name: string, got: Got): Part[] {
  const what = block(got.pfn, got.order);
  if (got.list !== 'free') {
    const fetched = got.fetched > 0 ? `, after fetching ${frames(got.fetched)} from the free lists` : '';
    return p`${name} gives the head of the CPU's ${got.list} list, ${what}${fetched}`;
  }
  const from = got.block ? p` of order ${got.block[1]}` : [];
  return p`${name} takes ${what} from the free list${from}${got.half ? p`, the ${got.half} half of each split` : []}`;
}

function split(name: string, got: Got): Part[] {
  const from = got.block ?? [got.pfn, got.order];
  return p`${name} splits ${block(...from)} and goes on with the ${got.half ?? 'lower'} half: ${block(got.pfn, got.order)}`;
}

const sinceThen = (since: number, { operation }: Sides): string =>
  since < 0 ? '' : ` Their lists have held other blocks since operation ${operation(since)}.`;

function whereTo(name: string, freed: Freed): Part[] {
  if (freed.list === 'free')
    return p`in ${name} it is on the free list of order ${freed.order} at once, as ${block(freed.pfn, freed.order)}`;
  const drained = freed.drained > 0 ? `, which first gives ${frames(freed.drained)} back to the free lists` : '';
  return p`${name} keeps ${block(freed.pfn, freed.order)} on the CPU's ${freed.list} list for the next request${drained}`;
}

const merged = (name: string, freed: Freed): Part[] =>
  p`in ${name} it is part of ${block(freed.pfn, freed.order)}, order ${freed.order}`;

const quiet = (times: [number, number]): 0 | 1 => (times[0] === 0 ? 0 : 1);

const isAre = (n: number): string => (n === 1 ? 'is' : 'are');
const hasHave = (n: number): string => (n === 1 ? 'has' : 'have');
/** What went wrong, for so many frames or lists. */
const wrongs: Record<TroubleName, (n: number) => string> = {
  'two-lists': (n) => `${frames(n)} ${isAre(n)} in two free blocks at once`,
  'ring-null': (n) => `${count(n, 'list breaks off', 'lists break off')}`,
  'ring-loop': (n) => `${count(n, 'list runs', 'lists run')} in a circle`,
  'ring-elsewhere': (n) => `${count(n, 'list leads', 'lists lead')} into another`,
  counter: () => 'a zone counts its free frames wrongly',
  'pcp-counter': () => "a CPU's list counts its frames wrongly",
  'below-zero': (n) => `${frames(n)} ${hasHave(n)} a count below zero`,
  lost: (n) => `${frames(n)} ${isAre(n)} lost`,
  'two-owners': (n) => `${frames(n)} ${hasHave(n)} two owners`,
  'free-yet-owned': (n) => `${frames(n)} ${isAre(n)} free, though somebody owns ${n === 1 ? 'it' : 'them'}`,
};

/** What a kernel complains of. */
const warnings: Record<string, (event: Parameters<typeof num>[0]) => Part[]> = {
  warn_reserved_twice: (e) => p`that ${span(num(e, 'pfn'), num(e, 'count'))} was reserved already`,
  warn_zone_alignment: () => p`of a zone that does not begin at a multiple of the largest block`,
  warn_bad_page: (e) =>
    p`of a bad page, frame ${frame(num(e, 'pfn'))} with count ${num(e, 'count')}, repairs it and goes on`,
  warn_bad_frame: (e) => p`of a bad frame, ${frame(num(e, 'pfn'))}, and never uses its block again`,
  warn_alloc_failed: () => p`of the failed allocation`,
};

/** One sentence for every kind of difference. */
export const differences: DifferenceTable = {
  call: (d, { names }) =>
    p`Another call: ${call(callOf(d.lines[0]))} in ${names[0]}, ${call(callOf(d.lines[1]))} in ${names[1]}.`,
  skipped: (d, { names }) => p`${names[d.side]} has no ${call(d.lacking)}: there the operation is skipped.`,
  'passed-over': (d, { names }) =>
    p`${names[d.side]} has no ${call(d.hints)} and passes it over; ${names[d.side === 0 ? 1 : 0]} heeds it.`,
  outcome: (d, sides) => {
    const intro = d.ends.some(({ below }) => below < 0) ? 'Freed once too often' : 'The same call ends otherwise';
    return p`${intro}: ${both(ending, sides, d.ends)}.`;
  },
  unnoticed: (d, { names }) => {
    const what = tally(d.troubles).map(([kind, n]) => wrongs[kind](n));
    return p`${names[d.side]} does not notice that ${what.join(', and ')}; in ${names[d.side === 0 ? 1 : 0]} this does not happen.`;
  },
  complaint: (d, { names }) => {
    const silent = quiet(d.times);
    const what = warnings[d.warning]?.(d.event) ?? p`(${d.warning})`;
    if (d.times[silent] > 0)
      return p`${names[0]} complains ${what}: ${count(d.times[0], 'time', 'times')}; ${names[1]} ${d.times[1]}.`;
    return p`${names[silent === 0 ? 1 : 0]} complains ${what}; ${names[silent]} says nothing.`;
  },
  verdict: (d, sides) => p`The watermarks decide otherwise: ${both(verdict(sides), sides, d.tests)}.`,
  arithmetic: (d, sides) =>
    p`The watermark test of zone ${sides.zone(d.tests[0].zone)} adds up otherwise: ${both(arithmetic, sides, d.tests)}.`,
  frame: (d, sides) => {
    const [a, b] = d.got;
    if (d.why === 'half') return p`The other half of a block: ${both(split, sides, d.got)}.`;
    const intro = a.pfn === b.pfn ? 'The same frame, by another way' : 'Another frame';
    const since = d.why === 'blocks' ? sinceThen(d.since, sides) : '';
    return p`${intro}: ${both(way, sides, d.got)}.${since}`;
  },
  'boot-frame': ({ address, search, shared }, { names }) => {
    const from =
      search[0] === search[1] ? '' : ` The search begins at frame ${hex(search[0])} here, ${hex(search[1])} there.`;
    const goesOn = shared[0] === shared[1] ? '' : ` Only ${names[shared[0] ? 0 : 1]} goes on in the last page.`;
    return p`The boot allocator gives another place: ${names[0]} ${hex(address[0])}, ${names[1]} ${hex(address[1])}.${from}${goesOn}`;
  },
  freed: (d, sides) =>
    d.why === 'list'
      ? p`What is freed goes elsewhere: ${both(whereTo, sides, d.freed)}.`
      : p`What is freed merges otherwise: ${both(merged, sides, d.freed)}.${sinceThen(d.since, sides)}`,
  orders: ({ orders }, sides) => {
    const says = (name: string, n: number): Part[] =>
      p`${name} has free lists for orders 0 to ${n - 1}, blocks of up to ${largest(n)}`;
    return p`${both(says, sides, orders)}.`;
  },
  'cpu-lists': (d, { names }) =>
    p`${names[d.side]} puts a hot and a cold list of single frames for each CPU before a zone's free lists (the hot one filled up at ${d.low}, emptied at ${d.high}, ${frames(d.batch)} at a time); ${names[d.side === 0 ? 1 : 0]} has none.`,
  tables: ({ tables, bytes: sizes }, { names }) => {
    const takes = (i: 0 | 1): string =>
      tables[i] === 0 ? 'nothing' : `${bytes(sizes[i])} of boot memory in ${count(tables[i], 'piece', 'pieces')}`;
    return p`The page allocator's own tables: ${names[0]} takes ${takes(0)}, ${names[1]} ${takes(1)}.`;
  },
  'whole-words': (d, { names }) => {
    const more = d.words[0] > d.words[1] ? 0 : 1;
    const other = d.words[1 - more] ?? 0;
    const rest = other === 0 ? 'hands over frame by frame' : `so hands over ${digits(other)}`;
    return p`${names[more]} hands ${count(d.words[more], 'whole word', 'whole words')} of the boot bitmap over as blocks of ${d.bits} frames; ${names[more === 0 ? 1 : 0]} ${rest}.`;
  },
  'handed-over': ({ frames: free, onCpus: kept }, { names }) => {
    const has = (i: 0 | 1): string => (kept[i] === 0 ? '' : ` (${digits(kept[i])} of them on the CPU's own lists)`);
    return p`Then ${names[0]} has ${count(free[0], 'free frame', 'free frames')}${has(0)}, ${names[1]} ${free[1]}${has(1)}.`;
  },
  marks: ({ zone, marks }, sides) => {
    const says = (name: string, [min, low, high]: [number, number, number]): Part[] =>
      p`${name} min ${min}, low ${low}, high ${high}`;
    return p`Zone ${sides.zone(zone)} gets other watermarks: ${both(says, sides, marks)}.`;
  },
  result: ({ op, value }, sides) => {
    const says = (name: string, n: number | null): Part[] => p`${n ?? 'NULL'} in ${name}`;
    return p`${call(op)} returns ${both(says, sides, value)}.`;
  },
};
