import type { Translated } from './parts.ts';

/** What the list of keys says, in English. The Russian table must have the same keys. */
export const keys = {
  space: 'Space',
  characterKeys: 'Letters and signs are keys, too',
  keyActions: {
    step: 'step to the end of the next operation',
    back: 'step back',
    into: 'step into the operation',
    out: 'one inner step back',
    over: 'step over a call inside the operation',
    play: 'play, pause',
    first: 'to the beginning',
    last: 'to the end',
    jump: 'to an operation by its number',
    'next-mark': 'to the next marked operation',
    'previous-mark': 'to the marked operation before',
    'loop-from': 'repeat from here',
    'loop-to': 'repeat up to here',
    'loop-off': 'do not repeat',
    slower: 'slower',
    faster: 'faster',
    chart: 'the chart of free memory',
    side: 'the next side, where several are compared',
    call: 'the call box: make a call',
    code: 'the code: the run in C',
    keys: 'this list',
    'let-go': 'let go of the frame, leave a field, close',
  },
  onMap:
    'On the map, the arrow keys, Page Up, Page Down, Home and End move from frame to frame; + and - zoom, 0 shows everything, Shift with an arrow key moves the view.',
};

export type KeyWords = Translated<typeof keys>;
