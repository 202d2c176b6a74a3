/** Where a frame lies on a list: one place for the panels that say so. */
import type { ListView, View } from '../protocol.ts';

export interface ListPlace {
  /** Head first, counted from 1; null: farther back than the view tells. */
  place: number | null;
  length: number;
}

/** The place of a block on a list; null: the list is told whole, and the block is not on it. */
export function placeOn({ blocks, length }: Pick<ListView, 'blocks' | 'length'>, pfn: number): ListPlace | null {
  const at = blocks.indexOf(pfn);
  if (at >= 0) return { place: at + 1, length };
  return blocks.length < length ? { place: null, length } : null;
}

/** The place of a free block, by its first frame, on a list of its order, and that list's type; null also where several may have it. */
export function freePlace(
  view: Pick<View, 'zones'>,
  head: number,
  order: number,
): (ListPlace & { type: number }) | null {
  const zone = view.zones.find(({ start_pfn, size }) => head >= start_pfn && head - start_pfn < size);
  const places = (zone?.lists ?? []).flatMap((list) => {
    const place = list.order === order ? placeOn(list, head) : null;
    return place ? [{ ...place, type: list.type }] : [];
  });
  const [only] = places.length === 1 ? places : places.filter(({ place }) => place !== null);
  return only ?? null;
}
