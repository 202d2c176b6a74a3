import { type BugText, type EventJson, type OpName, PAGE_SIZE, type StateName, SYSCTLS } from '../generated/tables.ts';
import type { Ev } from '../protocol.ts';
import {
  borrowing,
  cpuListOf,
  element,
  type Facts,
  faultAt,
  framesOf,
  freesNothing,
  hangsAt,
  isUnused,
  limitOf,
  type Mark,
  markOfRound,
  markTest,
  mayWait,
  namesNoNode,
  needOf,
  num,
  ranges,
  refill,
  refusals,
  reserve,
  type TOLD_LIKE,
  takenFromCpu,
  text,
  typeName,
  WHOLE_PAGEBLOCKS,
} from './facts.ts';
import { listName } from './lists.en.ts';
import { panels } from './panels.en.ts';
import { call, capital, frame, hex, type Part, p, span } from './parts.ts';
import { newTroubles, troubles, why } from './troubles.en.ts';
import { digits, ui } from './ui.en.ts';

export type Headline = (facts: Facts) => Part[];
export type Sentence = (event: Ev, facts: Facts) => Part[];
/** One sentence for every operation and one for every event: what a language lacks does not compile. */
export type HeadlineTable = Record<Exclude<OpName, keyof typeof TOLD_LIKE>, Headline>;
export type SentenceTable = Record<EventJson['kind'], Sentence>;
export type BugNotes = Record<Exclude<BugText, ''>, string>;

const count = (n: number, one: string, many: string): string => `${digits(n)} ${n === 1 ? one : many}`;
const frames = (n: number): string => count(n, 'frame', 'frames');
const bytes = (n: number): string => {
  if (n >= 2 ** 20 && n % 2 ** 20 === 0) return `${digits(n / 2 ** 20)} MiB`;
  return n >= 1024 && n % 1024 === 0 ? `${digits(n / 1024)} KiB` : count(n, 'byte', 'bytes');
};
const block = (pfn: number, order: number): Part => span(pfn, 2 ** order);
const one = (n: number, is: string, are: string): string => (n === 1 ? is : are);
const size = (order: number): string =>
  order === 0 ? 'one frame' : `2^${order} = ${digits(2 ** order)} contiguous frames`;

function spans(list: readonly [number, number][]): Part[] {
  const shown = list.slice(0, 4).map(([pfn, n]) => span(pfn, n));
  const out: Part[] = [];
  shown.forEach((part, i) => {
    if (i > 0) out.push({ text: i === list.length - 1 ? ' and ' : ', ' });
    out.push(part);
  });
  if (list.length > shown.length) out.push({ text: ` and ${digits(list.length - shown.length)} more ranges` });
  return out;
}

const total = (list: readonly [number, number][]): number => list.reduce((sum, [, n]) => sum + n, 0);

/** How the kernel stopped, where it did; otherwise nothing. */
function stopped(facts: Facts): Part[] {
  const bug = facts.bug;
  const note = bug === '' ? '' : ` (${bugs[bug as keyof BugNotes] ?? bug})`;
  if (facts.outcome === 'bug') return p` The kernel stops here with BUG(): ${bug}${note}.`;
  if (facts.outcome === 'oops') return p`${fault(facts)} The kernel faults here: ${bug}${note}.`;
  if (facts.outcome === 'panic') return p` The kernel panics: ${bug}${note}.`;
  if (facts.outcome === 'hang') return p` ${panels.hangs[hangsAt(facts)]}`;
  if (facts.outcome === 'stall') return p` The caller may wait, and nothing will ever be freed: it waits for ever.`;
  return [];
}

/** What it was at when it faulted. */
function fault(facts: Facts): Part[] {
  const at = faultAt(facts);
  const what = block(num(at, 'pfn'), num(at, 'order'));
  const list = listName(facts.list(at));
  const state = facts.bug === 'poisoned link' ? 'poisoned' : 'NULL';
  if (!at) return [];
  return at.kind === 'list_del'
    ? p` To take ${what} out of ${list} it follows links that are ${state}.`
    : p` To put ${what} on ${list} it follows a link that is ${state}.`;
}

/** Which bytes of the frame a boot_partial event is about. */
function partial(event: Ev, facts: Facts): Part[] {
  const pfn = num(event, 'pfn');
  const n = num(event, 'bytes');
  const start = facts.arg('addr') ?? 0;
  const from = Math.floor(start / PAGE_SIZE) === pfn ? start : pfn * PAGE_SIZE;
  return p`Bytes ${hex(from)} to ${hex(from + n - 1)} are only part of frame ${frame(pfn)}, so its bit stays as it was.`;
}

function alreadyFree(facts: Facts): Part[] {
  const bug = facts.first('bug');
  const before = ranges(facts.all('boot_bits_cleared'));
  const stays = before.length > 0 ? p` What was freed before that, ${spans(before)}, stays free.` : [];
  return p`Bit ${frame(num(bug, 'pfn'))} is already 0. That is a double free, and the kernel stops with BUG().${stays}`;
}

const nothingFreed: Record<ReturnType<typeof freesNothing>, string> = {
  narrow: 'no frame lies wholly inside the range',
  wraps: 'the end of the range wraps around 2^32, and nobody is told',
  below: 'the range begins below the node, and nobody is told',
};

function freeBootmem(facts: Facts): Part[] {
  if (facts.bug === 'free_bootmem: page is already free') return p`${facts.call}: ${alreadyFree(facts)}`;
  const cleared = ranges(facts.all('boot_bits_cleared'));
  const partials = facts.all('boot_partial').map((event) => p` ${partial(event, facts)}`);
  const freed =
    cleared.length === 0
      ? facts.outcome === 'done'
        ? p`${facts.call} frees nothing: ${nothingFreed[freesNothing(facts)]}.`
        : p`${facts.call}.`
      : p`${facts.call} gives ${frames(total(cleared))} to the boot allocator: the ${one(total(cleared), 'bit', 'bits')} of ${spans(cleared)} ${one(total(cleared), 'becomes', 'become')} 0, free.`;
  return p`${freed}${partials.flat()}${stopped(facts)}`;
}

function reserveBootmem(facts: Facts): Part[] {
  const set = ranges(facts.all('boot_bits_set'));
  const twice = facts.all('warn_reserved_twice').map((event) => p` ${warnReservedTwice(event)}`);
  const reserved =
    set.length === 0
      ? p`${facts.call} sets no new bit.`
      : p`${facts.call} rounds outwards and reserves every frame that the range touches: the ${one(total(set), 'bit', 'bits')} of ${spans(set)} ${one(total(set), 'becomes', 'become')} 1.`;
  return facts.outcome === 'bug' ? p`${facts.call}.${stopped(facts)}` : p`${reserved}${twice.flat()}`;
}

/** Where an allocation begins that may share the last one's page. */
function goesOn(event: Ev): Part[] {
  const pfn = frame(num(event, 'pfn'));
  const offset = num(event, 'offset');
  if (offset === 0)
    return p`With align 0 it begins where the last allocation's page ${pfn} begins, on top of what lies there.`;
  if (offset >= PAGE_SIZE)
    return p`The last allocation ended inside frame ${pfn}; aligned, this one begins right behind that frame.`;
  return p`The last allocation ended inside frame ${pfn}, so this one begins there, ${offset} bytes in.`;
}

function allocBootmem(facts: Facts): Part[] {
  const asks = p`${facts.call} asks for ${bytes(facts.arg('size') ?? 0)}.`;
  const out = facts.first('boot_handed_out');
  if (!out || facts.value === null) return p`${asks}${stopped(facts)}`;
  const shared = facts.first('boot_page_shared');
  const search = facts.all('boot_search').at(-1);
  const how = shared
    ? goesOn(shared)
    : p`From bit ${frame(num(search, 'pfn'))} on, the first run of zeros that fits begins at frame ${frame(num(out, 'pfn'))}.`;
  const set = ranges(facts.all('boot_bits_set'));
  const marked =
    set.length === 0
      ? []
      : p` The ${one(total(set), 'bit', 'bits')} of ${spans(set)} ${one(total(set), 'becomes', 'become')} 1.`;
  return p`${asks} ${how}${marked} The memory at ${hex(facts.value)} is filled with zeros and is the caller's.${wiped(facts)}`;
}

/** The boot bitmap itself, where it was handed out: nobody had reserved its frames. */
function wiped(facts: Facts): Part[] {
  const cleared = ranges(facts.all('boot_bits_cleared'));
  if (cleared.length === 0) return [];
  return p` But the bitmap itself lies there, as nobody had reserved it: the zeros wipe it, and ${spans(cleared)} ${one(total(cleared), 'counts', 'count')} as free.`;
}

function freeAllBootmem(facts: Facts): Part[] {
  const first = p`${facts.call}: the boot allocator retires.`;
  if (facts.outcome !== 'done') return p`${first}${stopped(facts)}`;
  const way = facts.kernel?.hasPcp
    ? p`from the lowest up: a whole word of the bitmap at once where all its bits are 0 and the node's start allows it, else one by one through the hot lists of CPU ${facts.cpu}`
    : p`one by one from the lowest, and merges with its buddy as soon as both are free`;
  return p`${first} Every frame whose bit is 0 goes to the page allocator, ${way}; the frames of the bitmap itself follow. ${frames(facts.value ?? 0)} in all; what is still reserved stays reserved.`;
}

const hasFrames = (zone: Ev): boolean => num(zone, 'size') > 0;

function freeAreaInit(facts: Facts): Part[] {
  const zones = facts
    .all('zone_set_up')
    .filter(hasFrames)
    .map((event) => {
      const marks = facts.all('zone_marks_set').find((other) => num(other, 'zone') === num(event, 'zone'));
      const says = marks
        ? p`, watermarks min ${num(marks, 'pages_min')}, low ${num(marks, 'pages_low')}, high ${num(marks, 'pages_high')}`
        : [];
      return p` Zone ${facts.zone(num(event, 'zone'))} has ${frames(num(event, 'size'))} from ${frame(num(event, 'start_pfn'))}${says}.`;
    });
  const own = facts.kernel?.hasPcp ? ` Of each zone every CPU gets a hot and a cold list of its own.` : '';
  return p`${call('free_area_init')} sets up the page allocator.${zones.flat()}${own} All lists are empty: every frame is reserved until the boot allocator gives it over.${stopped(facts)}`;
}

/** Where the low marks kept the caller out. */
function belowLow(facts: Facts): Part[] {
  if (facts.first('kswapd_woken'))
    return p` Nothing is to be had above the low marks: kswapd is woken, and lower marks count.`;
  if (facts.first('walk_begins')) return p` Nothing is to be had above the low marks: lower marks count.`;
  const round = facts.all('zone_round').at(-1);
  return round ? p` Nothing is to be had above the low marks: now ${roundMarks(round, facts)}.` : [];
}

/** Zones that were tried in vain before one gave, or all did not. */
function inVain(facts: Facts): Part[] {
  const slow = belowLow(facts);
  const tried = refusals(facts);
  const marks = tried.findLastIndex((event) => event.kind !== 'zone_empty') + 1;
  const each = tried.map((event) => {
    const zone = facts.zone(num(event, 'zone'));
    if (event.kind === 'zone_empty')
      return p` Zone ${zone} may give, but none of its lists holds a block of order ${num(event, 'order')} or above.`;
    if (event.kind === 'mark_tested') return refusedMark(event, facts);
    const needs =
      event.kind === 'zone_refused'
        ? `at least ${digits(needOf(event, facts).need)}`
        : `more than ${digits(num(event, 'limit'))}`;
    return p` Zone ${zone} has ${count(num(event, 'free_pages'), 'free frame', 'free frames')} and would need ${needs}: it refuses.`;
  });
  const last = reserve(facts)
    ? p` A caller with PF_MEMALLOC or PF_MEMDIE may have the last frames: no mark counts.`
    : [];
  const blocked = each.slice(0, marks).flat();
  return p`${slow}${blocked}${last}${each.slice(marks).flat()}`;
}

function refusedMark(event: Ev, facts: Facts): Part[] {
  const { min, reserve, result, ...test } = markTest(event, facts);
  const free = digits(test.free);
  const zone = facts.zone(num(event, 'zone'));
  return result === 0
    ? p` Zone ${zone} would keep ${free} free and must keep more than ${min + reserve}: it refuses.`
    : p` Zone ${zone} has enough free, but no block that is large enough on the lists open to the request: it refuses.`;
}

/** A request that found its own type's lists empty. */
function borrowed(facts: Facts): Part[] {
  const found = borrowing(facts);
  if (!found) return [];
  const { asked, taken, isWhole, more } = found;
  const lends = p` ${ofType(asked, facts)} has none left and borrows from ${ofType(asked, facts, 'from')}`;
  const all = more > 0 ? ` It borrows ${count(more, 'more time', 'more times')}.` : '';
  if (!taken) return p`${lends}.`;
  const where = frame(num(taken, 'pfn'));
  if (taken.kind === 'pageblock_stolen')
    return isWhole
      ? p`${lends}: the pageblock at ${where} becomes ${ofType(taken, facts)}.${all}`
      : p`${lends}: what is free in the pageblock at ${where} changes lists, the pageblock keeps its type.${all}`;
  const what = block(num(taken, 'pfn'), num(taken, 'order'));
  return isWhole
    ? p`${lends}: ${what}, whole pageblocks, which become ${ofType(taken, facts)}.${all}`
    : p`${lends}: only ${what}, the pageblock keeps its type.${all}`;
}

/** Why no zone gave a block. */
function refused(facts: Facts): Part[] {
  const tried = inVain(facts);
  if (tried.length > 0) return tried;
  const largest = (facts.kernel?.nrOrders ?? 0) - 1;
  return (facts.arg('order') ?? 0) > largest
    ? p` The largest order is ${largest}: the kernel does not even look.`
    : p` No zone can give such a block.`;
}

/** The CPU's own list gave the frame. */
function fromCpu(taken: Ev, facts: Facts): Part[] {
  const list = capital(listName(facts.list(taken)));
  const order = facts.list(taken).order;
  const units = (n: number): string => (order === 0 ? frames(n) : count(n, 'block', 'blocks'));
  const gives = p`gives its first ${order === 0 ? 'frame' : 'block'}, ${block(num(taken, 'pfn'), order)}`;
  const fetched = refill(facts);
  if (!fetched) return p` ${list} ${gives}.`;
  const left = num(fetched.why, 'count');
  const is = left === 0 ? 'is empty' : `is down to ${frames(left)}`;
  const come =
    fetched.moved === 0
      ? 'and the buddy lists have none for it'
      : `so ${units(fetched.moved)} ${one(fetched.moved, 'comes', 'come')} to its end from the buddy lists`;
  return p` ${list} ${is}, ${come}. Then it ${gives}.`;
}

function found(facts: Facts, order: number): Part[] {
  const taken = takenFromCpu(facts);
  if (taken) return fromCpu(taken, facts);
  const at = facts.first('block_found');
  if (!at) return [];
  const from = num(at, 'order');
  const list = p` The list of order ${from} in zone ${facts.zone(num(at, 'zone'))} gives its first block, ${block(num(at, 'pfn'), from)}.`;
  if (from === order) return list;
  const [back, on] = halves(facts.first('split'));
  if (from === order + 1)
    return p`${list} It is split once: the ${back} half goes back on a list, the ${on} half goes on.`;
  return p`${list} It is split ${from - order} times: each time the ${back} half goes back on a list and the ${on} half goes on.`;
}

/** Which half of a split goes on the list, and which goes on: kernels differ. */
function halves(split: Ev | undefined): ['lower', 'upper'] | ['upper', 'lower'] {
  return num(split, 'pfn') > num(split, 'buddy') ? ['upper', 'lower'] : ['lower', 'upper'];
}

function allocPages(facts: Facts): Part[] {
  const order = facts.arg('order') ?? 0;
  const asks = p`${facts.call} asks for ${size(order)}.`;
  const out = facts.first('handed_out');
  if (!out) {
    const complains = facts.first('warn_alloc_failed') ? ', and the kernel complains on its console' : '';
    const end = facts.outcome === 'failed' ? p`${refused(facts)} The caller gets NULL${complains}.` : stopped(facts);
    return p`${asks}${facts.outcome === 'failed' ? [] : inVain(facts)}${borrowed(facts)}${found(facts, order)}${end}`;
  }
  const what = block(num(out, 'pfn'), num(out, 'order'));
  const way = p`${asks}${inVain(facts)}${borrowed(facts)}${found(facts, order)}`;
  if (facts.outcome === 'failed')
    return p`${way} ${what} is taken, but HighMem has no address in the kernel: the caller gets NULL, and nobody can give it back.`;
  if (facts.outcome !== 'done') return p`${way} The caller gets ${what}.${stopped(facts)}`;
  return p`${way} The caller gets ${what}${address(facts)}.`;
}

function address(facts: Facts): string {
  if (facts.result !== 'addr' || facts.value === null) return '';
  return `, physical address ${hex(facts.value)}${virtual(facts, facts.value)}`;
}

function virtual(facts: Facts, addr: number): string {
  const offset = facts.kernel?.pageOffset ?? 0;
  return offset === 0 ? '' : `, kernel virtual ${hex(addr + offset)}`;
}

function freePages(facts: Facts): Part[] {
  const nothing = facts.first('nothing_to_do');
  if (nothing) return p`${facts.call}: NULL means that there is nothing to free.`;
  const ignored = facts.first('free_ignored');
  if (ignored) return p`${facts.call}: ${freeIgnored(ignored, facts)}`;
  const rest = facts.first('rest_freed');
  if (rest) return p`${facts.call}: ${restFreed(rest)}${badPages(facts)}${stopped(facts)}`;
  const given = facts.first('given_up');
  const taken = facts.first('taken_back');
  const order = num(given, 'order');
  const drops = given
    ? p`${facts.call}: the last reference to ${block(num(given, 'pfn'), order)} is gone.`
    : p`${facts.call}.`;
  if (!taken) return p`${drops}${badPages(facts)}${stopped(facts)}`;
  const way = text(taken, 'state') === 'pcp' ? toCpu(facts) : merges(facts);
  return p`${drops}${badPages(facts)}${way}${stopped(facts)}`;
}

/** Frames that somebody still has, and that are freed all the same. */
function badPages(facts: Facts): Part[] {
  const bad = facts.all('warn_bad_page');
  const n = bad.length;
  if (n === 0) return badFrames(facts);
  return p` But ${spans(framesOf(bad))} ${one(n, 'is', 'are')} still in use: the kernel complains of a bad page, sets the ${one(n, 'count', 'counts')} to 0 and frees ${one(n, 'it', 'them')} all the same.`;
}

/** Frames in a bad state, for which their whole block is given up. */
function badFrames(facts: Facts): Part[] {
  const bad = facts.all('warn_bad_frame');
  const n = bad.length;
  if (n === 0) return [];
  const reasons = [...new Set(bad.map((event) => text(event, 'reason')))].join(', ');
  return p` But ${spans(framesOf(bad))} ${one(n, 'is', 'are')} in a bad state (${reasons}): the kernel reports ${one(n, 'it', 'them')}, and the whole block is not used any more.`;
}

function restFreed(event: Ev): Part[] {
  const [pfn, left] = [frame(num(event, 'pfn')), num(event, 'count')];
  return left < 0
    ? p`The count of frame ${pfn} falls from ${left + 1} to ${left}, for nobody had a reference to it. As it is not 0, the kernel takes it that somebody else still holds the first frame, and frees all the rest of the block, in halves: a second time, silently.`
    : p`Frame ${pfn}, the first, still has ${count(left, 'reference', 'references')} and stays. All the rest of the block is freed now, in halves.`;
}

/** A frame came to the list of the CPU that freed it. */
function toCpu(facts: Facts): Part[] {
  if (facts.kernel?.nrPcps === 1) return toSharedCpu(facts);
  const list = listName(facts.list(facts.all('list_add').at(-1)));
  const n = num(facts.all('pcp_count_set').at(-1), 'count');
  const has = `has ${frames(n)} now, free for this CPU alone`;
  if (!facts.first('pcp_drain')) return p` It goes to the front of ${list}, which ${has}.`;
  const back = facts.all('moved').length;
  return p` ${capital(list)} is full: first ${frames(back)} from its end ${one(back, 'goes', 'go')} back to the buddy lists. Then the frame goes to its front, and the list ${has}.`;
}

/** The same where one counter is for all the CPU's lists: what is too much goes back afterwards. */
function toSharedCpu(facts: Facts): Part[] {
  const added = facts.all('list_add').find((event) => facts.list(event).cpu !== null);
  const held = num(facts.first('pcp_count_set'), 'count');
  const over = facts.first('pcp_overflow');
  const then = over ? p` ${events.pcp_overflow(over, facts)}` : '';
  return p` It goes to the front of ${listName(facts.list(added))}; all lists of that CPU there hold ${frames(held)} now, free for it alone.${then}`;
}

/** free_hot_page, free_cold_page. */
function freeToCpu(facts: Facts): Part[] {
  const given = facts.first('given_up');
  const says = given
    ? p`${facts.call}: the caller says that nobody has frame ${named(num(given, 'pfn'), facts)} any more.`
    : p`${facts.call}.`;
  return p`${says}${badPages(facts)}${facts.first('taken_back') ? toCpu(facts) : []}${stopped(facts)}`;
}

function pagevecFree(facts: Facts): Part[] {
  const taken = facts.all('taken_back');
  const list = facts.arg('cold') ? 'cold' : 'hot';
  if (taken.length === 0) return p`${facts.call} frees nothing.${badPages(facts)}${stopped(facts)}`;
  const back = facts.all('moved').length;
  const drained =
    back > 0 ? ` Lists that are full first give back from their ends, ${frames(back)} in all, to the buddy lists.` : '';
  return p`${facts.call} frees ${frames(taken.length)}, from the last to the first: each goes to the front of the ${list} list of CPU ${facts.cpu} in its zone.${drained}${badPages(facts)}${stopped(facts)}`;
}

function putPage(facts: Facts): Part[] {
  const at = facts.first('count_set');
  if (!at) return p`${facts.call}.${stopped(facts)}`;
  const pfn = named(num(at, 'pfn'), facts);
  const left = num(at, 'count');
  return left === 0
    ? p`${facts.call}: the last reference to frame ${pfn} is gone. It returns true: whoever called must free the frame now.`
    : p`${facts.call}: one reference fewer to frame ${pfn}, ${left} left. It returns false: the frame stays in use.`;
}

/** A frame's number, and whether there is no such memory. */
function named(pfn: number, facts: Facts): Part[] {
  return p`${frame(pfn)}${facts.isOutside(pfn) ? ' (past the end of memory)' : ''}`;
}

/** What a setting came to: each zone's watermarks, and what it keeps back. */
function marksSet(facts: Facts): Part[] {
  const marks = facts.all('zone_marks_set').map((event) => p` ${zoneMarks(event, facts)}`);
  const kept = facts
    .all('protection_set')
    .filter((event) => num(event, 'normal') + num(event, 'highmem') > 0)
    .map((event) => p` ${protection(event, facts)}`);
  return [...marks, ...kept].flat();
}

function zoneMarks(event: Ev, facts: Facts): Part[] {
  return p`Watermarks of zone ${facts.zone(num(event, 'zone'))}: min ${num(event, 'pages_min')}, low ${num(event, 'pages_low')}, high ${num(event, 'pages_high')} frames.`;
}

function protection(event: Ev, facts: Facts): Part[] {
  const kept = [
    ['Normal', num(event, 'normal')],
    ['HighMem', num(event, 'highmem')],
  ] as const;
  const from = kept.filter(([, n]) => n > 0).map(([zone, n]) => `${frames(n)} from requests that begin in ${zone}`);
  return from.length === 0
    ? p`Zone ${facts.zone(num(event, 'zone'))} keeps nothing back for itself.`
    : p`Zone ${facts.zone(num(event, 'zone'))} keeps back ${from.join(', and ')}.`;
}

function sysctl(facts: Facts): Part[] {
  const set = facts.first('sysctls_set');
  const n = num(set, 'lower_zone_protection');
  const times = n === 1 ? '' : `${n} times `;
  const what =
    facts.arg('name') === SYSCTLS.indexOf('min_free_kbytes')
      ? p`${bytes(num(set, 'min_free_kbytes') * 1024)} must stay free, shared out by the size of the zones.`
      : p`a zone keeps back ${times}the low marks of the zones above it from requests that could be served there.`;
  return p`${facts.call}: ${what}${marksSet(facts)}`;
}

function merges(facts: Facts): Part[] {
  const merged = facts.all('merge');
  const added = facts.all('list_add');
  const at = added[added.length - 1];
  const tail = facts.first('tail_chosen');
  const ends = facts.first('merge_ends');
  const onto = at
    ? p` ${block(num(at, 'pfn'), num(at, 'order'))} is now the first block of the order ${num(at, 'order')} list.`
    : tail
      ? p` ${events.tail_chosen(tail, facts)}`
      : [];
  if (merged.length === 0) {
    const why =
      ends && ends.top !== true
        ? p` By ${lower(buddySign(facts))} its buddy ${block(num(ends, 'buddy'), num(ends, 'order'))} is not free as a whole, so nothing merges.`
        : [];
    return p`${why}${onto}`;
  }
  const why = ends?.top === true ? ', up to the largest order there is' : ends ? '; then the next buddy is in use' : '';
  return p` By ${lower(buddySign(facts))} its buddy is free, so the two become one block: ${count(merged.length, 'merge', 'merges')}${why}.${onto}`;
}

function freeIgnored(event: Ev, facts: Facts): Part[] {
  const pfn = named(num(event, 'pfn'), facts);
  const left = num(event, 'count');
  if (event.reserved === true) return p`Frame ${pfn} is reserved: the kernel leaves it alone.`;
  if (left < 0) {
    return p`The count of frame ${pfn} falls from ${left + 1} to ${left}: nobody had a reference to it. Only 0 makes the kernel take a frame back, so nothing happens, silently.`;
  }
  return p`Frame ${pfn} still has ${count(left, 'reference', 'references')}: it stays where it is.`;
}

function warnReservedTwice(event: Ev): Part[] {
  const n = num(event, 'count');
  return p`${span(num(event, 'pfn'), n)} ${one(n, 'was', 'were')} reserved already: the kernel warns and goes on.`;
}

const traced =
  (say: (facts: Facts, what: Part, order: number) => Part[], kind: string): Headline =>
  (facts) => {
    const event = facts.first(kind);
    const order = num(event, 'order');
    return say(facts, block(num(event, 'pfn'), order), order);
  };

function initBootmem(f: Facts): Part[] {
  const at = f.first('boot_map_set_up');
  if (!at) return p`${f.call}.${stopped(f)}`;
  const n = num(at, 'end') - num(at, 'start');
  return p`${f.call} makes the boot bitmap: one bit for each of the ${frames(n)} ${span(num(at, 'start'), n)}, ${bytes(f.value ?? 0)} that lie in frame ${frame(num(at, 'mapstart'))}. All bits are 1, reserved, until somebody frees a range.`;
}

const headlines: HeadlineTable = {
  boot: (f) =>
    p`The machine boots: the boot allocator begins, takes what the firmware and the kernel need, and hands the rest to the page allocator.${stopped(f)}`,
  init_bootmem: initBootmem,
  reserve_bootmem: reserveBootmem,
  free_bootmem: freeBootmem,
  alloc_bootmem: allocBootmem,
  free_all_bootmem: freeAllBootmem,
  free_area_init: freeAreaInit,
  free_boot_range: (f) => {
    const first = f.arg('start') ?? 0;
    const n = (f.arg('end') ?? 0) - first;
    const way = f.arg('dir') === 1 ? 'from the highest down' : 'from the lowest up';
    const then = f.kernel?.hasPcp
      ? `through the hot lists of CPU ${f.cpu}; what these cannot hold goes on to the buddy lists and merges there`
      : 'and each merges with its buddy as soon as both are free';
    return p`Boot gives ${frames(n)} ${span(first, n)} to the page allocator, one by one ${way}, ${then}.${stopped(f)}`;
  },
  alloc_pages: allocPages,
  get_zeroed_page: (f) => p`${allocPages(f)}${f.outcome === 'done' ? ' It is filled with zeros.' : ''}`,
  __free_pages: freePages,
  get_page: (f) => {
    const at = f.first('count_set');
    return at
      ? p`${f.call}: one more reference to frame ${named(num(at, 'pfn'), f)}, ${num(at, 'count')} now. It is free only when as many have been dropped.`
      : p`${f.call}.${stopped(f)}`;
  },
  free_hot_page: freeToCpu,
  put_page_testzero: putPage,
  pagevec_free: pagevecFree,
  drain_local_pages: (f) =>
    p`${f.call}: every frame on the hot and cold lists of CPU ${f.cpu} goes back to the buddy lists and merges there.${stopped(f)}`,
  init_per_zone_pages_min: (f) =>
    p`${f.call} works out how much must stay free: min_free_kbytes is ${num(f.first('sysctls_set'), 'min_free_kbytes')}.${marksSet(f)}`,
  sysctl,
  mm_page_alloc: traced(
    (f, what, order) => p`CPU ${f.cpu} is given ${size(order)}: ${what}${requested(f)}.`,
    'handed_out',
  ),
  mm_page_free: traced((f, what, order) => {
    const where = text(f.first('taken_back'), 'state');
    const list = where === 'pcp' ? `the CPU's own list, for quick reuse` : 'the buddy lists';
    return p`CPU ${f.cpu} frees ${what} (order ${order}): ${one(2 ** order, 'it goes', 'they go')} to ${list}.`;
  }, 'taken_back'),
  mm_page_alloc_zone_locked: traced(
    (f, what, order) =>
      p`CPU ${f.cpu} takes ${what} (order ${order}) out of the buddy lists, under the zone's lock, to refill its own list or to hand out at once.`,
    'moved',
  ),
  mm_page_pcpu_drain: traced(
    (f, what, order) =>
      p`CPU ${f.cpu} has enough free frames of its own: ${what} (order ${order}) ${one(2 ** order, 'goes', 'go')} back to the buddy lists.`,
    'moved',
  ),
  events_lost: (f) => p`${lostEvents(num(f.first('lost_events'), 'count'))}`,
  alloc_pages_bulk: (f) =>
    p`${f.call}: ${count(f.arg('n') ?? 0, 'single frame is', 'single frames are')} asked for at once; the caller gets ${spans(framesOf(f.all('handed_out')))}${f.value === 0 ? 'none' : ''}.${stopped(f)}`,
  put_page: (f) => p`${freePages(f)}`,
  split_page: (f) =>
    p`${f.call}: the block becomes ${frames(2 ** (f.arg('order') ?? 0))} with a count of their own. Each is given back by itself.${stopped(f)}`,
  drain_all_pages: (f) =>
    p`${f.call}: every CPU's lists are emptied; ${frames(blocksOf(f.all('moved')))} ${one(blocksOf(f.all('moved')), 'goes', 'go')} back to the buddy lists and can merge there.${stopped(f)}`,
  memblock_free_all: (f) =>
    p`${f.call}: memblock retires. What is memory and not reserved goes to the page allocator, in the largest aligned blocks: ${frames(f.value ?? 0)}.${stopped(f)}`,
  set_min_free_kbytes: (f) => p`${f.call}: ${bytes((f.arg('value') ?? 0) * 1024)} must stay free.${marksSet(f)}`,
  set_watermark_boost_factor: (f) =>
    p`${f.call}: a theft of pageblocks may raise the marks up to ${(f.arg('value') ?? 0) / 100} % of the high mark.`,
  set_watermark_scale_factor: (f) =>
    p`${f.call}: the marks lie at least ${(f.arg('value') ?? 0) / 100} % of the zone apart.${marksSet(f)}`,
  set_percpu_pagelist_high_fraction: (f) =>
    f.arg('value')
      ? p`${f.call}: the CPUs' lists of a zone together may hold 1/${f.arg('value') ?? 0} of its frames.`
      : p`${f.call}: what the CPUs' lists may hold goes by the low marks again.`,
  vmstat_fold: (f) => p`${f.call}: CPU ${f.cpu} adds what it has kept to itself to the zones' counters.`,
};

const isTyped = (facts: Facts): boolean => (facts.kernel?.typeNames?.length ?? 0) > 0;
/** By what the kernel knows whether a buddy is free. */
const buddySign = (facts: Facts): string => (isTyped(facts) ? 'The free mark' : 'The pair bit');
const lower = (words: string): string => `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
const blocksOf = (all: readonly Ev[]): number => all.reduce((sum, event) => sum + 2 ** num(event, 'order'), 0);
const ofType = (event: Ev, facts: Facts, field = 'type'): string => typeName(num(event, field), facts.kernel);

const rightNames: readonly [number, string][] = [
  [2, 'no mixing of types'],
  [4, 'half the mark (__GFP_HIGH)'],
  [8, 'may not wait'],
  [16, 'the atomic reserve'],
  [32, 'half the mark (a victim of the OOM killer)'],
  [64, 'no marks at all'],
];
function rights(mask: number): string {
  const names = rightNames.filter(([bit]) => mask & bit).map(([, name]) => name);
  return names.length > 0 ? names.join(', ') : 'no special rights';
}

const stolenAlone = [
  'its pageblock belongs to the atomic reserve and stays there',
  'it is whole pageblocks',
  'a movable request that finds only crumbs takes the smallest, and leaves the pageblock its type and the rest',
  'nothing of its pageblock can be moved, so it keeps its type',
];

function requested(facts: Facts): string {
  const mask = num(facts.first('handed_out'), 'gfp');
  return mask === 0 ? '' : `, for ${facts.gfp(mask)}`;
}

function lostEvents(n: number): Part[] {
  const what = n === 0 ? 'Events' : count(n, 'event', 'events');
  return p`${what} were lost here: the trace buffer was full. From now on every frame is in doubt until an event tells.`;
}

/** would keep 7561 free = 8076 − 3 (…) − 512 (…), more than 351 = 282 (…) + 69 (lowmem_reserve): it may give. */
function markTested(event: Ev, facts: Facts): string {
  const { rest, aside, counted, min, reserve, mark, boost, which, part, result, ...test } = markTest(event, facts);
  const free = digits(test.free);
  const asked = rest > 0 ? ` − ${digits(rest)} (the rest of the block)` : '';
  const kept = aside > 0 ? ` − ${digits(aside)} (set aside for atomic requests)` : '';
  const bulk = facts.op === 'alloc_pages_bulk' && which === 'low' ? ', and in bulk the frames asked for' : '';
  const name = which === 'low' ? `its low mark${bulk}` : 'its min mark';
  const raised = boost > 0 ? `${digits(mark)} (${name}) + ${digits(boost)} (boost)` : `${digits(mark)} (${name})`;
  const left = part ? `${digits(min)} (${part === 'half' ? 'half' : 'three eighths'} of ${raised})` : raised;
  const has = `would keep ${free} free${asked + kept === '' ? '' : ` = ${digits(counted)}${asked}${kept}`}`;
  const need = `${digits(min + reserve)} = ${left} + ${digits(reserve)} (lowmem_reserve)`;
  if (result === 0) return `${has}, not more than ${need}: it is passed over.`;
  return result === 1
    ? `${has}, more than ${need}: it may give.`
    : `${has}, more than ${need}, but no list that the request may use has a block that is large enough: it is passed over.`;
}

const pageblockFrames = (facts: Facts): number => 2 ** (facts.kernel?.pageblockOrder ?? 0);

const events: SentenceTable = {
  op_begin: (_e, f) => p`${f.op === '' ? 'An operation begins' : call(f.op)}${f.op === '' ? '' : ' begins'}.`,
  op_arg: (e, f) => {
    if (isUnused(e)) return p`${element(e)} is not used.`;
    if (namesNoNode(e)) return p`The call names no node: the kernel chooses it.`;
    return p`${text(e, 'arg')} = ${f.argText(text(e, 'arg'))}${argNote(e, f)}.`;
  },
  op_end: (_e, f) => opEnd(f),
  frames_are: (e) => {
    const n = num(e, 'count');
    return p`${span(num(e, 'pfn'), n)} ${one(n, 'is', 'are')} now: ${ui.states[text(e, 'state') as StateName] ?? text(e, 'state')}.`;
  },
  handed_out: (e, f) =>
    p`${block(num(e, 'pfn'), num(e, 'order'))} ${one(2 ** num(e, 'order'), 'has', 'have')} a new owner${f.kernel ? '' : requested(f)}.`,
  boot_handed_out: (e) =>
    p`The caller owns ${bytes(num(e, 'bytes'))} from byte ${num(e, 'offset')} of frame ${frame(num(e, 'pfn'))} on.`,
  given_up: (e) => p`Nobody refers to ${block(num(e, 'pfn'), num(e, 'order'))} any more.`,
  taken_back: (e, f) =>
    p`${block(num(e, 'pfn'), num(e, 'order'))} ${one(2 ** num(e, 'order'), 'is', 'are')} free again, ${place(e, f)}.`,
  moved: (e, f) =>
    p`${block(num(e, 'pfn'), num(e, 'order'))} ${one(2 ** num(e, 'order'), 'is', 'are')} now ${place(e, f)}.`,
  lost_events: (e) => lostEvents(num(e, 'count')),
  boot_map_set_up: (e) => {
    const n = num(e, 'end') - num(e, 'start');
    return p`A bitmap of ${count(n, 'bit', 'bits')}, all 1, lies at frame ${frame(num(e, 'mapstart'))}. Nobody has reserved that frame yet.`;
  },
  boot_bits_set: (e) => p`${one(num(e, 'count'), 'Bit', 'Bits')} ${span(num(e, 'pfn'), num(e, 'count'))}: 1, reserved.`,
  boot_bits_cleared: (e) => p`${one(num(e, 'count'), 'Bit', 'Bits')} ${span(num(e, 'pfn'), num(e, 'count'))}: 0, free.`,
  boot_last_set: (e) =>
    num(e, 'last_offset') === 0
      ? p`The boot allocator notes: the last page given out, index ${num(e, 'last_pos')}, is full.`
      : p`The boot allocator notes: in the last page given out, index ${num(e, 'last_pos')}, ${bytes(num(e, 'last_offset'))} are used. The next small request may go on there.`,
  boot_last_success_set: (e) =>
    p`The boot allocator notes in last_success: ${hex(num(e, 'last_success_hi') * 2 ** 32 + num(e, 'last_success'))}. A search with a goal begins no lower than that above the node's start.`,
  boot_map_gone: () => p`The bitmap is gone. The boot allocator has done its work.`,
  zone_set_up: (e, f) => {
    if (!hasFrames(e)) return p`Zone ${f.zone(num(e, 'zone'))} has no frames.`;
    const holes = num(e, 'holes') > 0 ? `, ${digits(num(e, 'holes'))} of them holes` : '';
    return p`Zone ${f.zone(num(e, 'zone'))}: ${frames(num(e, 'size'))} from ${frame(num(e, 'start_pfn'))}${holes}. All are reserved, all lists empty.`;
  },
  zone_marks_set: zoneMarks,
  free_pages_set: (e, f) => p`Zone ${f.zone(num(e, 'zone'))} counts ${frames(num(e, 'free_pages'))} free.`,
  need_balance_set: (e, f) =>
    p`need_balance of zone ${f.zone(num(e, 'zone'))} is ${num(e, 'need_balance')}${num(e, 'need_balance') ? ': kswapd ought to free some pages' : ''}.`,
  reserved_cleared: (e) => p`Frame ${frame(num(e, 'pfn'))} is no longer reserved.`,
  count_set: (e, f) =>
    p`The count of frame ${named(num(e, 'pfn'), f)} is ${num(e, 'count')}${countNote(num(e, 'count'))}.`,
  list_add: (e, f) => p`${block(num(e, 'pfn'), num(e, 'order'))} goes to the front of ${listName(f.list(e))}.`,
  list_del: (e, f) => p`${block(num(e, 'pfn'), num(e, 'order'))} leaves ${listName(f.list(e))}.`,
  pair_flipped: (e) =>
    p`Pair bit ${num(e, 'index')} of order ${num(e, 'order')} is ${e.bit === true ? '1: exactly one of the two buddies is on the list' : '0: both buddies are free, or neither is'}.`,
  list_add_tail: (e, f) => p`${block(num(e, 'pfn'), num(e, 'order'))} goes to the end of ${listName(f.list(e))}.`,
  links_poisoned: (e) =>
    p`On its way back ${frame(num(e, 'pfn'))} passes through a list of the call's own: its links are overwritten, then poisoned. If another list still leads to it, that one is broken from here on.`,
  mapped_cleared: (e, f) => p`Frame ${named(num(e, 'pfn'), f)} no longer counts as mapped by a process.`,
  pcp_set_up: (e, f) => {
    const low = num(e, 'low') === 0 ? 'empty' : `down to ${frames(num(e, 'low'))}`;
    return p`Each CPU's ${e.cold === true ? 'cold' : 'hot'} list of zone ${f.zone(num(e, 'zone'))}: filled up when ${low}, drained when it has ${num(e, 'high')}, each time by ${frames(num(e, 'batch'))}.`;
  },
  pcp_count_set: (e, f) =>
    isTyped(f)
      ? p`CPU ${num(e, 'cpu')} counts ${frames(num(e, 'count'))} on its lists in zone ${f.zone(num(e, 'zone'))}.`
      : p`${capital(listName(f.list(e)))} counts ${frames(num(e, 'count'))}.`,
  protection_set: protection,
  sysctls_set: (e) =>
    p`min_free_kbytes is ${num(e, 'min_free_kbytes')}, lower_zone_protection is ${num(e, 'lower_zone_protection')}.`,
  calls: (e) => {
    const n = num(e, 'count');
    if (text(e, 'op') === 'alloc_bootmem') return p`It calls ${call('alloc_bootmem')}, for at most ${frames(n)}.`;
    return n === 0
      ? p`It calls ${call(text(e, 'op'))}.`
      : p`It calls ${call(text(e, 'op'))} for ${span(num(e, 'pfn'), n)}.`;
  },
  boot_whole_word: (e) => {
    const n = num(e, 'count');
    return p`All ${n} bits of a word are 0, and the node begins at a multiple of so many frames: ${span(num(e, 'pfn'), n)} go over as one block, straight to the buddy lists.`;
  },
  boot_search: (e) => {
    const step = num(e, 'step');
    return p`The search begins at bit ${frame(num(e, 'pfn'))}${step > 1 ? `, every ${step}th bit,` : ''} and needs ${count(num(e, 'pages'), 'zero', 'zeros')} in a row.`;
  },
  boot_scanned: (e) => {
    const bits = p`${one(num(e, 'count'), 'Bit', 'Bits')} ${span(num(e, 'pfn'), num(e, 'count'))}`;
    return e.fits === true ? p`${bits}: all 0, this fits.` : p`${bits}: no room here.`;
  },
  boot_page_shared: (e) => p`${goesOn(e)} ${bytes(num(e, 'room'))} were left there.`,
  boot_partial: partial,
  zone_tried: (e, f) => {
    const has = p`Zone ${f.zone(num(e, 'zone'))} has ${count(num(e, 'free_pages'), 'free frame', 'free frames')}`;
    return e.passed === true
      ? p`${has}, more than ${limit(e, f)}: it may give.`
      : p`${has}, not more than ${limit(e, f)}: it is passed over.`;
  },
  zone_round: (e, f) =>
    num(e, 'round') < 2
      ? p`The zones are tried in turn: ${roundMarks(e, f)}.`
      : p`The zones are tried once more, from the first on: now ${roundMarks(e, f)}.`,
  zone_passed: (e, f) =>
    p`Zone ${f.zone(num(e, 'zone'))} has ${count(num(e, 'free_pages'), 'free frame', 'free frames')}, at least ${need(e, f)}: it may give.`,
  zone_refused: (e, f) =>
    p`Zone ${f.zone(num(e, 'zone'))} has ${count(num(e, 'free_pages'), 'free frame', 'free frames')}, fewer than ${need(e, f)}: it is passed over.`,
  pcp_refill: (e, f) => {
    const low =
      num(e, 'count') === 0 ? 'is empty' : `has ${frames(num(e, 'count'))}, no more than ${digits(num(e, 'low'))}`;
    return p`${capital(listName(f.list(e)))} ${low}: ${frames(num(e, 'batch'))} shall come from the buddy lists, to its end.`;
  },
  pcp_drain: (e, f) =>
    p`${capital(listName(f.list(e)))} has ${frames(num(e, 'count'))}, and ${num(e, 'high')} is its limit: ${num(e, 'batch')} from its end ${one(num(e, 'batch'), 'goes', 'go')} back to the buddy lists.`,
  pcp_drain_all: (e, f) =>
    num(e, 'count') === 0
      ? p`${capital(listName(f.list(e)))} is empty.`
      : p`${capital(listName(f.list(e)))} has ${frames(num(e, 'count'))}: all go back to the buddy lists, the last first.`,
  pcp_taken: (e, f) => p`${capital(listName(f.list(e)))} gives its first frame, ${frame(num(e, 'pfn'))}.`,
  pcp_empty: (e, f) => p`${capital(listName(f.list(e)))} is empty: the buddy lists are asked for the frame itself.`,
  zone_empty: (e, f) =>
    p`Zone ${f.zone(num(e, 'zone'))} has no block of order ${num(e, 'order')} or above${num(e, 'order') > 0 ? ': what it has lies apart' : ': its lists are empty'}.`,
  block_found: (e) =>
    p`The list of order ${num(e, 'order')} has a block: its first, ${block(num(e, 'pfn'), num(e, 'order'))}.`,
  split: (e) => {
    const order = num(e, 'order');
    const [back, on] = halves(e);
    return p`The block is split in two of order ${order}: the ${back} half ${block(num(e, 'pfn'), order)} goes on the list, the ${on} half ${block(num(e, 'buddy'), order)} goes on.`;
  },
  merge: (e, f) => {
    const order = num(e, 'order');
    return p`${buddySign(f)} says that the buddy ${block(num(e, 'buddy'), order)} is free too: with ${block(num(e, 'pfn'), order)} it becomes one block of order ${order + 1}.`;
  },
  merge_ends: (e, f) =>
    e.top === true
      ? p`Order ${num(e, 'order')} is the largest there is: merging ends.`
      : p`By ${lower(buddySign(f))} the buddy ${block(num(e, 'buddy'), num(e, 'order'))} is in use: merging ends at order ${num(e, 'order')}.`,
  free_ignored: freeIgnored,
  kswapd_woken: (e, f) =>
    p`No zone could give above its low mark: kswapd is woken for zone ${f.zone(num(e, 'zone'))}, to free pages in the background, and all zones are tried again with lower marks.`,
  limits_lifted: () =>
    p`The caller frees memory itself or is about to end (PF_MEMALLOC, PF_MEMDIE): the zones are tried once more, without any limit.`,
  reclaim_asked: () =>
    p`The caller may wait, so it tries to free pages itself; here reclaim never finds any. All zones are tried once more.`,
  nothing_to_do: (e) => p`${call(text(e, 'op'))} was called with NULL: there is nothing to do.`,
  bug: (e) => p`BUG(): ${said(e)}`,
  oops: (e) => p`Oops: ${said(e)}`,
  panic: (e) => p`Kernel panic: ${said(e)}`,
  hang: (_e, f) =>
    hangsAt(f) === 'boot'
      ? p`The search starts again from the same place, for ever: the kernel hangs.`
      : p`${panels.hangs[hangsAt(f)]}`,
  stall: (e) =>
    p`Order ${num(e, 'order')} may wait, and so it waits: the kernel tries again and again, and nothing is ever freed.`,
  warn_reserved_twice: (e) => p`Warning: ${warnReservedTwice(e)}`,
  warn_bad_page: (e, f) => {
    const has = [
      ...(num(e, 'count') === 0 ? [] : [`a count of ${digits(num(e, 'count'))}`]),
      ...(e.mapped === true ? ['a mapping'] : []),
    ];
    return p`Bad page: frame ${named(num(e, 'pfn'), f)} is freed with ${has.join(' and ') || 'its links in a bad state'}. The kernel puts that right and goes on.`;
  },
  warn_alloc_failed: (e, f) =>
    p`Page allocation failure: order ${num(e, 'order')}, ${f.gfp(num(e, 'gfp'))}. The caller gets NULL.`,
  skipped: (e, f) =>
    p`${f.kernel?.name ?? 'This kernel'} lacks ${call(text(e, 'op'))}, or a flag that it is called with: nothing is done.`,
  warn_zone_alignment: (e) =>
    p`Warning: ${count(num(e, 'zones'), 'zone does', 'zones do')} not begin at a multiple of the largest block.`,
  block_cut: (e) =>
    num(e, 'order') === num(e, 'piece')
      ? p`${block(num(e, 'pfn'), num(e, 'order'))} stands for itself from here on.`
      : p`${block(num(e, 'pfn'), num(e, 'order'))} is now in pieces of order ${num(e, 'piece')}, each for itself.`,
  free_mark_set: (e) => p`Frame ${frame(num(e, 'pfn'))} gets the free mark, with order ${num(e, 'order')}.`,
  free_mark_cleared: (e) => p`Frame ${frame(num(e, 'pfn'))} loses its free mark.`,
  type_remembered: (e, f) => p`Frame ${frame(num(e, 'pfn'))} remembers: ${ofType(e, f)}.`,
  compound_set: (e) =>
    p`Frame ${frame(num(e, 'pfn'))} is marked as the head of a compound page of order ${num(e, 'order')}.`,
  compound_cleared: (e) => p`Frame ${frame(num(e, 'pfn'))} is no head of a compound page any more.`,
  pageblocks_set: (e, f) =>
    num(e, 'type') >= (f.kernel?.typeNames?.length ?? 15)
      ? p`${count(num(e, 'blocks'), 'pageblock', 'pageblocks')} from ${frame(num(e, 'pfn'))} on: no such memory.`
      : p`${count(num(e, 'blocks'), 'pageblock', 'pageblocks')} from ${frame(num(e, 'pfn'))} on ${one(num(e, 'blocks'), 'is', 'are')} ${ofType(e, f)} now: what is freed there goes to those lists.`,
  nr_free_set: (e, f) =>
    p`Zone ${f.zone(num(e, 'zone'))} counts ${count(num(e, 'nr_free'), 'free block', 'free blocks')} of order ${num(e, 'order')}.`,
  boost_set: (e, f) =>
    num(e, 'boost') === 0
      ? p`The marks of zone ${f.zone(num(e, 'zone'))} are not boosted.`
      : p`The marks of zone ${f.zone(num(e, 'zone'))} are boosted by ${frames(num(e, 'boost'))}${e.boosted === true ? ', and kswapd is to be told' : ''}.`,
  reclaim_active_set: (e, f) =>
    e.active === true
      ? p`kswapd is at work in zone ${f.zone(num(e, 'zone'))}: CPUs give frames back sooner.`
      : p`kswapd is not at work in zone ${f.zone(num(e, 'zone'))}.`,
  highatomic_set: (e, f) =>
    p`Zone ${f.zone(num(e, 'zone'))} has set ${frames(num(e, 'nr_reserved_highatomic'))} aside for atomic requests.`,
  managed_set: (e, f) => p`Zone ${f.zone(num(e, 'zone'))} manages ${frames(num(e, 'managed'))}.`,
  vm_stat_diff_set: (e, f) =>
    num(e, 'vm_stat_diff') === 0
      ? p`CPU ${num(e, 'cpu')} keeps nothing back from the counter of zone ${f.zone(num(e, 'zone'))}.`
      : p`CPU ${num(e, 'cpu')} keeps a difference of ${num(e, 'vm_stat_diff')} to itself: the counter of zone ${f.zone(num(e, 'zone'))} does not show it yet.`,
  pcp_limits_set: (e, f) =>
    p`CPU ${num(e, 'cpu')} in zone ${f.zone(num(e, 'zone'))}: its lists give back at ${frames(num(e, 'high'))}, by ${num(e, 'batch')}; differences of more than ${num(e, 'stat_threshold')} go to the counter.`,
  free_factor_set: (e, f) =>
    p`The next overflow of CPU ${num(e, 'cpu')} in zone ${f.zone(num(e, 'zone'))} gives back ${2 ** num(e, 'free_factor')} times the batch.`,
  reserve_set: (e, f) =>
    p`Zone ${f.zone(num(e, 'zone'))} keeps ${frames(num(e, 'pages'))} from requests that may go as high as zone type ${num(e, 'highest')}.`,
  tunables_set: (e) =>
    p`watermark_boost_factor is ${num(e, 'watermark_boost_factor')}, watermark_scale_factor ${num(e, 'watermark_scale_factor')}, percpu_pagelist_high_fraction ${num(e, 'percpu_pagelist_high_fraction')}.`,
  reserved_set: (e) =>
    p`${span(num(e, 'pfn'), num(e, 'count'))} ${one(num(e, 'count'), 'is', 'are')} ${e.reserved === true ? '' : 'no longer '}reserved.`,
  held_set: (e) =>
    num(e, 'held') === 0
      ? p`Nobody else has anything of ${span(num(e, 'pfn'), num(e, 'count'))}.`
      : p`Others have a hold on ${span(num(e, 'pfn'), num(e, 'count'))}: freeing ${one(num(e, 'count'), 'it', 'them')} would be a mistake.`,
  lru_set: (e) =>
    p`${span(num(e, 'pfn'), num(e, 'count'))} ${one(num(e, 'count'), 'is', 'are')} ${e.lru === true ? '' : 'not '}on the page-replacement lists.`,
  counts_set: (e) => p`The counts of ${span(num(e, 'pfn'), num(e, 'frames'))} are ${num(e, 'count')}.`,
  memblock_piece: (e) =>
    p`memblock hands over ${span(num(e, 'pfn'), num(e, 'count'))}: from its start on, each time the largest block that is aligned and fits.`,
  walk_begins: (e, f) => {
    const from = p`The zones are tried again from ${f.zone(num(e, 'zone'))} on`;
    const mask = num(e, 'rights');
    return mask & 64 ? p`${from}; no mark counts any more.` : p`${from}, by their min marks: ${rights(mask)}.`;
  },
  nofragment_dropped: (_e, f) =>
    p`Without mixing types ${f.call} would have to go to another node, or away with nothing: it starts again and lets types mix.`,
  mark_rule: (e, f) => {
    const aside = num(e, 'nr_reserved_highatomic');
    const boost = num(e, 'boost') > 0 ? ` and a boost of ${digits(num(e, 'boost'))}` : '';
    return p`Zone ${f.zone(num(e, 'zone'))} has a mark of ${num(e, 'mark')}${boost}; the request: ${rights(num(e, 'rights'))}.${aside > 0 ? ` ${frames(aside)} set aside for atomic requests do not count.` : ''}`;
  },
  mark_tested: (e, f) => p`Zone ${f.zone(num(e, 'zone'))} ${markTested(e, f)}`,
  pcp_list_taken: (e, f) => p`${capital(listName(f.list(e)))} gives its first block, ${frame(num(e, 'pfn'))}.`,
  pcp_list_refill: (e, f) =>
    p`${capital(listName(f.list(e)))} is empty: ${count(num(e, 'n'), 'block is', 'blocks are')} to be fetched from the buddy lists.`,
  pcp_overflow: (e, f) =>
    num(e, 'limit') === 0
      ? p`CPU ${f.cpu} has ${frames(num(e, 'count'))} on its lists in zone ${f.zone(num(e, 'zone'))} and frees several in a row: all go back to the buddy lists.`
      : p`CPU ${f.cpu} has ${frames(num(e, 'count'))} on its lists in zone ${f.zone(num(e, 'zone'))}, and the limit is ${num(e, 'limit')}: ${frames(num(e, 'n'))} ${one(num(e, 'n'), 'goes', 'go')} back to the buddy lists.`,
  pcp_list_drain: (e, f) =>
    p`From the end of ${listName(f.list(e))} blocks go back; ${frames(num(e, 'n'))} are still to go.`,
  pcp_drain_cpu: (e, f) =>
    p`CPU ${num(e, 'cpu')} has ${frames(num(e, 'count'))} on its lists in zone ${f.zone(num(e, 'zone'))}: ${num(e, 'n')} of them ${one(num(e, 'n'), 'goes', 'go')} back.`,
  extfrag: (e, f) =>
    p`${ofType(e, f)} asks for order ${num(e, 'order')} and has no such block left: it borrows from ${ofType(e, f, 'from')}, whose list of order ${num(e, 'found')} lends its first block, ${block(num(e, 'pfn'), num(e, 'found'))}.`,
  pageblock_stolen: (e, f) => {
    const [free, alike] = [num(e, 'free'), num(e, 'alike')];
    const half = pageblockFrames(f) / 2;
    const sum = `${digits(free)} + ${digits(alike)} in use that suit the type = ${digits(free + alike)}`;
    return free + alike >= half
      ? p`All that is free in the pageblock at ${frame(num(e, 'pfn'))}, ${frames(free)}, goes to the ${ofType(e, f)} lists. ${sum}, at least half of ${2 * half}: the whole pageblock becomes ${ofType(e, f)}.`
      : p`All that is free in the pageblock at ${frame(num(e, 'pfn'))}, ${frames(free)}, goes to the ${ofType(e, f)} lists. ${sum}, less than half of ${2 * half}: the pageblock keeps its type, and what is freed there goes back to that.`;
  },
  block_stolen: (e, f) => {
    const what = block(num(e, 'pfn'), num(e, 'order'));
    return num(e, 'why') === WHOLE_PAGEBLOCKS
      ? p`${what} is whole pageblocks: it goes to the ${ofType(e, f)} list, and they become ${ofType(e, f)}.`
      : p`Only ${what} goes to the ${ofType(e, f)} list: ${stolenAlone[num(e, 'why')] ?? ''}.`;
  },
  merge_barred: (e, f) =>
    p`The buddy ${block(num(e, 'buddy'), num(e, 'order'))} is free, but ${ofType(e, f)}: beyond a pageblock such types do not merge.`,
  tail_chosen: (e) =>
    p`The larger buddy ${block(num(e, 'upper'), num(e, 'order') + 1)} is free already, so a further merge is likely: ${block(num(e, 'pfn'), num(e, 'order'))} goes to the end of its list, to rest.`,
  rest_freed: restFreed,
  warn_bad_frame: (e, f) =>
    p`Bad page: frame ${named(num(e, 'pfn'), f)}, ${text(e, 'reason')}. The kernel reports it, and the block is not used any more.`,
  block_lost: (e) =>
    p`${block(num(e, 'pfn'), num(e, 'order'))} ${one(2 ** num(e, 'order'), 'is', 'are')} lost: on no list, and nobody's.`,
};

const markNames: Record<Mark, string> = {
  low: 'its low mark',
  min: 'its min mark',
  quarter: 'a quarter of its min mark',
  half: 'half its min mark',
  'three-quarters': 'three quarters of its min mark',
  'three-eighths': 'three eighths of its min mark',
};

/** Which marks count in a round over the zones, and what part of them the caller need leave. */
function roundMarks(round: Ev, facts: Facts): string {
  const harder = mayWait(facts) ? 'the caller is a real-time task' : 'the caller may not wait';
  const says: Record<Mark, string> = {
    low: 'the low marks count',
    min: 'the min marks count',
    quarter: 'a quarter of the min marks counts',
    half: 'half the min marks counts (__GFP_HIGH)',
    'three-quarters': `three quarters of the min marks count (${harder})`,
    'three-eighths': `three eighths of the min marks count (__GFP_HIGH, and ${harder})`,
  };
  return says[markOfRound(round)];
}

/** 57 = 56 (its low mark) + 1 (the request) + 0 (its protection) */
function need(event: Ev, facts: Facts): string {
  const { need: all, request, mark, protection: kept, which } = needOf(event, facts);
  return `${digits(all)} = ${digits(mark)} (${markNames[which]}) + ${digits(request)} (the request) + ${digits(kept)} (its protection)`;
}

/** 59 = 1 asked for + 40, the marks of the zones before + 18, its low mark */
function limit(event: Ev, facts: Facts): string {
  const { request, before, mark, which } = limitOf(event, facts);
  const zones = before > 0 ? ` + ${digits(before)} (the marks of the zones before)` : '';
  return `${digits(num(event, 'limit'))} = ${digits(request)} (the request)${zones} + ${digits(mark)} (${markNames[which]})`;
}

function argNote(event: Ev, facts: Facts): string {
  const value = facts.arg(text(event, 'arg'));
  if (text(event, 'arg') === 'order' && value !== null) return `: ${frames(2 ** value)}`;
  if (text(event, 'arg') === 'size' && value !== null) return ' bytes';
  return '';
}

function place(event: Ev, facts: Facts): Part[] {
  const list = cpuListOf(event, facts);
  if (list) return p`on ${listName(list)}`;
  return text(event, 'state') === 'pcp' ? p`on the CPU's own list` : p`on the buddy lists`;
}

function countNote(n: number): string {
  if (n < 0) return ': freed once too often, and nobody notices';
  if (n === 0) return ': nobody uses it';
  return n === 1 ? ': one user' : `: ${digits(n)} users`;
}

function said(event: Ev): Part[] {
  const bug = text(event, 'bug');
  const note = bugs[bug as keyof BugNotes];
  return note ? p`${bug}. ${note[0]?.toUpperCase() ?? ''}${note.slice(1)}.` : p`${bug}.`;
}

function opEnd(facts: Facts): Part[] {
  const end = stopped(facts);
  if (end.length > 0) return p`${(end[0]?.text ?? '').trimStart()}${end.slice(1)}`;
  if (facts.outcome === 'failed') return p`The call returns NULL. A caller that does not check this will fault.`;
  if (facts.outcome === 'nothing') return p`Nothing was done.`;
  if (facts.value === null) return p`Done.`;
  if (facts.result === 'bool') return p`The call returns ${facts.value === 0 ? 'false' : 'true'}.`;
  if (facts.result === 'addr') {
    return p`The call returns ${hex(facts.value)}${virtual(facts, facts.value)}. The caller checks it: not NULL, so the memory is its own.`;
  }
  if (facts.result === 'pfn') return p`The call returns frame ${frame(facts.value)}. The caller checks it: not NULL.`;
  return facts.result === 'bytes'
    ? p`The call returns ${bytes(facts.value)}.`
    : p`The call returns ${frames(facts.value)}.`;
}

/** What is behind the kernel's own words, which stay as they are. */
const bugs: BugNotes = {
  'reserve_bootmem: size is zero': 'a range of no bytes',
  'reserve_bootmem: first index not below last index': 'the range is empty or begins below the node',
  'reserve_bootmem: address not below the end of the node': 'the range begins past the end of the node',
  'reserve_bootmem: end past the end of the node': 'the range ends past the end of the node',
  'free_bootmem: size is zero': 'a range of no bytes',
  'free_bootmem: end past the end of the node': 'the range ends past the end of the node',
  'free_bootmem: page is already free': 'its bit is 0 already, a double free',
  'alloc_bootmem: size is zero': 'a request for no bytes',
  'alloc_bootmem: align is not a power of two': 'an alignment must be a power of two',
  'free_all_bootmem: no bitmap': 'the boot allocator has retired already, or never began',
  'rmqueue: listed block outside the zone': 'a broken list led to something that is no frame of the zone',
  'expand: block outside the zone': 'the block to split is no block of the zone',
  'expand: rest outside the zone': 'what is left of the split is outside the zone',
  '__free_pages: frame outside the memory map': 'there is no such frame',
  '__free_pages: frame not aligned to the order': 'a block of this order cannot begin here, and the frame is lost',
  '__free_pages: order past the last list': 'no block is that large',
  '__free_pages: buddy outside the zone': 'the pair bit points at a buddy that is not in the zone',
  '__free_pages: block outside the zone': 'the block is not in the zone',
  'null pointer': 'the kernel followed a pointer that is NULL',
  'out of memory': 'there is no room, and the boot allocator may not fail',
  'alloc_bootmem: start past the end of the node': 'what follows the bitmap reads as zeros, and the search ended there',
  'alloc_bootmem: page is already reserved': 'a bit that the search took for 0 is 1',
  '__free_pages: page count is already zero':
    'nobody has a reference to it: a double free, or not the first frame of a block',
  'put_page_testzero: page count is already zero': 'there is no reference left to drop',
  'get_zeroed_page: mask asks for high memory': 'high memory has no address to be zeroed at',
  'free_pages: address not valid': 'there is no memory at this address',
  'poisoned link': 'the kernel unlinked a frame that is on no list',
  'list_add: next->prev should be prev': 'the list does not hang together where the block was to go',
  'list_add: prev->next should be next': 'the list does not hang together where the block was to go',
  'list_add: double add': 'the block is on top of this list already',
  'list_del: next is LIST_POISON1': 'the block is on no list',
  'list_del: prev is LIST_POISON2': 'the block is on no list',
  'list_del: prev->next should be entry': 'the block before it leads elsewhere: the list is torn',
  'list_del: next->prev should be entry': 'the block behind it leads elsewhere: the list is torn',
};

/** Sentences in English. The Russian table must have the same keys; controls are in ui.en.ts. */
export const en = {
  headlines,
  events,
  /** Where nothing has happened yet, or the events belong to no operation. */
  noOperation: (facts: Facts): Part[] =>
    facts.events.length === 0 ? p`Nothing has happened yet.` : p`This is where the source begins.`,
  /** Of an operation that was skipped: the kernel lacks this function or flag. */
  lacking: (name: string, kernel: string): Part[] =>
    p`${kernel} has no ${call(name)}: the operation is skipped, and the run goes on.`,
  /** A hint that the kernel does not know; stands behind the operation's own sentence. */
  passedOver: (names: string, kernel: string): Part[] => p` ${kernel} has no ${call(names)} and passes it over.`,
  bugs,
  /** A run that was forked, and what happened before. */
  fork: { now: 'the new run', before: 'the earlier run' },
  machineSize: ui.machineSize,
  zoneOfNode: (zone: string, node: number): string => `${zone} of node ${node}`,
  limit,
  need,
  troubles,
  newTroubles,
  why,
  panels,
};
