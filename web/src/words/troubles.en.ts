import type { TroubleName } from '../generated/tables.ts';
import { type FrameView, NONE, type Trouble } from '../protocol.ts';
import type { List } from './facts.ts';
import { listName } from './lists.en.ts';
import { capital, frame, hex, type Part, p, small, span } from './parts.ts';

/** Why frames are lost, where the operation tells: freed with too small an order, or the kernel stopped on the way. */
export type Loss = 'order' | 'stopped' | '';
export type TroubleSentence = (trouble: Trouble, list: List, loss: Loss) => Part[];
export type TroubleTable = Record<TroubleName, TroubleSentence>;

const some = ({ pfn, count }: Trouble, one: string, many: string): Part[] =>
  count === 1 ? p`Frame ${frame(pfn)} ${one}` : p`Frames ${span(pfn, count)} ${many}`;
/** Behind which frame a ring breaks; at the head itself there is none. */
const behind = ({ pfn }: Trouble, word: string): Part[] => (pfn === NONE ? [] : p` ${word} frame ${frame(pfn)}`);

const LOSS: Record<Loss, string> = {
  order: 'given back with a smaller order than taken with; ',
  stopped: 'given up, but the kernel stopped before the block was taken back; ',
  '': '',
};

/** One sentence for everything that can be wrong without the kernel noticing. */
export const troubles: TroubleTable = {
  'two-lists': (t) => p`${some(t, 'is', 'are')} free in two places at once: two callers will be given the same memory.`,
  'ring-null': (t, list) =>
    p`${capital(listName(list))} breaks off${behind(t, 'behind')}, at a link that leads nowhere: whoever goes on there faults.`,
  'ring-loop': (t, list) =>
    p`${capital(listName(list))} runs in a circle${behind(t, 'at')} and never comes back to its head: blocks behind it are out of reach.`,
  'ring-elsewhere': (t, list) => p`${capital(listName(list))} leads${behind(t, 'behind')} into another list.`,
  counter: (t, { zone }) => p`Zone ${zone} counts ${t.pfn} free frames, but its lists hold ${t.count}.`,
  'pcp-counter': (t, list) =>
    p`${capital(listName(list))} counts ${t.pfn} ${t.pfn === 1 ? 'frame' : 'frames'}, but holds ${t.count}.`,
  'below-zero': (t) =>
    p`${some(t, 'has a count', 'have counts')} below zero: freed once too often, and the kernel said nothing.`,
  lost: (t, _list, loss) =>
    p`${some(t, 'is', 'are')} lost: ${LOSS[loss]}nobody holds ${t.count === 1 ? 'it' : 'them'}, and no list does.`,
  'two-owners': (t) =>
    p`${some(t, 'has', 'have')} two owners: handed out while somebody still held ${t.count === 1 ? 'it' : 'them'}.`,
  'free-yet-owned': (t) =>
    p`${some(t, 'is', 'are')} free, while somebody still believes they own ${t.count === 1 ? 'it' : 'them'}.`,
};

/** What follows an operation's sentence where it brought trouble. */
export const newTroubles = (said: readonly Part[][], more: number, stopped: boolean): Part[] =>
  p`${stopped ? ' This is left behind:' : ' The kernel does not notice:'} ${said.flatMap((parts, i) => (i > 0 ? p` ${parts}` : small(parts)))}${more > 0 ? ` And ${more} more.` : ''}`;

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);

/**
 * In one sentence, why a frame is as it is. `latest`: the kind of the last event that was about it; `boot`: the operation by which the
 * boot allocator gave it out, 0: none did.
 */
export function why(state: string, frame: FrameView, marks: readonly string[], latest: string, boot: number): string {
  const operation = `operation ${frame.owner}`;
  if (marks.includes('two-owners')) return `Handed out to ${operation} while somebody else still held it.`;
  if (marks.includes('free-yet-owned')) return `Taken back while ${operation} still held it.`;
  if (frame.count !== undefined && frame.count < 0)
    return `Freed ${times(-frame.count)} too often; the kernel said nothing.`;
  switch (state) {
    case 'hole':
      return 'There is no memory here.';
    case 'reserved':
      if (boot > 0)
        return `The boot allocator gave it out in operation ${boot}${frame.zone ? ', and the page allocator never got it' : ': its bit in the boot bitmap is 1'}.`;
      return frame.zone ? 'Reserved: the page allocator never got it.' : 'Its bit in the boot bitmap is 1.';
    case 'boot-free':
      return 'Its bit in the boot bitmap is 0: the boot allocator may give it out.';
    case 'buddy':
      return 'Nobody owns it: it is part of a block on the free lists.';
    case 'pcp':
      return 'Nobody owns it: a CPU keeps it for quick reuse, outside the buddy lists.';
    case 'lost':
      return latest === 'given_up'
        ? 'Its last reference is gone, but the kernel has not taken it back: nobody holds it, and no list does.'
        : 'Its block was given back with a smaller order than it was taken with: nobody holds it, and no list does.';
    case 'allocated':
      if (frame.owner <= 0) return 'Somebody owns it; who took it is not told.';
      return frame.order > 0
        ? `Taken by ${operation}, with ${2 ** frame.order} frames from ${hex(frame.head)} on, and not given back.`
        : `Taken by ${operation}, and not given back.`;
    default:
      return 'No event has told of it.';
  }
}
