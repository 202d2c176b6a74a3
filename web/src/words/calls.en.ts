import type { Group } from '../ui/call-fields.ts';
import type { Translated } from './parts.ts';
import { digits } from './ui.en.ts';

const many = (value: number, one: string, more: string): string => `${digits(value)}\u00a0${value === 1 ? one : more}`;
const operations = (count: number): string => many(count, 'operation', 'operations');

/** What the call box and the code say, in English. */
export const calls = {
  title: 'Make a call',
  function: 'function',
  groups: {
    pages: 'Get pages',
    free: 'Give back, take references',
    percpu: 'Per-CPU lists and settings',
    boot: 'Boot memory',
  } satisfies Record<Group, string>,
  args: {
    node: 'node',
    mapstart: 'bitmap at frame',
    start: 'from frame',
    end: 'to frame',
    addr: 'address',
    size: 'size',
    align: 'alignment',
    goal: 'goal',
    start_pfn: 'first frame',
    sizes: 'frames by zone',
    holes: 'holes by zone',
    dir: 'direction',
    gfp: 'gfp_mask',
    order: 'order',
    n: 'frames',
    pfn: 'page',
    pfns: 'pages',
    cold: 'cold',
    name: 'setting',
    value: 'value',
  } as Record<string, string>,
  hints: {
    PFN: 'A name, as buf or buf+4, or a frame as 0x1f8.',
    PFNS: 'Names or frames, at most 14.',
    ADDR: 'A name, as buf or buf+4, an address, or NULL.',
    PAGES3: 'DMA, Normal, HighMem.',
    SIZE: 'As 4096, 64 KiB or 0x1000.',
  } as Record<string, string>,
  pages: (order: number) => many(2 ** order, 'page', 'pages'),
  anyNode: 'none named',
  noFlags: 'no flags (0)',
  flags: 'More flags',
  as: 'result is named',
  cpu: 'CPU',
  task: 'caller',
  tasks: {
    '': 'an ordinary task',
    PF_MEMALLOC: 'frees memory (PF_MEMALLOC)',
    PF_MEMDIE: 'is being killed (PF_MEMDIE)',
    rt: 'a real-time task',
  },
  irq: 'in an interrupt',
  pick: (field: string) => `Take ${field} from the map`,
  picking: 'Point at a frame on the map and click, or use the arrow keys and Enter. Escape: no frame.',
  run: 'Make the call',
  line: 'The call in C',
  enomem: 'the caller returns -ENOMEM',
  atEnd: (entry: number) => `Will be operation ${digits(entry + 1)}, the last one.`,
  inPast: (entry: number, following: number) =>
    `The run goes on from here: a call now forks it after ${entry === 0 ? 'its beginning' : `operation ${digits(entry)}`}. ${following === 1 ? 'The operation that followed is' : `The ${operations(following)} that followed are`} kept.`,
  forked: (entry: number, length: number, isNew: boolean) =>
    `Forked after ${entry === 0 ? 'the beginning' : `operation ${digits(entry)}`}. ${isNew ? 'You are back in what happened before; the new run' : 'What happened before'}, ${operations(length)}, is kept.`,
  compare: 'Compare with it',
  compareEnd: 'Compare no more',
  switch: (isNew: boolean): string => (isNew ? 'Go to it again' : 'Go back to it'),
  undo: 'Undo',
  redo: 'Redo',
  save: 'Save the run…',
  notInTrace:
    'A trace is what happened on a real machine: nothing can be called in it. Open a run, or choose a machine.',
  notInRoom: 'A room shows what its server does: nothing can be called from here. Open a run, or choose a machine.',
  code: 'The run in C',
  codeOfTrace: 'A trace has no code: it is what many callers did on a real machine.',
  outcomes: {
    failed: 'NULL: the caller goes out here',
    stall: 'waits for memory for ever',
    hang: 'never comes back',
    nothing: 'its name is NULL: nothing to do',
    lacks: (what: string) => `this kernel has no ${what}`,
  },
  /** What a field holds, as an error text has it. */
  found: (text: string) => text,
  errors: {
    NODE: (low: number, high: number, found: string) => `Expected a node from ${low} to ${high}, found ${found}.`,
    PFN: (_low: number, high: number, found: string) =>
      `Expected a frame from 0 to 0x${high.toString(16)}, or a name, found ${found}.`,
    PFNS: (_low: number, high: number, found: string) =>
      `Expected frames from 0 to 0x${high.toString(16)}, or names, found ${found}.`,
    ADDR: (_low: number, high: number, found: string) =>
      `Expected an address from 0 to 0x${high.toString(16)}, a name, or NULL, found ${found}.`,
    SIZE: (low: number, high: number, found: string) =>
      `Expected a number of bytes from ${low} to ${high}, found ${found}.`,
    ALIGN: (low: number, high: number, found: string) =>
      `Expected an alignment in bytes from ${low} to ${high}, found ${found}.`,
    ORDER: (low: number, high: number, found: string) => `Expected an order from ${low} to ${high}, found ${found}.`,
    COUNT: (low: number, high: number, found: string) => `Expected a number from ${low} to ${high}, found ${found}.`,
    PAGES3: (low: number, high: number, found: string) =>
      `Expected three numbers of frames from ${low} to ${high}, found ${found}.`,
    GFP: (_low: number, _high: number, found: string) => `Expected flags of this kernel, found ${found}.`,
    DIR: (_low: number, _high: number, found: string) => `Expected up or down, found ${found}.`,
    SYSCTL: (_low: number, _high: number, found: string) => `Expected a setting, found ${found}.`,
    cpu: (low: number, high: number, found: string) => `Expected a CPU from ${low} to ${high}, found ${found}.`,
    'known-name': (_low: number, _high: number, found: string) =>
      `Expected a name that an operation before this place has given, found ${found}.`,
    'new-name': (_low: number, _high: number, found: string) =>
      `Expected a name: letters, digits and _, no digit first; found ${found}.`,
    names: (_low: number, high: number) =>
      `The run has room for ${digits(high)} names. Save it and open the file, then there is room again.`,
    other: (_low: number, _high: number, found: string) =>
      found === 'nothing' ? 'Something must stand here.' : `This cannot stand here: ${found}.`,
    range: () => 'The arguments do not fit this machine: a range ends outside the memory of its node.',
    full: () => 'More than 1024 frames past the end of memory would keep a reference count: there is no more room.',
    lacks: () => 'This kernel has no such call.',
    stopped: () => 'The run ends at a BUG(): the kernel has stopped. Go back to before it, and call there.',
  },
};

export type CallWords = Translated<typeof calls>;
