/**
 * Which operations brought troubles: something that is wrong and that the kernel did not notice. Looking for troubles walks all of
 * memory, so in a long history of a large machine it is done after every second, fourth, ... entry only, and where there are new
 * ones, the entry that brought them is searched between two looks.
 */
import type { Trouble } from '../protocol.ts';
import { newTroubles } from './troubles.ts';

/** Frames walked, at the most, before the looks become rarer. */
const MOST_WALKED = 1 << 26;
const FEWEST_LOOKS = 64;
/** Looks between two looks: a history with more to search has more misuse than anybody reads. */
const MOST_SEARCHED = 1000;

interface Look {
  /** Entries that were over. */
  entry: number;
  troubles: readonly Trouble[];
}

export class MisuseWatch {
  /** Entries that brought troubles, in order. */
  readonly entries: number[] = [];
  private readonly most: number;
  private latest: Look;
  private stride = 1;
  private looks = 0;
  private readonly unsearched: [Look, Look][] = [];

  constructor(frames: number, troubles: readonly Trouble[] = []) {
    this.most = Math.max(FEWEST_LOOKS, Math.floor(MOST_WALKED / Math.max(1, frames)));
    this.latest = { entry: 0, troubles };
  }

  /** Entry number `entry` is over; `look` tells what is wrong now. */
  after(entry: number, look: () => readonly Trouble[]): void {
    if ((entry + 1) % this.stride !== 0) return;
    this.compare({ entry: entry + 1, troubles: look() });
    if (++this.looks < this.most) return;
    this.stride *= 2;
    this.looks /= 2;
  }

  /** Forgets the entries from `length` on; `look` tells what is wrong behind the last that stays. */
  truncate(length: number, look: () => readonly Trouble[]): void {
    while ((this.entries.at(-1) ?? -1) >= length) this.entries.pop();
    if (this.latest.entry > length) this.latest = { entry: length, troubles: look() };
  }

  private compare(now: Look): void {
    const before = this.latest;
    this.latest = now;
    if (newTroubles(before.troubles, now.troubles).length === 0) return;
    if (now.entry === before.entry + 1) this.entries.push(before.entry);
    else this.unsearched.push([before, now]);
  }

  /**
   * Searches between looks, and up to `length` where no more entries come. `lookAfter` goes to where so many entries are over and
   * tells what is wrong there; afterwards the source stands elsewhere. False: nothing was to be searched.
   */
  search(lookAfter: (entries: number) => readonly Trouble[], length = this.latest.entry): boolean {
    if (this.latest.entry < length) this.compare({ entry: length, troubles: lookAfter(length) });
    const isNeeded = this.unsearched.length > 0;
    for (let left = MOST_SEARCHED; left > 0 && this.unsearched.length > 0; left--) {
      const [before, after] = this.unsearched.shift() as [Look, Look];
      const entry = Math.floor((before.entry + after.entry) / 2);
      const middle = { entry, troubles: lookAfter(entry) };
      this.found(before, middle);
      this.found(middle, after);
    }
    this.entries.sort((a, b) => a - b);
    return isNeeded;
  }

  private found(before: Look, after: Look): void {
    if (newTroubles(before.troubles, after.troubles).length === 0) return;
    if (after.entry === before.entry + 1) this.entries.push(before.entry);
    else this.unsearched.unshift([before, after]);
  }
}
