// Made from engine/*.def and engine/pageframe.h by tools/gen_tables.c; do not edit.
// Anew: cmake --build --preset dev --target generate

export const PROTOCOL_VERSION = 3;

/** Most frames that one pagevec_free gives back: the places that an argument of type PFNS takes. */
export const PAGEVEC_SIZE = 14;

/** Bytes of a frame. */
export const PAGE_SIZE = 4096;

export const STATES = ['hole', 'unknown', 'reserved', 'boot-free', 'buddy', 'pcp', 'allocated', 'lost'] as const;
export type StateName = (typeof STATES)[number];

export const OUTCOMES = ['done', 'failed', 'stall', 'bug', 'oops', 'panic', 'hang', 'nothing'] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

export const RESULTS = ['none', 'pfn', 'addr', 'bytes', 'pages', 'bool', 'pfns'] as const;
export type ResultName = (typeof RESULTS)[number];

export const LAYERS = ['frames', 'structures', 'decisions'] as const;
export type LayerName = (typeof LAYERS)[number];

export const MARKS = ['two-owners', 'free-yet-owned'] as const;
export type MarkName = (typeof MARKS)[number];

export const TROUBLES = ['two-lists', 'ring-null', 'ring-loop', 'ring-elsewhere', 'counter', 'pcp-counter', 'below-zero', 'lost', 'two-owners', 'free-yet-owned'] as const;
export type TroubleName = (typeof TROUBLES)[number];

export const GAPS = ['reclaim', 'compaction', 'kswapd', 'oom-killer', 'lru', 'compound', 'mappings', 'stray-writes', 'policies', 'nofail', 'real-time', 'dirty-limits', 'zone-movable', 'deferred-init', 'memblock', 'pcp-ageing', 'contention', 'failure-report', 'tiny', 'contents'] as const;
export type GapName = (typeof GAPS)[number];

export const SYSCTLS = ['min_free_kbytes', 'lower_zone_protection'] as const;
export type SysctlName = (typeof SYSCTLS)[number];

export const BUGS = ['', 'reserve_bootmem: size is zero', 'reserve_bootmem: first index not below last index', 'reserve_bootmem: address not below the end of the node', 'reserve_bootmem: end past the end of the node', 'free_bootmem: size is zero', 'free_bootmem: end past the end of the node', 'free_bootmem: page is already free', 'alloc_bootmem: size is zero', 'alloc_bootmem: align is not a power of two', 'free_all_bootmem: no bitmap', 'rmqueue: listed block outside the zone', 'expand: block outside the zone', 'expand: rest outside the zone', '__free_pages: frame outside the memory map', '__free_pages: frame not aligned to the order', '__free_pages: order past the last list', '__free_pages: buddy outside the zone', '__free_pages: block outside the zone', 'null pointer', 'out of memory', 'alloc_bootmem: start past the end of the node', 'alloc_bootmem: page is already reserved', '__free_pages: page count is already zero', 'put_page_testzero: page count is already zero', 'get_zeroed_page: mask asks for high memory', 'free_pages: address not valid', 'poisoned link', 'list_add: next->prev should be prev', 'list_add: prev->next should be next', 'list_add: double add', 'list_del: next is LIST_POISON1', 'list_del: prev is LIST_POISON2', 'list_del: prev->next should be entry', 'list_del: next->prev should be entry'] as const;
export type BugText = (typeof BUGS)[number];

export const REASONS = ['', 'nonzero mapcount', 'non-NULL mapping', 'nonzero _refcount', 'PAGE_FLAGS_CHECK_AT_FREE flag(s) set', 'page still charged to cgroup'] as const;
export type ReasonText = (typeof REASONS)[number];

/** enum pf_status, in words. */
export const STATUSES = ['good', 'the machine description is wrong', 'the memory given is too small or not aligned to 8', 'an argument is out of its range', 'this kernel has no such operation', 'an event does not fit the map', 'the bytes are of another version', 'the bytes are damaged', 'the region is full'] as const;

export type OpName =
  | 'boot'
  | 'init_bootmem'
  | 'reserve_bootmem'
  | 'free_bootmem'
  | 'alloc_bootmem'
  | 'free_all_bootmem'
  | 'init_bootmem_node'
  | 'reserve_bootmem_node'
  | 'free_bootmem_node'
  | 'free_all_bootmem_node'
  | '__alloc_bootmem'
  | '__alloc_bootmem_node'
  | 'alloc_bootmem_low'
  | 'alloc_bootmem_pages'
  | 'alloc_bootmem_low_pages'
  | 'alloc_bootmem_node'
  | 'alloc_bootmem_pages_node'
  | 'alloc_bootmem_low_pages_node'
  | 'free_area_init'
  | 'free_boot_range'
  | 'alloc_pages'
  | 'alloc_pages_node'
  | 'alloc_page'
  | '__get_free_pages'
  | '__get_free_page'
  | '__get_dma_pages'
  | 'get_zeroed_page'
  | '__free_pages'
  | '__free_page'
  | 'free_pages'
  | 'free_page'
  | 'get_page'
  | 'free_hot_page'
  | 'free_cold_page'
  | 'put_page_testzero'
  | 'pagevec_free'
  | 'drain_local_pages'
  | 'init_per_zone_pages_min'
  | 'sysctl'
  | 'mm_page_alloc'
  | 'mm_page_free'
  | 'mm_page_alloc_zone_locked'
  | 'mm_page_pcpu_drain'
  | 'events_lost'
  | 'alloc_pages_bulk'
  | 'put_page'
  | 'split_page'
  | 'drain_all_pages'
  | 'memblock_free_all'
  | 'set_min_free_kbytes'
  | 'set_watermark_boost_factor'
  | 'set_watermark_scale_factor'
  | 'set_percpu_pagelist_high_fraction'
  | 'vmstat_fold';

export type ArgType = 'NODE' | 'PFN' | 'ADDR' | 'SIZE' | 'ALIGN' | 'ORDER' | 'GFP' | 'COUNT' | 'DIR' | 'PAGES3' | 'PFNS' | 'SYSCTL';

export interface ArgInfo {
  name: string;
  type: ArgType;
  required: boolean;
  /** What it is where it is left out. */
  default: number;
  /** Its (first) place in pf_op.arg; PAGES3 and PFNS take several. */
  index: number;
}

export interface OpInfo {
  name: OpName | 'none';
  result: ResultName;
  /** A line of a kernel trace, in no run file. */
  trace: boolean;
  args: readonly ArgInfo[];
}

/** engine/ops.def, by number; 0 is no operation. */
export const OPS: readonly OpInfo[] = [
  { name: 'none', result: 'none', trace: false, args: [] },
  { name: 'boot', result: 'none', trace: false, args: [] },
  { name: 'init_bootmem', result: 'bytes', trace: false, args: [
    { name: 'node', type: 'NODE', required: false, default: 0, index: 0 },
    { name: 'mapstart', type: 'COUNT', required: true, default: 0, index: 1 },
    { name: 'start', type: 'COUNT', required: true, default: 0, index: 2 },
    { name: 'end', type: 'COUNT', required: true, default: 0, index: 3 },
  ] },
  { name: 'reserve_bootmem', result: 'none', trace: false, args: [
    { name: 'node', type: 'NODE', required: false, default: 0, index: 0 },
    { name: 'addr', type: 'ADDR', required: true, default: 0, index: 1 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 2 },
  ] },
  { name: 'free_bootmem', result: 'none', trace: false, args: [
    { name: 'node', type: 'NODE', required: false, default: 0, index: 0 },
    { name: 'addr', type: 'ADDR', required: true, default: 0, index: 1 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 2 },
  ] },
  { name: 'alloc_bootmem', result: 'addr', trace: false, args: [
    { name: 'node', type: 'NODE', required: false, default: -1, index: 0 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 1 },
    { name: 'align', type: 'ALIGN', required: false, default: 32, index: 2 },
    { name: 'goal', type: 'ADDR', required: false, default: 16777216, index: 3 },
  ] },
  { name: 'free_all_bootmem', result: 'pages', trace: false, args: [
    { name: 'node', type: 'NODE', required: false, default: 0, index: 0 },
  ] },
  { name: 'init_bootmem_node', result: 'bytes', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'mapstart', type: 'COUNT', required: true, default: 0, index: 1 },
    { name: 'start', type: 'COUNT', required: true, default: 0, index: 2 },
    { name: 'end', type: 'COUNT', required: true, default: 0, index: 3 },
  ] },
  { name: 'reserve_bootmem_node', result: 'none', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'addr', type: 'ADDR', required: true, default: 0, index: 1 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 2 },
  ] },
  { name: 'free_bootmem_node', result: 'none', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'addr', type: 'ADDR', required: true, default: 0, index: 1 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 2 },
  ] },
  { name: 'free_all_bootmem_node', result: 'pages', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
  ] },
  { name: '__alloc_bootmem', result: 'addr', trace: false, args: [
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 0 },
    { name: 'align', type: 'ALIGN', required: false, default: 32, index: 1 },
    { name: 'goal', type: 'ADDR', required: false, default: 16777216, index: 2 },
  ] },
  { name: '__alloc_bootmem_node', result: 'addr', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 1 },
    { name: 'align', type: 'ALIGN', required: false, default: 32, index: 2 },
    { name: 'goal', type: 'ADDR', required: false, default: 16777216, index: 3 },
  ] },
  { name: 'alloc_bootmem_low', result: 'addr', trace: false, args: [
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 0 },
  ] },
  { name: 'alloc_bootmem_pages', result: 'addr', trace: false, args: [
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 0 },
  ] },
  { name: 'alloc_bootmem_low_pages', result: 'addr', trace: false, args: [
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 0 },
  ] },
  { name: 'alloc_bootmem_node', result: 'addr', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 1 },
  ] },
  { name: 'alloc_bootmem_pages_node', result: 'addr', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 1 },
  ] },
  { name: 'alloc_bootmem_low_pages_node', result: 'addr', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'size', type: 'SIZE', required: true, default: 0, index: 1 },
  ] },
  { name: 'free_area_init', result: 'none', trace: false, args: [
    { name: 'node', type: 'NODE', required: false, default: 0, index: 0 },
    { name: 'start_pfn', type: 'COUNT', required: true, default: 0, index: 1 },
    { name: 'sizes', type: 'PAGES3', required: true, default: 0, index: 2 },
    { name: 'holes', type: 'PAGES3', required: false, default: 0, index: 5 },
  ] },
  { name: 'free_boot_range', result: 'none', trace: false, args: [
    { name: 'start', type: 'COUNT', required: true, default: 0, index: 0 },
    { name: 'end', type: 'COUNT', required: true, default: 0, index: 1 },
    { name: 'dir', type: 'DIR', required: true, default: 0, index: 2 },
  ] },
  { name: 'alloc_pages', result: 'pfn', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 1 },
    { name: 'node', type: 'NODE', required: false, default: -1, index: 2 },
  ] },
  { name: 'alloc_pages_node', result: 'pfn', trace: false, args: [
    { name: 'node', type: 'NODE', required: true, default: 0, index: 0 },
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 1 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 2 },
  ] },
  { name: 'alloc_page', result: 'pfn', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
  ] },
  { name: '__get_free_pages', result: 'addr', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 1 },
  ] },
  { name: '__get_free_page', result: 'addr', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
  ] },
  { name: '__get_dma_pages', result: 'addr', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 1 },
  ] },
  { name: 'get_zeroed_page', result: 'addr', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
  ] },
  { name: '__free_pages', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 1 },
  ] },
  { name: '__free_page', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
  ] },
  { name: 'free_pages', result: 'none', trace: false, args: [
    { name: 'addr', type: 'ADDR', required: true, default: 0, index: 0 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 1 },
  ] },
  { name: 'free_page', result: 'none', trace: false, args: [
    { name: 'addr', type: 'ADDR', required: true, default: 0, index: 0 },
  ] },
  { name: 'get_page', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
  ] },
  { name: 'free_hot_page', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
  ] },
  { name: 'free_cold_page', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
  ] },
  { name: 'put_page_testzero', result: 'bool', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
  ] },
  { name: 'pagevec_free', result: 'none', trace: false, args: [
    { name: 'pfns', type: 'PFNS', required: true, default: 0, index: 0 },
    { name: 'cold', type: 'COUNT', required: false, default: 0, index: 14 },
  ] },
  { name: 'drain_local_pages', result: 'none', trace: false, args: [] },
  { name: 'init_per_zone_pages_min', result: 'none', trace: false, args: [] },
  { name: 'sysctl', result: 'none', trace: false, args: [
    { name: 'name', type: 'SYSCTL', required: true, default: 0, index: 0 },
    { name: 'value', type: 'COUNT', required: true, default: 0, index: 1 },
  ] },
  { name: 'mm_page_alloc', result: 'none', trace: true, args: [] },
  { name: 'mm_page_free', result: 'none', trace: true, args: [] },
  { name: 'mm_page_alloc_zone_locked', result: 'none', trace: true, args: [] },
  { name: 'mm_page_pcpu_drain', result: 'none', trace: true, args: [] },
  { name: 'events_lost', result: 'none', trace: true, args: [] },
  { name: 'alloc_pages_bulk', result: 'pfns', trace: false, args: [
    { name: 'gfp', type: 'GFP', required: true, default: 0, index: 0 },
    { name: 'n', type: 'COUNT', required: true, default: 0, index: 1 },
    { name: 'node', type: 'NODE', required: false, default: -1, index: 2 },
  ] },
  { name: 'put_page', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
  ] },
  { name: 'split_page', result: 'none', trace: false, args: [
    { name: 'pfn', type: 'PFN', required: true, default: 0, index: 0 },
    { name: 'order', type: 'ORDER', required: true, default: 0, index: 1 },
  ] },
  { name: 'drain_all_pages', result: 'none', trace: false, args: [] },
  { name: 'memblock_free_all', result: 'pages', trace: false, args: [] },
  { name: 'set_min_free_kbytes', result: 'none', trace: false, args: [
    { name: 'value', type: 'COUNT', required: true, default: 0, index: 0 },
  ] },
  { name: 'set_watermark_boost_factor', result: 'none', trace: false, args: [
    { name: 'value', type: 'COUNT', required: true, default: 0, index: 0 },
  ] },
  { name: 'set_watermark_scale_factor', result: 'none', trace: false, args: [
    { name: 'value', type: 'COUNT', required: true, default: 0, index: 0 },
  ] },
  { name: 'set_percpu_pagelist_high_fraction', result: 'none', trace: false, args: [
    { name: 'value', type: 'COUNT', required: true, default: 0, index: 0 },
  ] },
  { name: 'vmstat_fold', result: 'none', trace: false, args: [] },
];

export interface OpBeginEvent {
  kind: 'op_begin';
  cpu?: number;
  op: OpName;
  number?: number;
  line?: number;
  task?: number;
}

export interface OpArgEvent {
  kind: 'op_arg';
  arg: string;
  op: OpName;
  lo?: number;
  hi?: number;
  index?: number;
}

export interface OpEndEvent {
  kind: 'op_end';
  outcome: OutcomeName;
  result: ResultName;
  lo?: number;
  hi?: number;
}

export interface FramesAreEvent {
  kind: 'frames_are';
  state: StateName;
  pfn?: number;
  count?: number;
}

export interface HandedOutEvent {
  kind: 'handed_out';
  order?: number;
  pfn?: number;
  gfp?: number;
}

export interface BootHandedOutEvent {
  kind: 'boot_handed_out';
  offset?: number;
  pfn?: number;
  count?: number;
  bytes?: number;
}

export interface GivenUpEvent {
  kind: 'given_up';
  order?: number;
  pfn?: number;
  owner?: number;
}

export interface TakenBackEvent {
  kind: 'taken_back';
  order?: number;
  state: StateName;
  pfn?: number;
}

export interface MovedEvent {
  kind: 'moved';
  order?: number;
  state: StateName;
  pfn?: number;
}

export interface LostEventsEvent {
  kind: 'lost_events';
  count?: number;
}

export interface BootMapSetUpEvent {
  kind: 'boot_map_set_up';
  node?: number;
  mapstart?: number;
  start?: number;
  end?: number;
}

export interface BootBitsSetEvent {
  kind: 'boot_bits_set';
  node?: number;
  pfn?: number;
  count?: number;
}

export interface BootBitsClearedEvent {
  kind: 'boot_bits_cleared';
  node?: number;
  pfn?: number;
  count?: number;
}

export interface BootLastSetEvent {
  kind: 'boot_last_set';
  node?: number;
  last_pos?: number;
  last_offset?: number;
}

export interface BootMapGoneEvent {
  kind: 'boot_map_gone';
  node?: number;
}

export interface ZoneSetUpEvent {
  kind: 'zone_set_up';
  zone?: number;
  start_pfn?: number;
  size?: number;
  holes?: number;
}

export interface ZoneMarksSetEvent {
  kind: 'zone_marks_set';
  zone?: number;
  pages_min?: number;
  pages_low?: number;
  pages_high?: number;
}

export interface FreePagesSetEvent {
  kind: 'free_pages_set';
  zone?: number;
  free_pages?: number;
}

export interface NeedBalanceSetEvent {
  kind: 'need_balance_set';
  zone?: number;
  need_balance?: number;
}

export interface ReservedClearedEvent {
  kind: 'reserved_cleared';
  pfn?: number;
}

export interface CountSetEvent {
  kind: 'count_set';
  pfn?: number;
  count?: number;
}

export interface ListAddEvent {
  kind: 'list_add';
  order?: number;
  zone?: number;
  pfn?: number;
  head?: number;
}

export interface ListDelEvent {
  kind: 'list_del';
  order?: number;
  zone?: number;
  pfn?: number;
  head?: number;
}

export interface PairFlippedEvent {
  kind: 'pair_flipped';
  order?: number;
  zone?: number;
  pfn?: number;
  index?: number;
  bit?: boolean;
}

export interface ListAddTailEvent {
  kind: 'list_add_tail';
  order?: number;
  zone?: number;
  pfn?: number;
  head?: number;
}

export interface LinksPoisonedEvent {
  kind: 'links_poisoned';
  pfn?: number;
}

export interface MappedClearedEvent {
  kind: 'mapped_cleared';
  pfn?: number;
}

export interface PcpSetUpEvent {
  kind: 'pcp_set_up';
  cold?: boolean;
  zone?: number;
  low?: number;
  high?: number;
  batch?: number;
}

export interface PcpCountSetEvent {
  kind: 'pcp_count_set';
  cold?: boolean;
  zone?: number;
  cpu?: number;
  count?: number;
}

export interface ProtectionSetEvent {
  kind: 'protection_set';
  zone?: number;
  dma?: number;
  normal?: number;
  highmem?: number;
}

export interface SysctlsSetEvent {
  kind: 'sysctls_set';
  min_free_kbytes?: number;
  lower_zone_protection?: number;
}

export interface CallsEvent {
  kind: 'calls';
  node?: number;
  op: OpName;
  pfn?: number;
  count?: number;
}

export interface BootSearchEvent {
  kind: 'boot_search';
  node?: number;
  pfn?: number;
  step?: number;
  pages?: number;
}

export interface BootScannedEvent {
  kind: 'boot_scanned';
  fits?: boolean;
  node?: number;
  pfn?: number;
  count?: number;
}

export interface BootPageSharedEvent {
  kind: 'boot_page_shared';
  node?: number;
  pfn?: number;
  offset?: number;
  room?: number;
}

export interface BootPartialEvent {
  kind: 'boot_partial';
  node?: number;
  pfn?: number;
  bytes?: number;
}

export interface ZoneTriedEvent {
  kind: 'zone_tried';
  passed?: boolean;
  zone?: number;
  free_pages?: number;
  limit?: number;
  mark?: number;
}

export interface ZoneEmptyEvent {
  kind: 'zone_empty';
  order?: number;
  zone?: number;
}

export interface BlockFoundEvent {
  kind: 'block_found';
  order?: number;
  zone?: number;
  pfn?: number;
  type?: number;
}

export interface SplitEvent {
  kind: 'split';
  order?: number;
  zone?: number;
  pfn?: number;
  buddy?: number;
}

export interface MergeEvent {
  kind: 'merge';
  order?: number;
  zone?: number;
  pfn?: number;
  buddy?: number;
}

export interface MergeEndsEvent {
  kind: 'merge_ends';
  order?: number;
  zone?: number;
  pfn?: number;
  buddy?: number;
  top?: boolean;
}

export interface FreeIgnoredEvent {
  kind: 'free_ignored';
  pfn?: number;
  count?: number;
  reserved?: boolean;
}

export interface KswapdWokenEvent {
  kind: 'kswapd_woken';
  zone?: number;
}

export interface ReclaimAskedEvent {
  kind: 'reclaim_asked';
  order?: number;
  zone?: number;
}

export interface NothingToDoEvent {
  kind: 'nothing_to_do';
  op: OpName;
}

export interface BugEvent {
  kind: 'bug';
  bug: BugText;
  pfn?: number;
}

export interface OopsEvent {
  kind: 'oops';
  bug: BugText;
  pfn?: number;
}

export interface PanicEvent {
  kind: 'panic';
  bug: BugText;
}

export interface HangEvent {
  kind: 'hang';
  node?: number;
  pfn?: number;
}

export interface StallEvent {
  kind: 'stall';
  order?: number;
}

export interface WarnReservedTwiceEvent {
  kind: 'warn_reserved_twice';
  node?: number;
  pfn?: number;
  count?: number;
}

export interface WarnZoneAlignmentEvent {
  kind: 'warn_zone_alignment';
  zones?: number;
}

export interface LimitsLiftedEvent {
  kind: 'limits_lifted';
  zone?: number;
}

export interface BootWholeWordEvent {
  kind: 'boot_whole_word';
  node?: number;
  pfn?: number;
  count?: number;
}

export interface ZoneRoundEvent {
  kind: 'zone_round';
  round?: number;
  high?: boolean;
  harder?: boolean;
}

export interface ZonePassedEvent {
  kind: 'zone_passed';
  order?: number;
  zone?: number;
  free_pages?: number;
  mark?: number;
  protection?: number;
}

export interface ZoneRefusedEvent {
  kind: 'zone_refused';
  order?: number;
  zone?: number;
  free_pages?: number;
  mark?: number;
  protection?: number;
}

export interface PcpRefillEvent {
  kind: 'pcp_refill';
  cold?: boolean;
  zone?: number;
  count?: number;
  low?: number;
  batch?: number;
}

export interface PcpDrainEvent {
  kind: 'pcp_drain';
  cold?: boolean;
  zone?: number;
  count?: number;
  high?: number;
  batch?: number;
}

export interface PcpDrainAllEvent {
  kind: 'pcp_drain_all';
  cold?: boolean;
  zone?: number;
  count?: number;
}

export interface PcpTakenEvent {
  kind: 'pcp_taken';
  cold?: boolean;
  zone?: number;
  pfn?: number;
}

export interface PcpEmptyEvent {
  kind: 'pcp_empty';
  cold?: boolean;
  zone?: number;
}

export interface WarnBadPageEvent {
  kind: 'warn_bad_page';
  mapped?: boolean;
  pfn?: number;
  count?: number;
}

export interface WarnAllocFailedEvent {
  kind: 'warn_alloc_failed';
  order?: number;
  gfp?: number;
}

export interface SkippedEvent {
  kind: 'skipped';
  op: OpName;
}

export interface BootLastSuccessSetEvent {
  kind: 'boot_last_success_set';
  node?: number;
  last_success?: number;
  last_success_hi?: number;
}

export interface BlockCutEvent {
  kind: 'block_cut';
  order?: number;
  piece?: number;
  pfn?: number;
}

export interface FreeMarkSetEvent {
  kind: 'free_mark_set';
  order?: number;
  pfn?: number;
}

export interface FreeMarkClearedEvent {
  kind: 'free_mark_cleared';
  pfn?: number;
}

export interface TypeRememberedEvent {
  kind: 'type_remembered';
  type?: number;
  pfn?: number;
}

export interface CompoundSetEvent {
  kind: 'compound_set';
  order?: number;
  pfn?: number;
}

export interface CompoundClearedEvent {
  kind: 'compound_cleared';
  pfn?: number;
}

export interface PageblocksSetEvent {
  kind: 'pageblocks_set';
  type?: number;
  pfn?: number;
  blocks?: number;
}

export interface NrFreeSetEvent {
  kind: 'nr_free_set';
  order?: number;
  zone?: number;
  nr_free?: number;
}

export interface BoostSetEvent {
  kind: 'boost_set';
  boosted?: boolean;
  zone?: number;
  boost?: number;
}

export interface HighatomicSetEvent {
  kind: 'highatomic_set';
  zone?: number;
  nr_reserved_highatomic?: number;
}

export interface ManagedSetEvent {
  kind: 'managed_set';
  zone?: number;
  managed?: number;
}

export interface VmStatDiffSetEvent {
  kind: 'vm_stat_diff_set';
  zone?: number;
  cpu?: number;
  vm_stat_diff?: number;
}

export interface PcpLimitsSetEvent {
  kind: 'pcp_limits_set';
  cpu?: number;
  zone?: number;
  high?: number;
  batch?: number;
  stat_threshold?: number;
}

export interface FreeFactorSetEvent {
  kind: 'free_factor_set';
  free_factor?: number;
  zone?: number;
  cpu?: number;
}

export interface ReserveSetEvent {
  kind: 'reserve_set';
  highest?: number;
  zone?: number;
  pages?: number;
}

export interface TunablesSetEvent {
  kind: 'tunables_set';
  watermark_boost_factor?: number;
  watermark_scale_factor?: number;
  percpu_pagelist_high_fraction?: number;
}

export interface ReservedSetEvent {
  kind: 'reserved_set';
  reserved?: boolean;
  pfn?: number;
  count?: number;
}

export interface HeldSetEvent {
  kind: 'held_set';
  held?: number;
  pfn?: number;
  count?: number;
}

export interface LruSetEvent {
  kind: 'lru_set';
  lru?: boolean;
  pfn?: number;
  count?: number;
}

export interface CountsSetEvent {
  kind: 'counts_set';
  pfn?: number;
  frames?: number;
  count?: number;
}

export interface MemblockPieceEvent {
  kind: 'memblock_piece';
  pfn?: number;
  count?: number;
}

export interface WalkBeginsEvent {
  kind: 'walk_begins';
  pass?: number;
  zone?: number;
  rights?: number;
}

export interface NofragmentDroppedEvent {
  kind: 'nofragment_dropped';
  zone?: number;
}

export interface MarkRuleEvent {
  kind: 'mark_rule';
  rights?: number;
  zone?: number;
  mark?: number;
  boost?: number;
  nr_reserved_highatomic?: number;
}

export interface MarkTestedEvent {
  kind: 'mark_tested';
  result?: number;
  zone?: number;
  free?: number;
  min?: number;
  reserve?: number;
}

export interface PcpListTakenEvent {
  kind: 'pcp_list_taken';
  list?: number;
  zone?: number;
  pfn?: number;
}

export interface PcpListRefillEvent {
  kind: 'pcp_list_refill';
  list?: number;
  zone?: number;
  n?: number;
  batch?: number;
}

export interface PcpOverflowEvent {
  kind: 'pcp_overflow';
  list?: number;
  zone?: number;
  count?: number;
  limit?: number;
  n?: number;
}

export interface PcpListDrainEvent {
  kind: 'pcp_list_drain';
  list?: number;
  zone?: number;
  cpu?: number;
  n?: number;
}

export interface PcpDrainCpuEvent {
  kind: 'pcp_drain_cpu';
  zone?: number;
  cpu?: number;
  count?: number;
  n?: number;
}

export interface ExtfragEvent {
  kind: 'extfrag';
  order?: number;
  found?: number;
  pfn?: number;
  type?: number;
  from?: number;
}

export interface PageblockStolenEvent {
  kind: 'pageblock_stolen';
  type?: number;
  zone?: number;
  pfn?: number;
  free?: number;
  alike?: number;
}

export interface BlockStolenEvent {
  kind: 'block_stolen';
  order?: number;
  zone?: number;
  pfn?: number;
  type?: number;
  why?: number;
}

export interface MergeBarredEvent {
  kind: 'merge_barred';
  order?: number;
  zone?: number;
  pfn?: number;
  buddy?: number;
  type?: number;
}

export interface TailChosenEvent {
  kind: 'tail_chosen';
  order?: number;
  zone?: number;
  pfn?: number;
  upper?: number;
}

export interface RestFreedEvent {
  kind: 'rest_freed';
  order?: number;
  pfn?: number;
  count?: number;
}

export interface WarnBadFrameEvent {
  kind: 'warn_bad_frame';
  reason: ReasonText;
  pfn?: number;
  count?: number;
}

export interface BlockLostEvent {
  kind: 'block_lost';
  order?: number;
  zone?: number;
  pfn?: number;
}

export interface ReclaimActiveSetEvent {
  kind: 'reclaim_active_set';
  active?: boolean;
  zone?: number;
}

/** An event as JSON: names always, numbers and booleans only where they are not zero. */
export type EventJson =
  | OpBeginEvent
  | OpArgEvent
  | OpEndEvent
  | FramesAreEvent
  | HandedOutEvent
  | BootHandedOutEvent
  | GivenUpEvent
  | TakenBackEvent
  | MovedEvent
  | LostEventsEvent
  | BootMapSetUpEvent
  | BootBitsSetEvent
  | BootBitsClearedEvent
  | BootLastSetEvent
  | BootMapGoneEvent
  | ZoneSetUpEvent
  | ZoneMarksSetEvent
  | FreePagesSetEvent
  | NeedBalanceSetEvent
  | ReservedClearedEvent
  | CountSetEvent
  | ListAddEvent
  | ListDelEvent
  | PairFlippedEvent
  | ListAddTailEvent
  | LinksPoisonedEvent
  | MappedClearedEvent
  | PcpSetUpEvent
  | PcpCountSetEvent
  | ProtectionSetEvent
  | SysctlsSetEvent
  | CallsEvent
  | BootSearchEvent
  | BootScannedEvent
  | BootPageSharedEvent
  | BootPartialEvent
  | ZoneTriedEvent
  | ZoneEmptyEvent
  | BlockFoundEvent
  | SplitEvent
  | MergeEvent
  | MergeEndsEvent
  | FreeIgnoredEvent
  | KswapdWokenEvent
  | ReclaimAskedEvent
  | NothingToDoEvent
  | BugEvent
  | OopsEvent
  | PanicEvent
  | HangEvent
  | StallEvent
  | WarnReservedTwiceEvent
  | WarnZoneAlignmentEvent
  | LimitsLiftedEvent
  | BootWholeWordEvent
  | ZoneRoundEvent
  | ZonePassedEvent
  | ZoneRefusedEvent
  | PcpRefillEvent
  | PcpDrainEvent
  | PcpDrainAllEvent
  | PcpTakenEvent
  | PcpEmptyEvent
  | WarnBadPageEvent
  | WarnAllocFailedEvent
  | SkippedEvent
  | BootLastSuccessSetEvent
  | BlockCutEvent
  | FreeMarkSetEvent
  | FreeMarkClearedEvent
  | TypeRememberedEvent
  | CompoundSetEvent
  | CompoundClearedEvent
  | PageblocksSetEvent
  | NrFreeSetEvent
  | BoostSetEvent
  | HighatomicSetEvent
  | ManagedSetEvent
  | VmStatDiffSetEvent
  | PcpLimitsSetEvent
  | FreeFactorSetEvent
  | ReserveSetEvent
  | TunablesSetEvent
  | ReservedSetEvent
  | HeldSetEvent
  | LruSetEvent
  | CountsSetEvent
  | MemblockPieceEvent
  | WalkBeginsEvent
  | NofragmentDroppedEvent
  | MarkRuleEvent
  | MarkTestedEvent
  | PcpListTakenEvent
  | PcpListRefillEvent
  | PcpOverflowEvent
  | PcpListDrainEvent
  | PcpDrainCpuEvent
  | ExtfragEvent
  | PageblockStolenEvent
  | BlockStolenEvent
  | MergeBarredEvent
  | TailChosenEvent
  | RestFreedEvent
  | WarnBadFrameEvent
  | BlockLostEvent
  | ReclaimActiveSetEvent;

export interface FieldInfo {
  name: string;
  type: string;
  /** Which part of the record: s 8 bits, t 16 bits, a, b and c 32 bits. */
  part: 's' | 't' | 'a' | 'b' | 'c';
  signed: boolean;
}

export interface EventInfo {
  name: EventJson['kind'] | 'none';
  layer: LayerName;
  fields: readonly FieldInfo[];
}

/** engine/events.def, by number; 0 is no event. */
export const EVENTS: readonly EventInfo[] = [
  { name: 'none', layer: 'decisions', fields: [] },
  { name: 'op_begin', layer: 'frames', fields: [
    { name: 'cpu', type: 'U32', part: 's', signed: false },
    { name: 'op', type: 'OP', part: 't', signed: false },
    { name: 'number', type: 'U32', part: 'a', signed: false },
    { name: 'line', type: 'U32', part: 'b', signed: false },
    { name: 'task', type: 'TASK', part: 'c', signed: false },
  ] },
  { name: 'op_arg', layer: 'frames', fields: [
    { name: 'arg', type: 'ARG', part: 's', signed: false },
    { name: 'op', type: 'OP', part: 't', signed: false },
    { name: 'lo', type: 'U32', part: 'a', signed: false },
    { name: 'hi', type: 'U32', part: 'b', signed: false },
    { name: 'index', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'op_end', layer: 'frames', fields: [
    { name: 'outcome', type: 'OUTCOME', part: 's', signed: false },
    { name: 'result', type: 'RESULT', part: 't', signed: false },
    { name: 'lo', type: 'U32', part: 'a', signed: false },
    { name: 'hi', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'frames_are', layer: 'frames', fields: [
    { name: 'state', type: 'STATE', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'handed_out', layer: 'frames', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'gfp', type: 'GFP', part: 'b', signed: false },
  ] },
  { name: 'boot_handed_out', layer: 'frames', fields: [
    { name: 'offset', type: 'U32', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
    { name: 'bytes', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'given_up', layer: 'frames', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'owner', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'taken_back', layer: 'frames', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'state', type: 'STATE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'moved', layer: 'frames', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'state', type: 'STATE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'lost_events', layer: 'frames', fields: [
    { name: 'count', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'boot_map_set_up', layer: 'structures', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'mapstart', type: 'PFN', part: 'a', signed: false },
    { name: 'start', type: 'PFN', part: 'b', signed: false },
    { name: 'end', type: 'PFN', part: 'c', signed: false },
  ] },
  { name: 'boot_bits_set', layer: 'structures', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'boot_bits_cleared', layer: 'structures', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'boot_last_set', layer: 'structures', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'last_pos', type: 'U32', part: 'a', signed: false },
    { name: 'last_offset', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'boot_map_gone', layer: 'structures', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
  ] },
  { name: 'zone_set_up', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'start_pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'size', type: 'U32', part: 'b', signed: false },
    { name: 'holes', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'zone_marks_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pages_min', type: 'U32', part: 'a', signed: false },
    { name: 'pages_low', type: 'U32', part: 'b', signed: false },
    { name: 'pages_high', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'free_pages_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'free_pages', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'need_balance_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'need_balance', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'reserved_cleared', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'count_set', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'I32', part: 'b', signed: true },
  ] },
  { name: 'list_add', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'head', type: 'LINK', part: 'b', signed: false },
  ] },
  { name: 'list_del', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'head', type: 'LINK', part: 'b', signed: false },
  ] },
  { name: 'pair_flipped', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'index', type: 'U32', part: 'b', signed: false },
    { name: 'bit', type: 'BOOL', part: 'c', signed: false },
  ] },
  { name: 'list_add_tail', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'head', type: 'LINK', part: 'b', signed: false },
  ] },
  { name: 'links_poisoned', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'mapped_cleared', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'pcp_set_up', layer: 'structures', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'low', type: 'U32', part: 'a', signed: false },
    { name: 'high', type: 'U32', part: 'b', signed: false },
    { name: 'batch', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'pcp_count_set', layer: 'structures', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'cpu', type: 'U32', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'protection_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'dma', type: 'U32', part: 'a', signed: false },
    { name: 'normal', type: 'U32', part: 'b', signed: false },
    { name: 'highmem', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'sysctls_set', layer: 'structures', fields: [
    { name: 'min_free_kbytes', type: 'U32', part: 'a', signed: false },
    { name: 'lower_zone_protection', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'calls', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 's', signed: false },
    { name: 'op', type: 'OP', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'boot_search', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'step', type: 'U32', part: 'b', signed: false },
    { name: 'pages', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'boot_scanned', layer: 'decisions', fields: [
    { name: 'fits', type: 'BOOL', part: 's', signed: false },
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'boot_page_shared', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'offset', type: 'U32', part: 'b', signed: false },
    { name: 'room', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'boot_partial', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'bytes', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'zone_tried', layer: 'decisions', fields: [
    { name: 'passed', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'free_pages', type: 'U32', part: 'a', signed: false },
    { name: 'limit', type: 'U32', part: 'b', signed: false },
    { name: 'mark', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'zone_empty', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
  { name: 'block_found', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'type', type: 'TYPE', part: 'b', signed: false },
  ] },
  { name: 'split', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'buddy', type: 'PFN', part: 'b', signed: false },
  ] },
  { name: 'merge', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'buddy', type: 'PFN', part: 'b', signed: false },
  ] },
  { name: 'merge_ends', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'buddy', type: 'PFN', part: 'b', signed: false },
    { name: 'top', type: 'BOOL', part: 'c', signed: false },
  ] },
  { name: 'free_ignored', layer: 'decisions', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'I32', part: 'b', signed: true },
    { name: 'reserved', type: 'BOOL', part: 'c', signed: false },
  ] },
  { name: 'kswapd_woken', layer: 'decisions', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
  { name: 'reclaim_asked', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
  { name: 'nothing_to_do', layer: 'decisions', fields: [
    { name: 'op', type: 'OP', part: 't', signed: false },
  ] },
  { name: 'bug', layer: 'decisions', fields: [
    { name: 'bug', type: 'BUG', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'oops', layer: 'decisions', fields: [
    { name: 'bug', type: 'BUG', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'panic', layer: 'decisions', fields: [
    { name: 'bug', type: 'BUG', part: 't', signed: false },
  ] },
  { name: 'hang', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'stall', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
  ] },
  { name: 'warn_reserved_twice', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'warn_zone_alignment', layer: 'decisions', fields: [
    { name: 'zones', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'limits_lifted', layer: 'decisions', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
  { name: 'boot_whole_word', layer: 'decisions', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'zone_round', layer: 'decisions', fields: [
    { name: 'round', type: 'U32', part: 's', signed: false },
    { name: 'high', type: 'BOOL', part: 'a', signed: false },
    { name: 'harder', type: 'BOOL', part: 'b', signed: false },
  ] },
  { name: 'zone_passed', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'free_pages', type: 'U32', part: 'a', signed: false },
    { name: 'mark', type: 'U32', part: 'b', signed: false },
    { name: 'protection', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'zone_refused', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'free_pages', type: 'U32', part: 'a', signed: false },
    { name: 'mark', type: 'U32', part: 'b', signed: false },
    { name: 'protection', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'pcp_refill', layer: 'decisions', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'count', type: 'U32', part: 'a', signed: false },
    { name: 'low', type: 'U32', part: 'b', signed: false },
    { name: 'batch', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'pcp_drain', layer: 'decisions', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'count', type: 'U32', part: 'a', signed: false },
    { name: 'high', type: 'U32', part: 'b', signed: false },
    { name: 'batch', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'pcp_drain_all', layer: 'decisions', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'count', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'pcp_taken', layer: 'decisions', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'pcp_empty', layer: 'decisions', fields: [
    { name: 'cold', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
  { name: 'warn_bad_page', layer: 'decisions', fields: [
    { name: 'mapped', type: 'BOOL', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'I32', part: 'b', signed: true },
  ] },
  { name: 'warn_alloc_failed', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'gfp', type: 'GFP', part: 'a', signed: false },
  ] },
  { name: 'skipped', layer: 'decisions', fields: [
    { name: 'op', type: 'OP', part: 't', signed: false },
  ] },
  { name: 'boot_last_success_set', layer: 'structures', fields: [
    { name: 'node', type: 'NODE', part: 't', signed: false },
    { name: 'last_success', type: 'U32', part: 'a', signed: false },
    { name: 'last_success_hi', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'block_cut', layer: 'frames', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'piece', type: 'ORDER', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'free_mark_set', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'free_mark_cleared', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'type_remembered', layer: 'structures', fields: [
    { name: 'type', type: 'TYPE', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'compound_set', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'compound_cleared', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'pageblocks_set', layer: 'structures', fields: [
    { name: 'type', type: 'TYPE', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'blocks', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'nr_free_set', layer: 'structures', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'nr_free', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'boost_set', layer: 'structures', fields: [
    { name: 'boosted', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'boost', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'highatomic_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'nr_reserved_highatomic', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'managed_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'managed', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'vm_stat_diff_set', layer: 'structures', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'cpu', type: 'U32', part: 'a', signed: false },
    { name: 'vm_stat_diff', type: 'I32', part: 'b', signed: true },
  ] },
  { name: 'pcp_limits_set', layer: 'structures', fields: [
    { name: 'cpu', type: 'U32', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'high', type: 'U32', part: 'a', signed: false },
    { name: 'batch', type: 'U32', part: 'b', signed: false },
    { name: 'stat_threshold', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'free_factor_set', layer: 'structures', fields: [
    { name: 'free_factor', type: 'U32', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'cpu', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'reserve_set', layer: 'structures', fields: [
    { name: 'highest', type: 'U32', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pages', type: 'U32', part: 'a', signed: false },
  ] },
  { name: 'tunables_set', layer: 'structures', fields: [
    { name: 'watermark_boost_factor', type: 'U32', part: 'a', signed: false },
    { name: 'watermark_scale_factor', type: 'U32', part: 'b', signed: false },
    { name: 'percpu_pagelist_high_fraction', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'reserved_set', layer: 'structures', fields: [
    { name: 'reserved', type: 'BOOL', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'held_set', layer: 'structures', fields: [
    { name: 'held', type: 'U32', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'lru_set', layer: 'structures', fields: [
    { name: 'lru', type: 'BOOL', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'counts_set', layer: 'structures', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'frames', type: 'U32', part: 'b', signed: false },
    { name: 'count', type: 'I32', part: 'c', signed: true },
  ] },
  { name: 'memblock_piece', layer: 'decisions', fields: [
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'walk_begins', layer: 'decisions', fields: [
    { name: 'pass', type: 'U32', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'rights', type: 'RIGHTS', part: 'a', signed: false },
  ] },
  { name: 'nofragment_dropped', layer: 'decisions', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
  { name: 'mark_rule', layer: 'decisions', fields: [
    { name: 'rights', type: 'RIGHTS', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'mark', type: 'U32', part: 'a', signed: false },
    { name: 'boost', type: 'U32', part: 'b', signed: false },
    { name: 'nr_reserved_highatomic', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'mark_tested', layer: 'decisions', fields: [
    { name: 'result', type: 'U32', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'free', type: 'I32', part: 'a', signed: true },
    { name: 'min', type: 'U32', part: 'b', signed: false },
    { name: 'reserve', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'pcp_list_taken', layer: 'decisions', fields: [
    { name: 'list', type: 'LIST', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'pcp_list_refill', layer: 'decisions', fields: [
    { name: 'list', type: 'LIST', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'n', type: 'U32', part: 'a', signed: false },
    { name: 'batch', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'pcp_overflow', layer: 'decisions', fields: [
    { name: 'list', type: 'LIST', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'count', type: 'U32', part: 'a', signed: false },
    { name: 'limit', type: 'U32', part: 'b', signed: false },
    { name: 'n', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'pcp_list_drain', layer: 'decisions', fields: [
    { name: 'list', type: 'LIST', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'cpu', type: 'U32', part: 'a', signed: false },
    { name: 'n', type: 'U32', part: 'b', signed: false },
  ] },
  { name: 'pcp_drain_cpu', layer: 'decisions', fields: [
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'cpu', type: 'U32', part: 'a', signed: false },
    { name: 'count', type: 'U32', part: 'b', signed: false },
    { name: 'n', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'extfrag', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'found', type: 'ORDER', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'type', type: 'TYPE', part: 'b', signed: false },
    { name: 'from', type: 'TYPE', part: 'c', signed: false },
  ] },
  { name: 'pageblock_stolen', layer: 'decisions', fields: [
    { name: 'type', type: 'TYPE', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'free', type: 'U32', part: 'b', signed: false },
    { name: 'alike', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'block_stolen', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'type', type: 'TYPE', part: 'b', signed: false },
    { name: 'why', type: 'U32', part: 'c', signed: false },
  ] },
  { name: 'merge_barred', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'buddy', type: 'PFN', part: 'b', signed: false },
    { name: 'type', type: 'TYPE', part: 'c', signed: false },
  ] },
  { name: 'tail_chosen', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'upper', type: 'PFN', part: 'b', signed: false },
  ] },
  { name: 'rest_freed', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'I32', part: 'b', signed: true },
  ] },
  { name: 'warn_bad_frame', layer: 'decisions', fields: [
    { name: 'reason', type: 'REASON', part: 's', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
    { name: 'count', type: 'I32', part: 'b', signed: true },
  ] },
  { name: 'block_lost', layer: 'decisions', fields: [
    { name: 'order', type: 'ORDER', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
    { name: 'pfn', type: 'PFN', part: 'a', signed: false },
  ] },
  { name: 'reclaim_active_set', layer: 'structures', fields: [
    { name: 'active', type: 'BOOL', part: 's', signed: false },
    { name: 'zone', type: 'ZONE', part: 't', signed: false },
  ] },
];

export interface KernelTable {
  name: string;
  /** The operations that it can carry out. */
  ops: readonly OpName[];
  gfps: Readonly<Record<string, number>>;
  /** Flags that a kernel without them passes over. */
  gfpHints: number;
  zoneNames: readonly string[];
  nrOrders: number;
  nrPairOrders: number;
  nrZoneTypes: number;
  /** Migratetypes; none where an order has one list. */
  typeNames: readonly string[];
  /** From which types a type borrows, in order, by type; none where no list is a type's own. */
  lenders: readonly (readonly number[])[];
  /** A zone's atomic reserve grows to 1/this of its frames and a pageblock; 0: it has none. */
  highatomicShare: number;
  /** What is not modelled. */
  gaps: readonly GapName[];
  /** Lists and counters of a CPU in a zone; orders that these lists hold. */
  nrPcpLists: number;
  nrPcps: number;
  nrPcpOrders: number;
  pageblockOrder: number;
  isAlignedByPfn: boolean;
  hasPcp: boolean;
  bitsPerLong: number;
  mayBe64Bit: boolean;
  nrSpareFrames: number;
  pageOffset: number;
}

/** The kernel models; number n of pf_machine.kernel is KERNELS[n - 1]. */
export const KERNELS: readonly KernelTable[] = [
  {
    name: 'linux-2.4.20',
    ops: ['boot', 'init_bootmem', 'reserve_bootmem', 'free_bootmem', 'alloc_bootmem', 'free_all_bootmem', 'init_bootmem_node', 'reserve_bootmem_node', 'free_bootmem_node', 'free_all_bootmem_node', '__alloc_bootmem', '__alloc_bootmem_node', 'alloc_bootmem_low', 'alloc_bootmem_pages', 'alloc_bootmem_low_pages', 'alloc_bootmem_node', 'alloc_bootmem_pages_node', 'alloc_bootmem_low_pages_node', 'free_area_init', 'free_boot_range', 'alloc_pages', 'alloc_pages_node', 'alloc_page', '__get_free_pages', '__get_free_page', '__get_dma_pages', 'get_zeroed_page', '__free_pages', '__free_page', 'free_pages', 'free_page', 'get_page'],
    gfps: {
      GFP_KERNEL: 496,
      GFP_ATOMIC: 32,
      GFP_USER: 464,
      GFP_HIGHUSER: 466,
      GFP_NOIO: 48,
      GFP_NOHIGHIO: 112,
      GFP_NOFS: 240,
      GFP_KSWAPD: 464,
      GFP_DMA: 1,
      __GFP_DMA: 1,
      __GFP_HIGHMEM: 2,
      __GFP_WAIT: 16,
      __GFP_HIGH: 32,
      __GFP_IO: 64,
      __GFP_HIGHIO: 128,
      __GFP_FS: 256,
    },
    gfpHints: 0,
    zoneNames: ['DMA', 'Normal', 'HighMem'],
    typeNames: [],
    lenders: [],
    highatomicShare: 0,
    gaps: ['reclaim', 'kswapd', 'lru', 'mappings', 'contents'],
    nrPcpLists: 0,
    nrPcps: 0,
    nrPcpOrders: 0,
    pageblockOrder: 0,
    isAlignedByPfn: false,
    nrOrders: 10,
    nrPairOrders: 9,
    nrZoneTypes: 3,
    hasPcp: false,
    bitsPerLong: 32,
    mayBe64Bit: false,
    nrSpareFrames: 0,
    pageOffset: 3221225472,
  },
  {
    name: 'linux-2.6.10',
    ops: ['boot', 'init_bootmem', 'reserve_bootmem', 'free_bootmem', 'alloc_bootmem', 'free_all_bootmem', 'init_bootmem_node', 'reserve_bootmem_node', 'free_bootmem_node', 'free_all_bootmem_node', '__alloc_bootmem', '__alloc_bootmem_node', 'alloc_bootmem_low', 'alloc_bootmem_pages', 'alloc_bootmem_low_pages', 'alloc_bootmem_node', 'alloc_bootmem_pages_node', 'alloc_bootmem_low_pages_node', 'free_area_init', 'free_boot_range', 'alloc_pages', 'alloc_pages_node', 'alloc_page', '__get_free_pages', '__get_free_page', '__get_dma_pages', 'get_zeroed_page', '__free_pages', '__free_page', 'free_pages', 'free_page', 'get_page', 'free_hot_page', 'free_cold_page', 'put_page_testzero', 'pagevec_free', 'drain_local_pages', 'init_per_zone_pages_min', 'sysctl'],
    gfps: {
      GFP_KERNEL: 208,
      GFP_ATOMIC: 32,
      GFP_USER: 208,
      GFP_HIGHUSER: 210,
      GFP_NOIO: 16,
      GFP_NOFS: 80,
      GFP_DMA: 1,
      __GFP_DMA: 1,
      __GFP_HIGHMEM: 2,
      __GFP_WAIT: 16,
      __GFP_HIGH: 32,
      __GFP_IO: 64,
      __GFP_FS: 128,
      __GFP_COLD: 256,
      __GFP_NOWARN: 512,
      __GFP_REPEAT: 1024,
      __GFP_NOFAIL: 2048,
      __GFP_NORETRY: 4096,
      __GFP_NO_GROW: 8192,
      __GFP_COMP: 16384,
    },
    gfpHints: 0,
    zoneNames: ['DMA', 'Normal', 'HighMem'],
    typeNames: [],
    lenders: [],
    highatomicShare: 0,
    gaps: ['reclaim', 'kswapd', 'oom-killer', 'lru', 'compound', 'stray-writes', 'contents'],
    nrPcpLists: 2,
    nrPcps: 2,
    nrPcpOrders: 1,
    pageblockOrder: 0,
    isAlignedByPfn: false,
    nrOrders: 11,
    nrPairOrders: 10,
    nrZoneTypes: 3,
    hasPcp: true,
    bitsPerLong: 32,
    mayBe64Bit: true,
    nrSpareFrames: 1,
    pageOffset: 3221225472,
  },
  {
    name: 'linux-6.1',
    ops: ['boot', 'alloc_pages', 'alloc_pages_node', 'alloc_page', '__get_free_pages', '__get_free_page', '__get_dma_pages', 'get_zeroed_page', '__free_pages', '__free_page', 'free_pages', 'free_page', 'get_page', 'alloc_pages_bulk', 'put_page', 'split_page', 'drain_all_pages', 'memblock_free_all', 'set_min_free_kbytes', 'set_watermark_boost_factor', 'set_watermark_scale_factor', 'set_percpu_pagelist_high_fraction', 'vmstat_fold'],
    gfps: {
      GFP_KERNEL: 3264,
      GFP_ATOMIC: 2592,
      GFP_NOWAIT: 2048,
      GFP_USER: 1051840,
      GFP_HIGHUSER: 1051842,
      GFP_HIGHUSER_MOVABLE: 1051850,
      GFP_NOIO: 3072,
      GFP_NOFS: 3136,
      GFP_DMA: 1,
      GFP_DMA32: 4,
      __GFP_DMA: 1,
      __GFP_HIGHMEM: 2,
      __GFP_DMA32: 4,
      __GFP_MOVABLE: 8,
      __GFP_RECLAIMABLE: 16,
      __GFP_HIGH: 32,
      __GFP_IO: 64,
      __GFP_FS: 128,
      __GFP_ZERO: 256,
      __GFP_ATOMIC: 512,
      __GFP_DIRECT_RECLAIM: 1024,
      __GFP_KSWAPD_RECLAIM: 2048,
      __GFP_WRITE: 4096,
      __GFP_NOWARN: 8192,
      __GFP_RETRY_MAYFAIL: 16384,
      __GFP_NOFAIL: 32768,
      __GFP_NORETRY: 65536,
      __GFP_MEMALLOC: 131072,
      __GFP_COMP: 262144,
      __GFP_NOMEMALLOC: 524288,
      __GFP_HARDWALL: 1048576,
      __GFP_THISNODE: 2097152,
      __GFP_ACCOUNT: 4194304,
    },
    gfpHints: 24,
    zoneNames: ['DMA', 'DMA32', 'Normal'],
    typeNames: ['Unmovable', 'Movable', 'Reclaimable', 'HighAtomic', 'Isolate'],
    lenders: [[2, 1], [2, 0], [0, 1]],
    highatomicShare: 100,
    gaps: ['reclaim', 'compaction', 'kswapd', 'oom-killer', 'policies', 'nofail', 'real-time', 'dirty-limits', 'zone-movable', 'deferred-init', 'memblock', 'pcp-ageing', 'contention', 'failure-report', 'tiny', 'contents'],
    nrPcpLists: 14,
    nrPcps: 1,
    nrPcpOrders: 4,
    pageblockOrder: 9,
    isAlignedByPfn: true,
    nrOrders: 11,
    nrPairOrders: 0,
    nrZoneTypes: 3,
    hasPcp: true,
    bitsPerLong: 64,
    mayBe64Bit: false,
    nrSpareFrames: 0,
    pageOffset: 0,
  },
];

/** Byte offsets in the engine's structs, and their sizes. */
export const LAYOUT = {
  pf_machine: { sizeof: 3760, kernel: 0, numa: 4, nr_cpus: 8, nr_nodes: 12, nr_names: 16, nr_memory: 20, nr_reserved: 24, bits_per_long: 28, smp: 32, sizeof_struct_page: 36, node: 48, memory: 688, reserved: 2224 },
  pf_node_desc: { sizeof: 40, start_pfn: 0, pages: 4, cpus: 8 },
  pf_range: { sizeof: 24, addr: 0, size: 8, node: 16 },
  pf_op: { sizeof: 160, kind: 0, cpu: 4, task: 8, line: 12, as: 16, refs: 20, skip: 24, arg: 32 },
  pf_event: { sizeof: 16, kind: 0, s: 1, t: 2, a: 4, b: 8, c: 12 },
  pf_result: { sizeof: 24, outcome: 0, result: 4, value: 8, bug: 16 },
  pf_zone_view: { sizeof: 124, node: 0, type: 4, start_pfn: 8, size: 12, holes: 16, free_pages: 20, pages_min: 24, pages_low: 28, pages_high: 32, need_balance: 36, protection: 40, managed: 60, boost: 64, boosted: 68, reclaim_active: 72, nr_reserved_highatomic: 76, nr_free: 80 },
  pf_pcp_view: { sizeof: 28, count: 0, low: 4, high: 8, batch: 12, free_factor: 16, vm_stat_diff: 20, stat_threshold: 24 },
  pf_list_view: { sizeof: 20, is_pcp: 0, order: 4, type: 8, cpu: 12, index: 16 },
  pf_boot_view: { sizeof: 28, mapstart: 0, start_pfn: 4, end_pfn: 8, last_pos: 12, last_offset: 16, last_success: 20 },
  pf_frame_view: { sizeof: 40, next: 0, prev: 4, count: 8, reserved: 12, mapped: 16, held: 20, lru: 24, free_order: 28, compound_order: 32, type: 36 },
  pf_map_frame: { sizeof: 20, state: 0, marks: 4, order: 8, head: 12, owner: 16 },
  pf_pageblock_view: { sizeof: 12, type: 0, listed: 4, asked: 8 },
  pf_trace_stats: { sizeof: 36, lines: 0, events: 4, ignored: 8, skipped: 12, lost: 16, failed: 20, frames: 24, bad_line: 28, bad: 32 },
  pf_finding: { sizeof: 16, kind: 0, zone: 4, list: 8, pfn: 12 },
} as const;
