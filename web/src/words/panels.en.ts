import { type Part, p, span } from './parts.ts';
import { digits, many } from './ui.en.ts';

const frames = (count: number): string => many(count, 'frame', 'frames');
/** "CPU 0 (−3) and CPU 2 (+1)" */
const kept = (waiting: readonly Waiting[]): string =>
  waiting.map(({ cpu, frames }) => `CPU ${cpu}'s (${signed(frames)})`).join(', ');
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${digits(Math.abs(value))}`;

/** What a CPU has not yet added to a zone's counter. */
export interface Waiting {
  cpu: number;
  frames: number;
}

/** What panels say that only some kernels have something for. The Russian table must have the same keys. */
export const panels = {
  /** A run that begins with a state: that, and what nobody told of it. */
  state: {
    begins: (frames: number) =>
      `Before the first operation: ${many(frames, 'page frame', 'page frames')} of 4\u00a0KiB in the state that the run begins with.`,
    chosen: {
      order: 'The order within the lists was not told: blocks stand by rising address.',
      types: 'Which pageblock has which type was not told: its frames spoke for it.',
      pcp: 'Which frames lie on per-CPU lists was not told: the lists are empty, the frames count as in use.',
    },
  },
  /** Of one frame. */
  frame: {
    noVirtual: 'none: the kernel maps such a frame only when somebody asks for it',
    directMap: (physical: string): string => `the direct map’s base + ${physical}`,
    links: 'links',
    linked: (next: string, prev: string): string => `next ${next}, prev ${prev}`,
    head: (list: string, zone: string): string => `the list’s head (${list}, ${zone})`,
  },
  lanes: {
    table: (lists: string): string => `${lists}: blocks by type and order`,
    type: 'type',
    more: (blocks: number): string => `and ${digits(blocks)} more`,
    back: (broken: string, frame: string): string => `${broken}, back to ${frame}`,
  },
  cpus: {
    name: (cpu: number): string => `CPU ${cpu}`,
    holds: (count: number, high: number): string => `${frames(count)}; high ${digits(high)}`,
    limits: (batch: number, factor: number, diff: number, threshold: number): string =>
      `batch ${digits(batch)}, free_factor ${factor}: the next overflow gives back up to ${frames(batch * 2 ** factor)}; vm_stat_diff ${diff === 0 ? 0 : signed(diff)} of ±${digits(threshold)}`,
    disagree: (counter: number, lists: number): string =>
      `its counter says ${digits(counter)}, its lists hold ${digits(lists)}`,
    shared: (order: number, types: string): string => `Order ${order}: ${types} share one list.`,
    why: (list: string, place: number, length: number): string =>
      `In block number ${digits(place)} of ${digits(length)} on the list of ${list}: free to this CPU alone. free_pages does not count it, it merges with nothing, and other CPUs do not see it.`,
    exact: (pages: number): string =>
      `The zone's counter says ${digits(pages)} free, and its free lists hold as many: no CPU keeps a difference to itself.`,
    /** The counter, what the lists hold, and who has the difference. */
    lags: (pages: number, held: number, waiting: readonly Waiting[], threshold: number): string =>
      `The zone's counter says ${digits(pages)} free, its free lists hold ${digits(held)}: the difference of ${digits(Math.abs(held - pages))} waits in ${kept(waiting)} vm_stat_diff. A CPU adds its own to the counter when it would be more than ${digits(threshold)}; watermark tests read the counter alone.`,
    even: (pages: number, waiting: readonly Waiting[]): string =>
      `The zone's counter says ${digits(pages)} free, and its free lists hold as many, though ${kept(waiting)} vm_stat_diff is still to come: they make up for each other.`,
    wrong: (counted: number, held: number): string =>
      `The counter and what the CPUs keep of it come to ${digits(counted)}, but the free lists hold ${digits(held)}. The kernel does not notice.`,
    underWay: 'Inside an operation counter and lists are under way, and need not agree.',
    torn: 'A free list does not hang together: what the lists hold cannot be told, and not compared with the counter.',
  },
  marks: {
    reserveKey: (zones: string): string => `lowmem_reserve against requests that may go as high as ${zones}`,
    boost: (boost: number, most: number, marks: string): string =>
      `boost ${digits(boost)} of at most ${digits(most)}: ${marks} with it`,
    noBoost: (most: number): string => `boost 0 of at most ${digits(most)}`,
    never: 'no boost here',
    told: 'boosted: the next request is to wake kswapd',
    whyBoost:
      "Each theft of less than a pageblock adds a pageblock's frames to the marks. Reclaim would let that decay: it is not modelled, so only setting the marks anew does away with it.",
    reserve: (pages: number, limit: number): string =>
      `nr_reserved_highatomic ${digits(pages)}, limit ${digits(limit)}`,
    whyReserve: (share: number, pageblock: number): string =>
      `The limit is ${share === 100 ? '1 %' : `1/${share}`} of the zone's frames and a pageblock. The reserve grows by the pageblock (${digits(pageblock)} frames) from which a GFP_ATOMIC request of order 1 or more was served below the low mark; only reclaim would give it back, and that is not modelled.`,
    lag: (frames: number): string =>
      `counter ${digits(Math.abs(frames))} ${frames < 0 ? 'below' : 'above'} what the lists hold`,
  },
  fallback: {
    title: 'Who borrows from whom',
    first: 'asks first',
    after: 'then',
    type: 'No block left of',
    alone: (types: string): string => `${types}: borrow from nobody, and nobody borrows from them here.`,
    how: (half: number, pageblock: number): string =>
      `The largest block that anybody lends is taken: one big theft mixes less than many small ones. All that is free in its pageblock comes along. If that, together with the frames in use that suit the type, is at least ${digits(half)} of its ${digits(pageblock)} frames, the pageblock changes its type; else what is freed there still goes back to its own.`,
    events: (count: number): string => `Fallbacks so far: ${digits(count)}`,
    latest: (shown: number): string => `The latest ${digits(shown)}:`,
    none: 'No request had to borrow so far.',
    operation: (number: number): string => `operation ${digits(number)}`,
  },
  memblock: {
    title: 'memblock: ranges of memory',
    memory: 'memblock.memory',
    reserved: 'memblock.reserved',
    free: 'memory less reserved, whole frames',
    range: (node: number, nodes: number): string => (nodes > 1 ? `, node ${node}` : ''),
    ranges: (count: number): string => many(count, 'range', 'ranges'),
    more: (count: number): string => `and ${digits(count)} more`,
    before: (pieces: number, pages: number): string =>
      `memblock_free_all will hand over ${many(pieces, 'piece', 'pieces')} of ${frames(pages)} in all.`,
    under: (first: number, count: number, done: number, pieces: number, pages: number): Part[] =>
      p`Handing over ${span(first, count)}, the piece number ${digits(done)} of ${digits(pieces)}; ${frames(pages)} so far.`,
    after: (pieces: number, pages: number): string =>
      `Handed over: ${many(pieces, 'piece', 'pieces')}, ${frames(pages)}. What was reserved stays with its owners; memblock's own tables are of no use any more.`,
    blocks: "Blocks so far, each the largest that is aligned and fits, put at its list's tail:",
    order: (order: number): string => `order ${order}`,
    against:
      "bootmem kept a bit for every frame and, when it retired, freed frame by frame (2.4) or word by word of its bitmap (2.6), each to the head of a list, and last of all the bitmap's own frames. memblock keeps ranges only: it frees the largest aligned blocks at once, each to the tail, so that the lists begin in rising order of address.",
  },
  hangs: {
    lists:
      'What misuse did makes counters or marks disagree with the lists: the kernel looks for what is not there, for ever, and hangs.',
    boot: "There is no room, and as the aligned search never begins at the node's first frame, it starts again instead of giving up: this never ends, the kernel hangs.",
    fallback:
      'What the fallback lent cannot be taken, as misuse cost it its free mark: the kernel finds its own list empty, borrows again, and never comes to an end. It hangs.',
    drain:
      "The CPU's counter says that there are more frames on its lists than there are: the kernel goes round the empty lists for ever, and hangs.",
  },
};
