/**
 * Rows of numbers, one for each place in time, in a memory that does not grow: where it is full, every second row goes, and from
 * then on only every second place is kept.
 */
export class Samples {
  /** Places from one kept row to the next. */
  stride = 1;
  /** Places so far, from 0 on. */
  places = 0;
  private rows = 0;
  private readonly cells: Int32Array;
  private readonly latest: Int32Array;
  private readonly width: number;
  private readonly capacity: number;

  constructor(width: number, capacity = 2048) {
    this.width = width;
    this.capacity = capacity;
    this.cells = new Int32Array(width * capacity);
    this.latest = new Int32Array(width);
  }

  /** The next place. */
  push(row: Int32Array): void {
    this.latest.set(row);
    if (this.places % this.stride === 0) {
      if (this.rows === this.capacity) this.thinOut();
      if (this.places % this.stride === 0) this.cells.set(row, this.rows++ * this.width);
    }
    this.places++;
  }

  /** Forgets the places from `places` on; `latest` is the last that stays. */
  truncate(places: number, latest: Int32Array): void {
    this.places = places;
    this.rows = Math.min(this.rows, Math.ceil(places / this.stride));
    this.latest.set(latest);
  }

  private thinOut(): void {
    const { width } = this;
    for (let row = 2; row < this.rows; row += 2)
      this.cells.copyWithin((row / 2) * width, row * width, (row + 1) * width);
    this.rows = Math.ceil(this.rows / 2);
    this.stride *= 2;
  }

  /** The places that are kept, and the latest. */
  kept(): Uint32Array {
    const places = Array.from({ length: this.rows }, (_, row) => row * this.stride);
    if (this.places - 1 > (places.at(-1) ?? -1)) places.push(this.places - 1);
    return Uint32Array.from(places);
  }

  /** A column at the places that are kept. */
  column(column: number): Int32Array {
    const places = this.kept();
    return Int32Array.from(places, (_, row) =>
      row < this.rows ? (this.cells[row * this.width + column] ?? 0) : (this.latest[column] ?? 0),
    );
  }
}
