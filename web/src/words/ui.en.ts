import type { Translated } from './parts.ts';

/** 12345 as "12 345", in every language. */
export function digits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

const many = (value: number, one: string, more: string): string => `${digits(value)}\u00a0${value === 1 ? one : more}`;

/** Bytes as 4 KiB, 64 MiB, 2 GiB. */
const size = (bytes: number): string => {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value % 1 === 0 ? digits(value) : value.toFixed(1)}\u00a0${units[unit]}`;
};

/** What the page's own controls say, in English. The Russian table must have the same keys. */
export const ui = {
  title: 'Pageframe: how Linux gives out memory, page by page',
  language: 'Language',
  kernel: 'Kernel',
  run: 'Run',
  trace: 'Trace',
  room: 'Live',
  file: 'Open',
  open: 'Open a run or trace…',
  openTitle: 'A run file, or a kernel trace and, with it, its starting state. Files can also be dropped on the page.',
  openShort: 'Open…',
  example: 'Example',
  sample: 'Real trace',
  theme: 'Light or dark',
  keys: 'Keys',
  close: 'Close',
  drop: 'Drop a run or a trace here',
  loading: 'Opening…',
  map: 'Page map',
  machine: (node: number, nodes: number, first: string, last: string, bytes: number) =>
    `${nodes > 1 ? `${nodes} nodes` : `Node ${node}`}, frames ${first} to ${last}, ${size(bytes)}.`,
  square: (frames: number) =>
    frames === 1
      ? 'One square is one page frame.'
      : `One dot is ${digits(frames)} page frames; the most telling one is drawn.`,
  mapHelp:
    'Arrow keys move from frame to frame, Page Up and Page Down by eight rows, Home and End to the ends; Escape lets go.',
  mapText: 'The map in words',
  frameColumn: 'Frames',
  countColumn: 'How many',
  stateColumn: 'State',
  moreRuns: (count: number) => `and ${many(count, 'more range', 'more ranges')}`,
  states: {
    hole: 'no memory',
    unknown: 'not known',
    reserved: 'reserved',
    'boot-free': 'free at boot',
    buddy: 'free, in buddy lists',
    pcp: 'free, in a per-CPU list',
    allocated: 'allocated',
    lost: 'lost',
  },
  statesShort: {
    hole: 'none',
    unknown: 'unknown',
    reserved: 'reserved',
    'boot-free': 'free',
    buddy: 'free',
    pcp: 'per-CPU',
    allocated: 'in use',
    lost: 'lost',
  },
  marks: {
    'two-owners': 'has two owners',
    'free-yet-owned': 'free, yet somebody owns it',
  },
  frame: (pfn: string) => `Frame ${pfn}`,
  frames: (first: string, last: string) => `Frames ${first} to ${last}`,
  framesOf: 'Frames of this operation',
  noFrames: 'This operation changed no frames.',
  pickFrame: 'Point at a frame, or move over the map with the arrow keys.',
  physical: 'physical',
  virtual: 'virtual',
  state: 'state',
  zone: 'zone',
  count: 'count',
  block: 'block',
  blockIs: (order: number, head: string) => `order ${order}, from ${head}`,
  owner: 'taken by',
  operation: (number: number) => `operation ${digits(number)}`,
  byOperation: (number: number) => `operation ${digits(number)}`,
  nobody: 'nobody',
  history: 'history',
  trouble: 'trouble',
  start: (frames: number) =>
    `Nothing has happened yet. This machine has ${many(frames, 'page frame', 'page frames')} of 4\u00a0KiB, and nobody has said which of them are free.`,
  startTrace: (frames: number) =>
    `Before the first line of the trace: ${many(frames, 'page frame', 'page frames')} of 4\u00a0KiB of a real machine.`,
  startHint: 'Press → for the first operation, ↓ to look inside it.',
  steps: 'Inside this operation',
  noSteps: 'Nothing has happened yet.',
  stepNumber: (number: number, total: number) => `Inner step ${digits(number)} of ${digits(total)}`,
  moreSteps: (count: number) => `${digits(count)} more`,
  source: 'Line of the source',
  structures: 'Free lists',
  lists: (zone: string) => `Free lists of ${zone}, head first`,
  noLists: 'No free lists yet: at boot one bitmap stands for them.',
  listsTrace: 'A trace tells who has which frame; it does not show the lists.',
  listEnd: {
    null: 'the list breaks off at NULL',
    loop: 'the list runs in a circle',
    other: 'the list runs into another',
  },
  order: (order: number) => `order ${order}`,
  blocks: (count: number) => many(count, 'block', 'blocks'),
  bitmap: (node: number) => `Boot bitmap of node ${node}`,
  bitmapKey: 'dark is 1, light is 0',
  watermarks: (zone: string) => (zone ? `Watermarks of ${zone}` : 'Watermarks'),
  noWatermarks: 'No zone has been set up.',
  watermarkLine: (free: number, min: number, low: number, high: number) =>
    `${digits(free)} free; min ${digits(min)}, low ${digits(low)}, high ${digits(high)}`,
  console: 'Kernel console',
  quiet: 'Nothing. The kernel has nothing to say.',
  noConsole: 'A trace of page events carries no messages.',
  numbers: 'This trace',
  numberNames: {
    lines: 'lines read',
    events: 'page events used',
    ignored: 'duplicates ignored',
    skipped: 'other lines skipped',
    lost: 'events lost by the kernel',
    failed: 'allocations that failed',
  },
  begin: 'It begins from',
  withStart: 'its kpageflags',
  withoutStart: 'what its events prove',
  time: 'Time: one tick an operation',
  first: 'To the beginning',
  back: 'Step back',
  into: 'Step into',
  step: 'Step',
  play: 'Play',
  pause: 'Pause',
  last: 'To the end',
  jump: 'Operation',
  of: (total: number) => `of ${digits(total)}`,
  inner: (number: number, total: number) => `inner step ${digits(number)} of ${digits(total)}`,
  speed: 'Speed',
  perSecond: (speed: number) => `${speed < 1 ? '½' : digits(speed)} a second`,
  announce: (number: number, total: number) => `Operation ${digits(number)} of ${digits(total)}.`,
  connecting: 'connecting',
  following: 'following',
  ended: 'the room has ended',
  gone: 'not connected',
  behind: (count: number) => `behind by ${digits(count)}`,
  failedToOpen: (name: string) => `${name} was not opened.`,
  failedRoom: 'The room could not be followed.',
  failedEngine: 'The engine stopped.',
  notFound: 'the file is not there',
  startAlone: 'This is the starting state of a trace. Choose it together with its trace.',
  keyList: [
    ['→ l', 'step to the end of the next operation'],
    ['← h', 'step back'],
    ['↓ j', 'step into the operation'],
    ['↑ k', 'one inner step back'],
    ['Space', 'play, pause'],
    ['Home End', 'to the beginning, to the end'],
    ['?', 'this list'],
    ['Esc', 'let go of the frame, close'],
  ] as [string, string][],
  onMap: 'On the map, the arrow keys, Page Up, Page Down, Home and End move from frame to frame.',
};

export type UiWords = Translated<typeof ui>;
