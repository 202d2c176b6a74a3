/**
 * The runs and the trace that ship with the page, in the order of the menu, by the kernel that each was written for; and the kernels
 * beside which they are shown, where they are about a difference.
 */
import { EXAMPLE, SAMPLE } from './fragment.ts';

export const RUN_GROUPS = [
  { kernel: 'linux-2.4.20', beside: [], runs: [EXAMPLE, 'three-zones', 'two-nodes', 'misuse'] },
  {
    kernel: 'linux-2.6.10',
    beside: [],
    runs: ['hot-and-cold', 'two-cpus', 'full-hot-list', 'protection', 'misuse-caught'],
  },
  { kernel: 'linux-2.4.20', beside: ['linux-2.6.10'], runs: ['two-kernels'] },
  { kernel: 'linux-2.4.20', beside: ['linux-2.6.10', 'linux-6.1'], runs: ['three-eras', 'double-free'] },
  { kernel: 'linux-6.1', beside: [], runs: ['real-machine'] },
  { kernel: '', beside: [], runs: [SAMPLE] },
] as const;
export type RunName = (typeof RUN_GROUPS)[number]['runs'][number];
const RUNS: readonly (string | null)[] = RUN_GROUPS.flatMap(({ runs }) => [...runs]);
export const isShipped = (name: string | null): name is RunName => RUNS.includes(name);

/** The kernels to show a run beside. */
export function besideOf(run: RunName): readonly string[] {
  return RUN_GROUPS.find(({ runs }) => (runs as readonly string[]).includes(run))?.beside ?? [];
}
