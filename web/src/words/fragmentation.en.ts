import type { Translated } from './parts.ts';
import { digits, many } from './ui.en.ts';

const list = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');

/** What the chart of several sides' fragmentation says, in English. The Russian table must have the same keys. */
export const fragmentation = {
  order: 'Order',
  unusable: 'Unusable free space',
  unusableTitle:
    'Unusable free space index: the share of free pages that lie in blocks too small for this order. 0: none of them; 1: all.',
  mixed: 'Mixed blocks',
  mixedTitle:
    'Blocks of 512 frames in which frames of a call without __GFP_MOVABLE lie among others that are free or movable.',
  index: (value: number) => value.toFixed(2),
  later: 'The chart comes when all of the run is compared.',
  says: (operation: number, order: number, sides: readonly string[]) =>
    `Fragmentation over time. After operation ${digits(operation)}, for a request of order ${order}: ${sides.join('; ')}.`,
  side: (name: string, unusable: string, mixed: number | null) =>
    `${name}: ${unusable} of the free pages unusable, ${mixed === null ? 'mixed blocks not counted' : many(mixed, 'mixed block', 'mixed blocks')}`,
  whyTitle: 'Why they differ',
  /** `frames`: that a block of the order has. */
  why: (order: number, frames: number) =>
    `A request of order ${order} needs ${many(frames, 'free frame', 'free frames')} in a row: one page that stays among them spoils the block. A block of 512 frames is mixed when a call without __GFP_MOVABLE has some of it, and the rest is free or movable.`,
  /** Kernels that keep types apart, and those that do not. */
  whyTypes: (apart: readonly string[], together: readonly string[]) =>
    `${list(apart)} ${apart.length > 1 ? 'gather' : 'gathers'} such pages in pageblocks of their own; ${list(together)} ${together.length > 1 ? 'put' : 'puts'} them wherever a block is free.`,
};

export type FragmentationWords = Translated<typeof fragmentation>;
