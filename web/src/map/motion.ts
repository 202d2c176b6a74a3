/** Movement: how far something has come at a time, and what is seen of splits and merges. Knows no clock and no canvas. */
import type { Rect } from './plan.ts';

/** Milliseconds that a change of layout takes. */
export const CHANGE = 420;
/** That a split or a merge takes, and how long after the one before it begins; all together they take no longer than ALL_STEPS. */
const STEP = 320;
const STAGGER = 140;
const ALL_STEPS = 1500;

/** 0 .. 1, slow at both ends. */
export function eased(part: number): number {
  const t = Math.min(1, Math.max(0, part));
  return t * t * (3 - 2 * t);
}

/** A block of 2^(order + 1) frames that became two, or two that became one; pfn is the first frame of both. */
export interface Step {
  kind: 'split' | 'merge';
  pfn: number;
  order: number;
}

export interface StepState {
  step: Step;
  /** How far apart the halves are: 0 together, 1 apart. */
  apart: number;
  /** How strongly it is drawn: 1 .. 0. */
  strength: number;
}

const stagger = (count: number): number => Math.min(STAGGER, (ALL_STEPS - STEP) / Math.max(1, count - 1));

/** Milliseconds for all of them. */
export const stepsDuration = (count: number): number => (count === 0 ? 0 : STEP + stagger(count) * (count - 1));

/** What is seen `time` milliseconds after the first began. */
export function stepsAt(steps: readonly Step[], time: number): StepState[] {
  const every = stagger(steps.length);
  return steps.flatMap((step, i) => {
    const part = (time - i * every) / STEP;
    if (part < 0 || part >= 1) return [];
    const way = eased(Math.min(1, part * 1.6));
    return [{ step, apart: step.kind === 'split' ? way : 1 - way, strength: 1 - eased((part - 0.6) / 0.4) }];
  });
}

/** The two halves, at most `most` pixels nearer to their own middle than where they touch. */
export function halves([a, b]: readonly [Rect, Rect], apart: number, most: number): [Rect, Rect] {
  const isBeside = a.y === b.y;
  const gap = Math.min(most, (isBeside ? Math.min(a.width, b.width) : Math.min(a.height, b.height)) / 3) * apart;
  const [first, second] = (isBeside ? a.x < b.x : a.y < b.y) ? [a, b] : [b, a];
  return isBeside
    ? [
        { ...first, width: first.width - gap },
        { ...second, x: second.x + gap, width: second.width - gap },
      ]
    : [
        { ...first, height: first.height - gap },
        { ...second, y: second.y + gap, height: second.height - gap },
      ];
}
