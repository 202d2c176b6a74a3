/**
 * The runs and the trace that ship with the page, in the order of the menu, by the kernel that each was written for; and the kernel
 * beside which they are shown, where they are about a difference.
 */
import { EXAMPLE, SAMPLE } from './fragment.ts';

export const RUN_GROUPS = [
  { kernel: 'linux-2.4.20', beside: null, runs: [EXAMPLE, 'three-zones', 'two-nodes', 'misuse'] },
  {
    kernel: 'linux-2.6.10',
    beside: null,
    runs: ['hot-and-cold', 'two-cpus', 'full-hot-list', 'protection', 'misuse-caught'],
  },
  { kernel: 'linux-2.4.20', beside: 'linux-2.6.10', runs: ['two-kernels'] },
  { kernel: '', beside: null, runs: [SAMPLE] },
] as const;
export type RunName = (typeof RUN_GROUPS)[number]['runs'][number];
const RUNS: readonly (string | null)[] = RUN_GROUPS.flatMap(({ runs }) => [...runs]);
export const isShipped = (name: string | null): name is RunName => RUNS.includes(name);

/** The kernel to show a run beside; null: none. */
export function besideOf(run: RunName): string | null {
  return RUN_GROUPS.find(({ runs }) => (runs as readonly string[]).includes(run))?.beside ?? null;
}
