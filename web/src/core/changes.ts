/**
 * Which frames may be different on the map after each entry of the timeline: learnt from its events once, so that going from one
 * place to another draws no more than lies between them.
 */
import { EVENTS, LAYOUT } from '../generated/tables.ts';
import type { Place } from '../protocol.ts';
import { united } from '../ui/touched.ts';
import { EVENT_BYTES, kindNumber } from './events.ts';

export type Range = [pfn: number, count: number];

/** Frames of the largest block there is. */
const LARGEST = 2 ** 10;
/**
 * How many frames an event changes, from its field `pfn` on: 2^order, a count, one; whole pageblocks; or the rest of the block they are in,
 * whatever its order, which who gives a part of it back loses whole. null: it changes no frame.
 */
const CHANGES = EVENTS.map(({ name: kind, layer, fields }) => {
  if (kind === 'given_up') return 'block';
  if (layer === 'decisions' || !fields.some(({ name }) => name === 'pfn')) return null;
  if (fields.some(({ name }) => name === 'order')) return 'order';
  if (fields.some(({ name }) => name === 'blocks')) return 'blocks';
  const isCounted = fields.some(({ name, type }) => type === 'U32' && (name === 'count' || name === 'frames'));
  return isCounted ? 'count' : 'one';
});
function framesOf(by: 'order' | 'count' | 'blocks' | 'block' | 'one', order: number, count: number): number {
  if (by === 'order') return 2 ** order;
  if (by === 'count') return count;
  if (by === 'blocks') return count * LARGEST;
  return by === 'block' ? LARGEST : 1;
}

/** After these any frame may look different. */
const ANY = new Set(['lost_events', 'boot_map_set_up', 'boot_map_gone', 'zone_set_up'].map(kindNumber));
/** Ranges kept for one entry: more than these are too many to be worth it. */
const MOST_RANGES = 64;
/** Entries that lie farther apart are drawn as a whole. */
const MOST_ENTRIES = 4096;
const MOST_ROWS = 1 << 22;

/** Ranges that touch become one where they follow each other, as an operation's mostly do. */
class Gathered {
  readonly ranges: Range[] = [];
  isAny = false;

  add(pfn: number, count: number): void {
    if (this.isAny || count === 0) return;
    for (let i = this.ranges.length - 1; i >= Math.max(0, this.ranges.length - 4); i--) {
      const range = this.ranges[i] as Range;
      const end = Math.max(pfn + count, range[0] + range[1]);
      if (pfn > range[0] + range[1] || range[0] > pfn + count) continue;
      range[0] = Math.min(pfn, range[0]);
      range[1] = end - range[0];
      return;
    }
    if (this.ranges.length === MOST_RANGES) this.isAny = true;
    else this.ranges.push([pfn, count]);
  }
}

export class Changes {
  /** Ranges of all entries, pfn and count, one after another; entry e has those from starts[e] on. */
  private rows = new Uint32Array(1024);
  private starts = new Uint32Array(1024);
  private nrRows = 0;
  private length = 0;
  private readonly anywhere = new Set<number>();

  /** Takes note of the next entry; `isWhole`: the records given are all it has. */
  learn(records: DataView, count: number, isWhole: boolean): void {
    const { s, a, b } = LAYOUT.pf_event;
    const found = new Gathered();
    found.isAny = !isWhole || this.nrRows >= MOST_ROWS;
    for (let i = 0, at = 0; i < count && !found.isAny; i++, at += EVENT_BYTES) {
      const kind = records.getUint8(at);
      if (ANY.has(kind)) found.isAny = true;
      const by = CHANGES[kind];
      if (!by) continue;
      found.add(
        records.getUint32(at + a, true),
        framesOf(by, records.getUint8(at + s), records.getUint32(at + b, true)),
      );
    }
    this.keep(found);
  }

  private keep(found: Gathered): void {
    const entry = this.length++;
    this.starts = grown(this.starts, this.length + 1);
    this.starts[entry] = this.nrRows;
    if (found.isAny) this.anywhere.add(entry);
    else {
      this.rows = grown(this.rows, 2 * (this.nrRows + found.ranges.length));
      for (const [pfn, count] of found.ranges) {
        this.rows[2 * this.nrRows] = pfn;
        this.rows[2 * this.nrRows + 1] = count;
        this.nrRows++;
      }
    }
    this.starts[this.length] = this.nrRows;
  }

  /** Forgets the entries from `length` on. */
  truncate(length: number): void {
    if (length >= this.length) return;
    this.length = length;
    this.nrRows = this.starts[length] ?? 0;
    for (const entry of this.anywhere) if (entry >= length) this.anywhere.delete(entry);
  }

  /** What may look different between two places; null: anything. */
  between(a: Place, b: Place): Range[] | null {
    const first = Math.min(a.entry, b.entry);
    const end = Math.max(a.entry + (a.inner > 0 ? 1 : 0), b.entry + (b.inner > 0 ? 1 : 0));
    if (end > this.length || end - first > MOST_ENTRIES) return null;
    for (let entry = first; entry < end; entry++) if (this.anywhere.has(entry)) return null;
    const out: Range[] = [];
    for (let row = this.starts[first] ?? 0; row < (this.starts[end] ?? 0); row++)
      out.push([this.rows[2 * row] ?? 0, this.rows[2 * row + 1] ?? 0]);
    // Entries change the same frames again and again.
    return end - first > 1 ? united(out) : out;
  }
}

function grown(from: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  if (needed <= from.length) return from;
  const larger = new Uint32Array(Math.max(needed, 2 * from.length));
  larger.set(from);
  return larger;
}
