import { describe, expect, test } from 'vitest';
import { alteredAt, stepsBetween } from '../../src/map/happened.ts';
import { eased, halves, type Step, stepsAt, stepsDuration } from '../../src/map/motion.ts';
import type { Ev } from '../../src/protocol.ts';

describe('splits and merges', () => {
  const steps: Step[] = Array.from({ length: 3 }, (_, i) => ({ kind: 'split', pfn: 64 * i, order: 5 }));

  test('are seen one after another, and end', () => {
    const total = stepsDuration(steps.length);
    expect(stepsDuration(0)).toBe(0);
    expect(stepsAt(steps, 0).map(({ step }) => step.pfn)).toEqual([0]);
    expect(stepsAt(steps, total - 1).map(({ step }) => step.pfn)).toEqual([128]);
    expect(stepsAt(steps, total)).toEqual([]);
  });

  test('many of them take no longer than is bearable', () => {
    expect(stepsDuration(500)).toBeLessThanOrEqual(1500);
  });

  test('a split goes apart, a merge together', () => {
    const early = (kind: Step['kind']): number => stepsAt([{ kind, pfn: 0, order: 3 }], 1)[0]?.apart ?? -1;
    expect(early('split')).toBeLessThan(0.1);
    expect(early('merge')).toBeGreaterThan(0.9);
  });

  test('halves leave each other where they touch, and nowhere else', () => {
    const beside = halves(
      [
        { x: 0, y: 0, width: 40, height: 40 },
        { x: 40, y: 0, width: 40, height: 40 },
      ],
      1,
      6,
    );
    expect(beside).toEqual([
      { x: 0, y: 0, width: 34, height: 40 },
      { x: 46, y: 0, width: 34, height: 40 },
    ]);
    const above = halves(
      [
        { x: 0, y: 40, width: 80, height: 40 },
        { x: 0, y: 0, width: 80, height: 40 },
      ],
      1,
      6,
    );
    expect(above).toEqual([
      { x: 0, y: 0, width: 80, height: 34 },
      { x: 0, y: 46, width: 80, height: 34 },
    ]);
  });

  test('movement begins and ends slowly', () => {
    expect([eased(-1), eased(0), eased(0.5), eased(1), eased(2)]).toEqual([0, 0, 0.5, 1, 1]);
    expect(eased(0.1)).toBeLessThan(0.1);
  });
});

describe('what an operation did', () => {
  const events: Ev[] = [
    { kind: 'op_begin', number: 1 },
    { kind: 'split', pfn: 0x180, buddy: 0x1c0, order: 6 },
    { kind: 'split', pfn: 0x1c0, buddy: 0x1e0, order: 5 },
    { kind: 'handed_out', pfn: 0x1f8, order: 3 },
    { kind: 'op_end' },
  ];
  const view = (place: { entry: number; inner: number }, happened: number) => ({
    events,
    eventsFirst: 0,
    eventsEntry: 4,
    happened,
    place,
  });

  test('one step over it shows all its splits', () => {
    const steps = stepsBetween({ entry: 4, inner: 0 }, view({ entry: 5, inner: 0 }, 5));
    expect(steps).toEqual([
      { kind: 'split', pfn: 0x180, order: 6 },
      { kind: 'split', pfn: 0x1c0, order: 5 },
    ]);
  });

  test('a step inside it shows its own, and the rest comes later', () => {
    expect(stepsBetween({ entry: 4, inner: 1 }, view({ entry: 4, inner: 2 }, 2))).toHaveLength(1);
    expect(stepsBetween({ entry: 4, inner: 2 }, view({ entry: 5, inner: 0 }, 5))).toHaveLength(1);
    expect(stepsBetween({ entry: 4, inner: 3 }, view({ entry: 5, inner: 0 }, 5))).toEqual([]);
  });

  test('no jump, and no way back, shows any', () => {
    expect(stepsBetween({ entry: 2, inner: 0 }, view({ entry: 5, inner: 0 }, 5))).toEqual([]);
    expect(stepsBetween({ entry: 6, inner: 0 }, view({ entry: 5, inner: 0 }, 5))).toEqual([]);
    expect(stepsBetween({ entry: 4, inner: 3 }, view({ entry: 4, inner: 2 }, 2))).toEqual([]);
    expect(stepsBetween(null, view({ entry: 5, inner: 0 }, 5))).toEqual([]);
  });

  test('the frames it changed are those of its events about frames, as far as they have happened', () => {
    expect(alteredAt({ events, happened: 5 })).toEqual([[0x1f8, 8]]);
    expect(alteredAt({ events, happened: 3 })).toEqual([]);
  });
});
