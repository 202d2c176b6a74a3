import type { Translated } from './parts.ts';
import { size } from './ui.en.ts';

/** What the dialog of kernels and machines says, in English. The Russian table must have the same keys. */
export const machine = {
  machineTitle: 'Choose a kernel and a machine',
  machineBeside: 'Compare with the run on another machine',
  machineBesideHint: 'The same run, side by side: choose the machine that it is carried out on for comparison.',
  kernelStays: (kernel: string) =>
    `This run does not begin with a boot, or names frames by number, and every kernel gives out other frames: it stays on ${kernel}. A machine from below starts on the kernel you picked.`,
  kernelOfTrace: 'A trace stays what it is. A machine from below starts on the kernel you picked.',
  ownMachine: 'One of your own',
  ownHint: 'Sizes with their unit: 64 MiB, 640 KiB, or in bytes 0x100000.',
  nodesTitle: 'Nodes',
  reservedTitle: 'Reserved since boot',
  addNode: 'Add a node',
  addReserved: 'Add a reserved range',
  startField: 'begins at',
  sizeField: 'size',
  processors: 'Processors',
  cpusField: 'how many',
  bitsField: 'addresses',
  bits: (width: number) => `${width} bits`,
  remove: (what: string) => `Remove ${what}`,
  startMachine: 'Start this machine',
  formWrong: 'The machine cannot be made: see the fields.',
  fieldErrors: {
    size: (found: string) => `Expected a size with its unit, as 64 MiB, found "${found}".`,
    aligned: (found: string) => `Expected a multiple of 4 KiB, found "${found}".`,
    empty: () => 'Expected more than 0.',
    overlap: (found: string) => `Expected at least the end of the node before, found "${found}".`,
    end: (found: string, most: number) => `Expected an end of at most ${size(most)}, found a size of "${found}".`,
    cpus: (found: string) => `Expected a number from 1 to 256, found "${found}".`,
  },
};

export type MachineWords = Translated<typeof machine>;
