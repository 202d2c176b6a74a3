/**
 * What can stand beside a run, as a short text for links and messages: `linux-2.6.10` is the same run on that kernel, `@pc-16` on that
 * machine (ui/machine.ts), `linux-2.6.10@pc-16` on both, `before` what happened before the latest fork.
 */
import { KERNELS } from '../generated/tables.ts';
import { isMachine } from '../ui/machine.ts';

export const BEFORE = 'before';

/** Where the same run is carried out; null: where the run itself is. */
export interface Elsewhere {
  kernel: string | null;
  machine: string | null;
}

export const formatBeside = ({ kernel, machine }: Elsewhere): string =>
  `${kernel ?? ''}${machine === null ? '' : `@${machine}`}`;

/** null: the text names nothing that can be. */
export function parseBeside(text: string): Elsewhere | null {
  const [kernel = '', ...machines] = text.split('@');
  const machine = machines[0] ?? null;
  const isKernel = KERNELS.some(({ name }) => name === kernel) || (kernel === '' && machine !== null);
  const canBe = isKernel && machines.length < 2 && (machine === null || isMachine(machine));
  return canBe ? { kernel: kernel || null, machine } : null;
}
