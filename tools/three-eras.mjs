/**
 * Writes web/public/examples/three-eras.jsonl: one workload that leaves no large block free in one kernel and most of them in another.
 *
 * Memory fills up with two kinds of allocations that take turns: movable ones of 32 pages, such as a page cache's, and unmovable ones
 * of 4 pages, such as the kernel's own tables. Then all goes that is movable, and blocks of 512 pages are asked for. Then the rest
 * goes, too, and they are asked for once more.
 */
const MIB = 2 ** 20;
const PAGE = 4096;
/** As many as fit into memory without a request that any of the kernels refuses. */
const PAIRS = 650;
const HUGES = 8;
/** Orders. */
const [MOVABLE, UNMOVABLE, HUGE] = [5, 2, 9];
const FOR_MOVABLE = 'GFP_KERNEL|__GFP_MOVABLE';

const header = {
  format: 'pageframe-run/1',
  kernel: 'linux-2.4.20',
  name: 'three-eras',
  about: 'The same workload in three kernels',
  machine: { nodes: [{ id: 0, start_pfn: 0, pages: (96 * MIB) / PAGE }] },
  memory: [
    [0, 640 * 1024],
    [MIB, 95 * MIB],
  ],
  reserved: [
    [0, PAGE],
    [MIB, 1.5 * MIB],
  ],
};

const alloc = (name, order, gfp) => ({ op: 'alloc_pages', gfp, order, as: name });
const free = (name, order) => ({ op: '__free_pages', pfn: name, order });
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i)).flat();
/** The first of them carries a note. */
const noted = (note, [first, ...others]) => [{ ...first, note }, ...others];

const lines = [
  header,
  { op: 'boot', note: 'a machine of 96 MiB' },
  ...noted(
    'Memory fills up: 32 pages that can be moved, 4 that cannot, in turns. Only one of the kernels wants to know which is which.',
    times(PAIRS, (i) => [alloc(`cache${i}`, MOVABLE, FOR_MOVABLE), alloc(`table${i}`, UNMOVABLE, 'GFP_KERNEL')]),
  ),
  { ...alloc('last', UNMOVABLE, 'GFP_ATOMIC'), note: 'an interrupt takes some of the little that is left' },
  ...noted(
    'All goes that can be moved: nine tenths of memory are free again',
    times(PAIRS, (i) => free(`cache${i}`, MOVABLE)),
  ),
  ...noted(
    '512 pages in one block: is there one?',
    times(HUGES, (i) => alloc(`huge${i}`, HUGE, FOR_MOVABLE)),
  ),
  ...times(HUGES, (i) => free(`huge${i}`, HUGE)),
  ...noted(
    'Now the unmovable ones go, too',
    times(PAIRS, (i) => free(`table${i}`, UNMOVABLE)),
  ),
  free('last', UNMOVABLE),
  ...noted(
    'The same request once more, with nothing in the way',
    times(HUGES, (i) => alloc(`again${i}`, HUGE, FOR_MOVABLE)),
  ),
];

for (const line of lines) console.log(JSON.stringify(line));
