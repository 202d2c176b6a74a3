/** What the chart of free memory draws and says: areas on top of each other, two indices, and the numbers of the present place. */
import { externalFragmentation, freePages, unusableFreeSpace } from '../core/fragmentation.ts';
import { countBefore } from '../core/search.ts';
import { STATES } from '../generated/tables.ts';
import type { FreeList, FreeMemory, PcpList, View } from '../protocol.ts';

export interface Layers {
  /** Pages from the bottom up to the upper edge of each area: all that is free first, then what lies in blocks of order 1 and larger, ... */
  areas: Float64Array[];
  /** Edge of all areas with the frames on CPUs' own lists on top; null where there are none. */
  withCpus: Float64Array | null;
  counted: Float64Array;
  unusable: (number | null)[];
  /** null where a request would not fail. */
  external: (number | null)[];
  /** Pages at the lower and the upper edge: of a trace, where little of all memory moves, no more than that. */
  edges: [number, number];
  mostOnCpus: number;
}

/** Free blocks by order, at each place. */
const blocksOver = ({ blocks, freePages: { length } }: FreeMemory): number[][] =>
  Array.from({ length }, (_, row) => blocks.map((counts) => Math.max(0, counts[row] ?? 0)));

const unusableOf = (free: number[][], order: number): (number | null)[] =>
  free.map((now) => (freePages(now) > 0 ? unusableFreeSpace(now, order) : null));

/** The unusable free space index at each place; null where nothing is free. */
export function unusableOver(memory: FreeMemory, order: number): (number | null)[] {
  return unusableOf(blocksOver(memory), order);
}

/** The number of the last of the rising places that is not behind `entry`; 0: none is. */
export function lastUpTo(places: Uint32Array, entry: number): number {
  return Math.max(0, countBefore(places.length, (i) => (places[i] ?? 0) <= entry) - 1);
}

export function layersOf(memory: FreeMemory, order: number): Layers {
  const { blocks, onCpus, freePages: counted } = memory;
  const free = blocksOver(memory);
  const areas = blocks.map((_, from) => Float64Array.from(free, (now) => freePages(now, from)));
  const isTrace = areas.length === 0;
  const top = areas[0] ?? Float64Array.from(counted);
  // There are few rows, however long the run is (core/samples.ts).
  const mostOnCpus = Math.max(0, ...onCpus);
  const withCpus = mostOnCpus > 0 ? top.map((pages, row) => pages + (onCpus[row] ?? 0)) : null;
  const edge = Math.max(1, ...(withCpus ?? top), ...counted);
  return {
    areas: isTrace ? [top] : areas,
    withCpus,
    counted: Float64Array.from(counted),
    edges: [isTrace ? Math.min(edge - 1, ...counted) : 0, edge],
    mostOnCpus,
    unusable: unusableOf(free, order),
    external: free.map((now) => {
      const index = externalFragmentation(now, order);
      return index < 0 || freePages(now) === 0 ? null : index;
    }),
  };
}

export interface Numbers {
  free: number;
  onCpus: number;
  /** Free blocks by order; empty for a trace. */
  blocks: number[];
}

const framesOn = (lists: readonly PcpList[]): number =>
  lists.reduce((frames, { length, order }) => frames + length * 2 ** order, 0);
const blocksOn = (lists: readonly FreeList[], order: number): number =>
  lists.reduce((blocks, list) => blocks + (list.order === order ? list.length : 0), 0);

/** At the present place, of one zone or of all; null where none is set up. */
export function numbersAt(view: View, zone: number | null, isTrace: boolean): Numbers | null {
  const of = (state: 'buddy' | 'pcp'): number => view.counts[STATES.indexOf(state)] ?? 0;
  if (isTrace) return { free: of('buddy'), onCpus: of('pcp'), blocks: [] };
  const zones = view.zones.filter((one) => one.size > 0 && (zone === null || one.zone === zone));
  if (zones.length === 0) return null;
  const sum = (part: (one: (typeof zones)[number]) => number): number => zones.reduce((all, one) => all + part(one), 0);
  return {
    free: sum((one) => one.free_pages),
    onCpus: sum((one) => framesOn(one.pcp.flatMap(({ lists }) => lists))),
    blocks: (zones[0]?.nr_free ?? []).map((_, order) => sum((one) => blocksOn(one.lists, order))),
  };
}
