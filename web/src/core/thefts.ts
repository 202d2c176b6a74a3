/**
 * Requests that had to borrow from another type, as the events tell of them: where in the timeline, who from whom, and what became of the
 * pageblock. Kept as records, since a long history has many.
 */
import { LAYOUT } from '../generated/tables.ts';
import type { Theft } from '../protocol.ts';
import { decode, EVENT_BYTES, kindNumber } from './events.ts';
import { countBefore } from './search.ts';

const EXTFRAG = kindNumber('extfrag');
/** The event that says what was taken. */
const TAKEN = new Set(['pageblock_stolen', 'block_stolen'].map(kindNumber));
/** Words of a row: entry, number of the event that ended it, and the two records. */
const ROW = 2 + (2 * EVENT_BYTES) / 4;
const { kind: KIND } = LAYOUT.pf_event;

export class Thefts {
  private rows = new Uint32Array(64 * ROW);
  private length = 0;
  private isOpen = false;

  /** The next event of an entry, number `index` of it. */
  take(entry: number, index: number, kind: number, records: DataView, at: number): void {
    if (kind === EXTFRAG) {
      this.put(entry, index, records, at);
      this.isOpen = true;
    } else if (this.isOpen && TAKEN.has(kind)) {
      const row = (this.length - 1) * ROW;
      this.rows[row + 1] = index;
      this.copy(row + 2 + EVENT_BYTES / 4, records, at);
      this.isOpen = false;
    }
  }

  private put(entry: number, index: number, records: DataView, at: number): void {
    const row = this.length * ROW;
    if (row === this.rows.length) {
      const larger = new Uint32Array(row * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows.fill(0, row, row + ROW);
    this.rows[row] = entry;
    this.rows[row + 1] = index;
    this.copy(row + 2, records, at);
    this.length++;
  }

  private copy(to: number, records: DataView, at: number): void {
    for (let i = 0; i < EVENT_BYTES / 4; i++) this.rows[to + i] = records.getUint32(at + 4 * i, true);
  }

  /** Forgets the entries from `length` on. */
  truncate(length: number): void {
    this.length = this.before(length, 0);
    this.isOpen = false;
  }

  /** How many there were before event `inner` of entry `entry`. */
  private before(entry: number, inner: number): number {
    return countBefore(this.length, (theft) => {
      const at = this.rows[theft * ROW] ?? 0;
      return at < entry || (at === entry && (this.rows[theft * ROW + 1] ?? 0) < inner);
    });
  }

  /** Those up to a place, the latest `most` of them, latest last; and how many there are. */
  upTo(entry: number, inner: number, most: number): { thefts: Theft[]; total: number } {
    const total = this.before(entry, inner);
    const first = Math.max(0, total - most);
    return { thefts: Array.from({ length: total - first }, (_, i) => this.theft(first + i)), total };
  }

  private theft(number: number): Theft {
    const row = number * ROW;
    const records = new DataView(this.rows.buffer, (row + 2) * 4, 2 * EVENT_BYTES);
    const taken = records.getUint8(EVENT_BYTES + KIND);
    return {
      entry: this.rows[row] ?? 0,
      inner: (this.rows[row + 1] ?? 0) + 1,
      asked: decode(records, 0),
      taken: taken === 0 ? null : decode(records, EVENT_BYTES),
    };
  }
}
