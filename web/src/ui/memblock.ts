/** What memblock knows, and how far its hand-over to the page allocator has come. */
import { PAGE_SIZE } from '../generated/tables.ts';
import type { ByteRange, SourceInfo, View } from '../protocol.ts';
import { num } from '../words/facts.ts';
import type { Range } from './touched.ts';

/** A block that went to a list: its order, as it was freed, and its first frame. */
export interface FreedBlock {
  pfn: number;
  order: number;
}

export interface HandOver {
  /** Memory that is not reserved, in whole frames: what is handed over, piece by piece. */
  pieces: Range[];
  /** Frames handed over so far, and pieces begun. */
  frames: number;
  begun: number;
  /** The piece under way, and the blocks of it that are freed; null before the first and after the last. */
  current: { piece: Range; blocks: FreedBlock[] } | null;
}

/** What of `memory` no reserved range covers, cut to whole frames. */
export function freePieces(memory: readonly ByteRange[], reserved: readonly ByteRange[]): Range[] {
  const taken = [...reserved].sort((a, b) => a.addr - b.addr);
  const out: Range[] = [];
  const add = (from: number, to: number): void => {
    const [first, end] = [Math.ceil(from / PAGE_SIZE), Math.floor(to / PAGE_SIZE)];
    if (end > first) out.push([first, end - first]);
  };
  for (const { addr, size } of [...memory].sort((a, b) => a.addr - b.addr)) {
    let at = addr;
    for (const one of taken) {
      if (one.addr >= addr + size) break;
      if (one.addr + one.size <= at) continue;
      if (one.addr > at) add(at, one.addr);
      at = Math.max(at, one.addr + one.size);
    }
    add(at, addr + size);
  }
  return out;
}

/** Of the events shown: the piece begun last, and the blocks freed since. */
function underWay(view: Pick<View, 'events' | 'happened'>): HandOver['current'] {
  const past = view.events.slice(0, view.happened);
  const at = past.findLastIndex(({ kind }) => kind === 'memblock_piece');
  const piece = past[at];
  if (!piece) return null;
  const blocks = past
    .slice(at)
    .filter(({ kind }) => kind === 'taken_back')
    .map((event) => ({ pfn: num(event, 'pfn'), order: num(event, 'order') }));
  return { piece: [num(piece, 'pfn'), num(piece, 'count')], blocks };
}

/** null: memblock is not there, or has retired and this place is not about that. */
export function handOver(
  source: Pick<SourceInfo, 'memblock'>,
  view: Pick<View, 'zones' | 'events' | 'happened' | 'place'>,
): HandOver | null {
  const { memblock } = source;
  if (!memblock) return null;
  const frames = view.zones.reduce((sum, { managed }) => sum + managed, 0);
  const isAbout = view.events.some(({ kind }) => kind === 'memblock_piece');
  if (frames > 0 && !isAbout) return null;
  const pieces = freePieces(memblock.memory, memblock.reserved);
  let begun = 0;
  for (let sum = 0; begun < pieces.length && sum < frames; begun++) sum += pieces[begun]?.[1] ?? 0;
  const current = view.place.inner > 0 ? underWay(view) : null;
  if (current) begun = Math.max(begun, 1 + pieces.findIndex(([first]) => first === current.piece[0]));
  return { pieces, frames, begun, current };
}
