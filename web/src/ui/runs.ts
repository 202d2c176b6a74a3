/** The runs and the trace that ship with the page, in the order of the menu, by the kernel that each was written for. */
import { EXAMPLE, SAMPLE } from './fragment.ts';

export const RUN_GROUPS = [
  { kernel: 'linux-2.4.20', runs: [EXAMPLE, 'three-zones', 'two-nodes', 'misuse'] },
  { kernel: 'linux-2.6.10', runs: ['hot-and-cold', 'two-cpus', 'full-hot-list', 'protection', 'misuse-caught'] },
  { kernel: '', runs: [SAMPLE] },
] as const;
export type RunName = (typeof RUN_GROUPS)[number]['runs'][number];
const RUNS: readonly (string | null)[] = RUN_GROUPS.flatMap(({ runs }) => [...runs]);
export const isShipped = (name: string | null): name is RunName => RUNS.includes(name);
