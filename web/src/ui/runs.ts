/** The runs and the trace that ship with the page, in the order of the menu. */
import { EXAMPLE, SAMPLE } from './fragment.ts';

export const RUNS = [EXAMPLE, 'three-zones', 'two-nodes', 'misuse', SAMPLE] as const;
export type RunName = (typeof RUNS)[number];
export const isShipped = (name: string | null): name is RunName => (RUNS as readonly (string | null)[]).includes(name);
