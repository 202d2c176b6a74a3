import { describe, expect, test } from 'vitest';
import { OUTCOMES, type OutcomeName } from '../../src/generated/tables.ts';
import { graver, markersOf, NO_MARKERS, nextMarker, previousMarker } from '../../src/ui/markers.ts';
import { entryAt, shapedTicks, ticksOf } from '../../src/ui/ticks.ts';

const outcomes = (...names: OutcomeName[]): Uint8Array => Uint8Array.from(names, (name) => OUTCOMES.indexOf(name));
const at = (entry: number, inner = 0) => ({ entry, inner });

describe('markers', () => {
  test('by what became of the operation', () => {
    const markers = markersOf(
      outcomes('done', 'failed', 'bug', 'nothing', 'stall', 'oops', 'panic', 'hang', 'done'),
      [8],
    );
    expect([...markers.entries]).toEqual([1, 2, 4, 5, 6, 7, 8]);
    expect([...markers.kinds]).toEqual([2, 0, 2, 0, 0, 0, 1]);
    expect(markers.counts).toEqual({ bug: 4, misuse: 1, failed: 2 });
  });

  test('where several reasons meet, by the gravest', () => {
    const markers = markersOf(outcomes('bug', 'failed', 'done'), [0, 1]);
    expect([...markers.kinds]).toEqual([0, 1]);
    expect(markers.counts).toEqual({ bug: 1, misuse: 1, failed: 0 });
  });

  test('what is not known yet is not marked', () => {
    expect(markersOf(Uint8Array.of(255, 255), []).entries).toHaveLength(0);
  });

  test('of two sides, the graver outcome', () => {
    const here = outcomes('done', 'failed', 'bug', 'done');
    const there = outcomes('failed', 'bug', 'failed', 'done');
    expect([...graver(here, there)]).toEqual([...outcomes('failed', 'bug', 'bug', 'done')]);
    expect([...graver(here, outcomes('bug'))]).toEqual([...outcomes('bug', 'failed', 'bug', 'done')]);
  });
});

describe('from marker to marker', () => {
  const markers = markersOf(outcomes('done', 'failed', 'done', 'bug', 'bug'), []);

  test('forwards, each once', () => {
    const places = [];
    for (let place = nextMarker(markers, at(0)); place; place = nextMarker(markers, place)) places.push(place.entry);
    expect(places).toEqual([2, 4, 5]);
  });

  test('backwards, each once', () => {
    const places = [];
    for (let place = previousMarker(markers, at(5)); place; place = previousMarker(markers, place))
      places.push(place.entry);
    expect(places).toEqual([4, 2]);
  });

  test('from inside a marked operation, its end is the next', () => {
    expect(nextMarker(markers, at(3, 2))).toEqual(at(4));
    expect(previousMarker(markers, at(3, 2))).toEqual(at(2));
    expect(previousMarker(markers, at(4, 1))).toEqual(at(4));
  });

  test('where there are none', () => {
    expect(nextMarker(NO_MARKERS, at(0))).toBeNull();
    expect(previousMarker(NO_MARKERS, at(3))).toBeNull();
  });
});

describe('the strip of time', () => {
  test('has a tick an operation where there is room', () => {
    expect(ticksOf(3, 100, markersOf(outcomes('done', 'bug', 'done'), []))).toEqual([
      { first: 0, end: 1, marker: null },
      { first: 1, end: 2, marker: 'bug' },
      { first: 2, end: 3, marker: null },
    ]);
  });

  test('joins many, loses none, and keeps every marker in sight', () => {
    for (const room of [1, 7, 30, 333]) {
      const all = new Uint8Array(1000);
      for (const entry of [0, 333, 777, 999]) all[entry] = OUTCOMES.indexOf('failed');
      const ticks = ticksOf(1000, room, markersOf(all, []));
      expect(ticks).toHaveLength(room);
      expect(ticks.reduce((sum, tick) => sum + tick.end - tick.first, 0)).toBe(1000);
      for (const [i, { first, end, marker }] of ticks.entries())
        expect(marker !== null, `tick ${i} of ${room}`).toBe([0, 333, 777, 999].some((e) => e >= first && e < end));
    }
  });

  test('of several in one tick the gravest is seen', () => {
    const ticks = ticksOf(4, 1, markersOf(outcomes('failed', 'done', 'bug', 'failed'), [1]));
    expect(ticks).toEqual([{ first: 0, end: 4, marker: 'bug' }]);
  });

  test('shapes have room, the gravest first', () => {
    const all = outcomes('failed', 'failed', 'bug', 'failed', 'failed', 'failed');
    const ticks = ticksOf(6, 100, markersOf(all, []));
    expect(shapedTicks(ticks, 1)).toEqual([2, 0, 1, 3, 4, 5]);
    expect(shapedTicks(ticks, 2)).toEqual([2, 0, 4]);
    expect(shapedTicks(ticks, 3)).toEqual([2, 5]);
  });

  test('is empty where nothing is', () => {
    expect(ticksOf(0, 30, NO_MARKERS)).toEqual([]);
  });

  test('a point of it is a place', () => {
    expect(entryAt(0.5, 10)).toBe(5);
    expect(entryAt(-1, 10)).toBe(0);
    expect(entryAt(2, 10)).toBe(10);
  });
});
