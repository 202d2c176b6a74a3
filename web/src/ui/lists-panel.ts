/** The elements of the panel of lists: boot bitmaps, free and per-CPU lists, pair bits and counts, or a trace's numbers. */
import { BootBitmap } from './boot-bitmap.ts';
import { CpuLists } from './cpu-lists.ts';
import { FreeLists } from './free-lists.ts';
import { MemblockView } from './memblock-view.ts';
import { Numbers } from './numbers.ts';
import { PairBits } from './pair-bits.ts';
import { PerCpuLists } from './per-cpu-lists.ts';
import { ReferenceCounts } from './reference-counts.ts';
import { Structures } from './structures.ts';

export const parts = [
  BootBitmap,
  MemblockView,
  Structures,
  PerCpuLists,
  CpuLists,
  FreeLists,
  PairBits,
  ReferenceCounts,
  Numbers,
];
