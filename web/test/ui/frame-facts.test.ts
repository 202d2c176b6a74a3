import { describe, expect, test } from 'vitest';
import { firstHead, kernelInfo, NULL, POISON } from '../../src/core/kernel.ts';
import { KERNELS } from '../../src/generated/tables.ts';
import { targetOf, virtualOf } from '../../src/ui/frame-facts.ts';

const nodes = [
  { start_pfn: 0, pages: 1024 },
  { start_pfn: 2048, pages: 1024 },
];
const kernel = (name: string, bitsPerLong = 0) => {
  const table = KERNELS.find((one) => one.name === name);
  if (!table) throw new Error(name);
  return kernelInfo(table, { nodes, cpus: 2, bitsPerLong });
};

describe('the virtual address', () => {
  test('of a 32-bit kernel stands above its base', () => {
    expect(virtualOf({ pfn: 0x1f8, zone: 'DMA' }, kernel('linux-2.4.20'))).toEqual({ address: 0xc01f8000 });
  });

  test('there is none of HighMem, nor past the end of the addresses', () => {
    expect(virtualOf({ pfn: 0x200, zone: 'HighMem' }, kernel('linux-2.4.20'))).toBe('none');
    expect(virtualOf({ pfn: 0x3ffff }, kernel('linux-2.6.10'))).toEqual({ address: 0xfffff000 });
    expect(virtualOf({ pfn: 0x40000 }, kernel('linux-2.6.10'))).toBe('none');
  });

  test('of 64 bits counts from a base that nobody told', () => {
    expect(virtualOf({ pfn: 0x100000, zone: 'Normal' }, kernel('linux-2.6.10', 64))).toEqual({ offset: 0x100000000 });
    expect(virtualOf({ pfn: 2, zone: 'Movable' }, kernel('linux-6.1'))).toEqual({ offset: 0x2000 });
  });
});

describe('a link', () => {
  test('leads to a frame, to nowhere, or to a head that has a name', () => {
    const old = kernel('linux-2.4.20');
    const head = firstHead(old);
    expect(targetOf(0x40, old)).toEqual({ pfn: 0x40 });
    expect(targetOf(NULL, old)).toBe('NULL');
    expect(targetOf(POISON, old)).toBe('POISON');
    expect(targetOf(head + 3, old)).toMatchObject({ zone: 'DMA', node: 0, order: 3, cpu: null });
    const second = head + old.nrLists * (old.nrZoneTypes + 1);
    expect(targetOf(second, old)).toMatchObject({ zone: 'Normal', node: 1, order: 0 });
  });

  test('to the head of a list by type, and of one of a CPU', () => {
    const late = kernel('linux-6.1');
    const head = firstHead(late);
    expect(targetOf(head + 2 * late.nrTypes + 1, late)).toMatchObject({ order: 2, types: [1], cpu: null });
    const cpus = head + late.nrOrders * late.nrTypes;
    expect(targetOf(cpus + late.nrPcpLists + 4, late)).toMatchObject({ order: 1, types: [1], cpu: 1 });
  });
});
