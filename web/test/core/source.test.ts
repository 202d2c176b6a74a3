import { describe, expect, test, vi } from 'vitest';
import { Engine } from '../../src/core/engine.ts';
import { openRun, type Source } from '../../src/core/index.ts';
import { STATES } from '../../src/generated/tables.ts';
import { freePlace } from '../../src/ui/list-place.ts';
import { bytesOf, EXAMPLE, engineModule } from './helpers.ts';

const example = async (): Promise<Source> => openRun(await engineModule(), EXAMPLE, bytesOf(EXAMPLE));

/** A place as a whole, to be held against the same place reached in another way. */
const place = (source: Source, entry: number, inner = 0): string => JSON.stringify(source.at(entry, inner, true));

test('the example boots, retires its boot map and lends eight pages', async () => {
  const source = await example();
  expect(source.describe()).toMatchObject({
    kind: 'run',
    frames: 1024,
    length: 13,
    nodes: [{ start_pfn: 0, pages: 1024 }],
  });
  const booted = source.at(3, 0, false);
  expect(booted.boots[0]?.reserved).toEqual([[0x97, 0x100 - 0x97]]);
  expect(booted.zones).toEqual([]);
  const lent = source.at(12, 0, false);
  expect(lent.boots).toEqual([]);
  const got = lent.events.find((event) => event.kind === 'handed_out');
  expect(got).toMatchObject({ order: 3, pfn: 0x1f8 });
  expect(lent.zones[0]?.lists.map((list) => list.length)).toEqual([1, 2, 1, 1, 1, 1, 1, 0, 0, 1]);
  expect(lent.zones[0]?.lists.every((list) => list.end === 'whole')).toBe(true);
  expect(lent.counts[STATES.indexOf('allocated')]).toBe(8);
  const back = source.at(13, 0, false);
  expect(back.counts[STATES.indexOf('allocated')]).toBe(0);
  expect(back.zones[0]?.free_pages).toBe((lent.zones[0]?.free_pages ?? 0) + 8);
});

test('the engine’s memory may grow, and its records move, whenever it is told who asked for which type', async () => {
  const really = Engine.prototype.ask;
  const grown = vi.spyOn(Engine.prototype, 'ask').mockImplementation(function (this: Engine, ...told) {
    (this as unknown as { memory: WebAssembly.Memory }).memory.grow(1);
    return really.apply(this, told);
  });
  const run = { format: 'pageframe-run/1', kernel: 'linux-6.1', machine: { nodes: [{ start_pfn: 0, pages: 4096 }] } };
  const lines = [
    JSON.stringify({ ...run, memory: [[0, 4096 * 4096]] }),
    '{"op":"boot"}',
    '{"op":"alloc_page","gfp":"GFP_KERNEL","as":"one"}',
    '{"op":"__free_page","page":"one"}',
  ];
  const source = await openRun(await engineModule(), 'run', new TextEncoder().encode(lines.join('\n')));
  expect(grown).toHaveBeenCalledTimes(2);
  expect(source.length).toBe(3);
  grown.mockRestore();
});

test('the console holds the BUG() from the event on that said it', async () => {
  const source = await example();
  const all = source.at(13, 0, false).console;
  expect(all).toMatchObject([
    { entry: 6, event: { kind: 'bug', bug: 'free_bootmem: page is already free', pfn: 0x200 } },
  ]);
  expect(source.at(6, 0, false).console).toEqual([]);
  const during = source.at(6, 0, false).innerTotal;
  const said = Array.from({ length: during }, (_, inner) => source.at(6, inner, false).console.length);
  expect(said).toEqual([...said].sort());
  expect(said.at(-1)).toBe(1);
});

test('a view names its source line', async () => {
  const source = await example();
  const view = source.at(2, 0, false);
  expect(view.lineNumber).toBe(3);
  expect(view.line).toContain('"op":"free_bootmem","addr":0');
});

describe('any way to a place ends in the same place', () => {
  test('every place of the example, there and back', async () => {
    const source = await example();
    const places: [number, number][] = [];
    for (let entry = 0; entry <= source.length; entry++) {
      const total = source.at(entry, 0, false).innerTotal;
      for (let inner = 0; inner < Math.max(1, Math.min(total, 40)); inner++) places.push([entry, inner]);
    }
    const forwards = places.map(([entry, inner]) => place(source, entry, inner));
    const backwards = places.toReversed().map(([entry, inner]) => place(source, entry, inner));
    expect(backwards.toReversed()).toEqual(forwards);
  });

  test('seek(n) is a fresh run to n', async () => {
    const module = await engineModule();
    const file = 'tests/golden/linux-2.4.20/buddy-orders.jsonl.gz';
    const whole = await openRun(module, file, bytesOf(file));
    const text = await new Response(
      new Blob([bytesOf(file).slice()]).stream().pipeThrough(new DecompressionStream('gzip')),
    ).text();
    const lines = text.trimEnd().split('\n');
    for (const n of [1, 17, 63, 120]) {
      const line = whole.at(n, 0, false).lineNumber;
      const fresh = await openRun(module, file, new TextEncoder().encode(lines.slice(0, line).join('\n')));
      expect(fresh.length).toBe(n);
      expect(fresh.at(n, 0, true).digest).toBe(whole.at(n, 0, true).digest);
    }
  });
});

test('inner steps lead from one operation to the next', async () => {
  const source = await example();
  const total = source.at(11, 0, false).innerTotal;
  expect(source.at(11, total, false).place).toEqual({ entry: 12, inner: 0 });
  expect(source.at(11, -1, false).place).toEqual({ entry: 12, inner: 0 });
  const half = source.at(11, 5, false);
  expect(half).toMatchObject({ place: { entry: 11, inner: 5 }, eventsEntry: 11, happened: 5, eventsTotal: total });
  expect(source.at(99, 3, false).place).toEqual({ entry: 13, inner: 0 });
});

test('over a call inside an operation: to the next call that it makes, or to its end', async () => {
  const source = await openRun(await engineModule(), 'misuse', bytesOf('web/public/examples/misuse.jsonl'));
  const calls = source.engine
    .events(0, source.engine.seek(0, 0xffffffff).count)
    .flatMap((event, i) => (event.kind === 'calls' ? [i] : []));
  expect(calls.length).toBeGreaterThan(10);
  const stops = [];
  for (let place = { entry: 0, inner: 1 }; place.entry === 0; place = source.afterCall(place)) stops.push(place.inner);
  expect(stops).toEqual(calls);
  expect(source.afterCall({ entry: 0, inner: 0 })).toEqual({ entry: 1, inner: 0 });
  expect(source.afterCall({ entry: source.length, inner: 0 })).toEqual({ entry: source.length, inner: 0 });
});

test('of a long operation the events around the place are shown, and always its own begin and end', async () => {
  const source = await example();
  const total = source.at(10, 0, false).innerTotal;
  expect(total).toBeGreaterThan(5000);
  const middle = source.at(10, 4000, false);
  expect(middle.events).toHaveLength(512);
  expect(middle.eventsFirst + middle.happened).toBe(4000);
  expect(middle.operation.map((event) => event.kind)).toEqual(['op_begin', 'op_end']);
  expect(middle.operation[1]).toMatchObject({ outcome: 'done', result: 'pages' });
});

test('a frame tells its state and its history', async () => {
  const source = await example();
  source.at(12, 0, false);
  expect(source.frame(0x1fa)).toMatchObject({
    state: STATES.indexOf('allocated'),
    order: 3,
    head: 0x1f8,
    owner: 12,
    zone: 'DMA',
  });
  expect(source.frame(4096)).toBeNull();
  expect(source.history(0x1fa, 12).at(-1)).toEqual({ entry: 11, kind: 'handed_out', op: '__get_free_pages' });
  expect(source.history(0x1fa, 13).at(-1)).toEqual({ entry: 12, kind: 'taken_back', op: 'free_pages' });
  const atBoot = source.history(0x3, 9).map(({ entry, kind }) => `${entry} ${kind}`);
  expect(atBoot).toEqual(['1 boot_bits_cleared', '7 frames_are', '8 boot_bits_set', '8 boot_handed_out']);
});

test('a frame tells who has it and by which call, what happened to it, and where it lies on a list', async () => {
  const source = await example();
  const view = source.at(12, 0, false);
  const lent = source.frame(0x1fb);
  expect(lent).toMatchObject({ order: 3, head: 0x1f8, owner: 12, count: 0, reserved: false });
  expect(source.operationOf(lent?.owner ?? 0)[0]).toMatchObject({
    kind: 'op_begin',
    op: '__get_free_pages',
    number: 12,
  });
  expect(source.operationOf(0)).toEqual([]);
  expect(source.operationOf(14)).toEqual([]);
  source.at(12, 0, false);
  expect(source.history(0x1fb, 12).at(-1)).toEqual({ entry: 11, kind: 'handed_out', op: '__get_free_pages' });
  const list = view.zones[0]?.lists.find(({ blocks }) => blocks.length === 2);
  const [first = 0, second = 0] = list?.blocks ?? [];
  for (const [i, head] of [first, second].entries()) {
    const free = source.frame(head + 2 ** (list?.order ?? 0) - 1);
    expect(free).toMatchObject({ head, order: list?.order });
    expect(freePlace(view, free?.head ?? 0, free?.order ?? 0)).toMatchObject({ place: i + 1, length: 2 });
  }
});
