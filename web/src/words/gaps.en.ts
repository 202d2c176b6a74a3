import type { GapName } from '../generated/tables.ts';

/** What a kernel does and its model leaves out. */
export const gaps = {
  title: (kernel: string): string => `What the model of ${kernel} leaves out`,
  gaps: {
    reclaim: 'Reclaim: it is asked and frees nothing. Who would have to wait for it waits for ever.',
    compaction: 'Compaction: no frames are moved to make larger blocks.',
    kswapd: 'kswapd: it is woken and does nothing, so that what it would undo (a boost of the marks, say) stays.',
    'oom-killer': 'The OOM killer: nobody is killed to free memory.',
    lru: 'The lists of the page replacement.',
    compound: 'Compound pages.',
    mappings: 'Buffers and mappings, which __free_pages also looks at.',
    'stray-writes': 'What misuse makes the kernel write outside its own tables: the operation ends there.',
    policies: 'Memory groups, cpusets and memory policies.',
    nofail: '__GFP_NOFAIL.',
    'real-time': 'Callers that are real-time tasks.',
    'dirty-limits': 'Limits on dirty pages (__GFP_WRITE).',
    'zone-movable': 'Zone Movable, contiguous areas, isolation and hot-plugged memory.',
    'deferred-init': 'Deferred initialisation: all memory is handed over at once.',
    memblock: 'memblock before it hands its memory over: its ranges are given.',
    'pcp-ageing': 'The ageing of the per-CPU lists of other nodes.',
    contention: 'Contention between CPUs: one operation ends before the next begins.',
    'failure-report': "The console's report of a failed allocation.",
    tiny: 'Machines so small that types are switched off (fewer than 2560 frames).',
    contents: 'What frames hold.',
  } satisfies Record<GapName, string>,
};
