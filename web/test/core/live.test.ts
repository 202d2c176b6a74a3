import { deflateSync } from 'node:zlib';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Engine, LiveSource, openRun, type Socket, type Source } from '../../src/core/index.ts';
import { PROTOCOL_VERSION } from '../../src/generated/tables.ts';
import { bytesOf, EXAMPLE, engineModule } from './helpers.ts';
import { type Ev, toEvents } from './live-events.ts';

class FakeSocket implements Socket {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  says(message: unknown): void {
    const data =
      typeof message === 'string' ? message : JSON.stringify({ version: PROTOCOL_VERSION, ...(message as object) });
    this.onmessage?.({ data } as MessageEvent);
  }

  hangsUp(): void {
    this.onclose?.({} as CloseEvent);
  }
}

const HELLO = {
  type: 'hello',
  name: 'example',
  about: '',
  chosen: [],
  kernel: 'linux-2.4.20',
  machine: { numa: false, cpus: 1, bits_per_long: 32, nodes: [{ id: 0, start_pfn: 0, pages: 1024 }] },
  layers: ['frames', 'structures', 'decisions'],
  operations: 13,
  rate: 10,
};

interface Room {
  socket: () => FakeSocket;
  live: LiveSource;
  opened: Source[];
  grown: { from: number; ended: boolean; connected: boolean }[];
  failures: string[];
  settle(): Promise<void>;
}

async function enter(module: WebAssembly.Module): Promise<Room> {
  const sockets: FakeSocket[] = [];
  const room = { opened: [] as Source[], grown: [] as Room['grown'], failures: [] as string[] };
  const live = new LiveSource(
    module,
    'ws://room',
    {
      opened: (source) => room.opened.push(source),
      grown: (state) => room.grown.push(state),
      failed: (message) => room.failures.push(message),
    },
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
  );
  const settle = (): Promise<void> => live.idle;
  return { ...room, live, socket: () => sockets[sockets.length - 1] as FakeSocket, settle };
}

let module: WebAssembly.Module;
/** The example's events by operation, what its map is after each, and its digest at the end. */
let batches: Ev[][];
let digest: string | undefined;

/** What the server would send as a snapshot after `entries` operations. */
function snapshot(entries: number): object {
  const engine = new Engine(module);
  const machine = {
    kernel: 1,
    numa: false,
    cpus: 0,
    names: 0,
    bitsPerLong: 0,
    smp: false,
    sizeofStructPage: 0,
    nodes: [{ start_pfn: 0, pages: 1024 }],
    memory: [],
    reserved: [],
  };
  engine.open(machine, 3, false);
  engine.begin();
  for (const batch of batches.slice(0, entries)) engine.appendEvents(batch.length, toEvents(batch));
  engine.seek(entries, 0);
  const bytes = engine.mapBytes();
  const sequence = batches.slice(0, entries).reduce((sum, batch) => sum + batch.length, 0);
  return { type: 'snapshot', sequence, entries, bytes: bytes.length, map: deflateSync(bytes).toString('base64') };
}

const message = (from: number, to: number): object => ({
  type: 'events',
  sequence: batches.slice(0, from).reduce((sum, batch) => sum + batch.length, 0),
  events: batches.slice(from, to).flat(),
});

const atEnd = (source: Source | undefined): string | undefined => source?.at(source.length, 0, true).digest;

beforeEach(async () => {
  module ??= await engineModule();
  if (batches) return;
  const source = await openRun(module, EXAMPLE, bytesOf(EXAMPLE));
  batches = Array.from({ length: source.length }, (_, entry) => {
    const { count } = source.engine.seek(entry, 0xffffffff);
    return source.engine.events(0, count);
  });
  digest = source.at(source.length, 0, true).digest;
});

describe('a room', () => {
  test('from the beginning ends with the digest of the run, in any cut', async () => {
    for (const cut of [1, 4, 13]) {
      const room = await enter(module);
      room.socket().says(HELLO);
      for (let i = 0; i < 13; i += cut) room.socket().says(message(i, i + cut));
      room.socket().says({ type: 'end', sequence: 0, digest });
      await room.settle();
      expect(room.failures).toEqual([]);
      expect(room.opened).toHaveLength(1);
      expect(room.opened[0]?.length).toBe(13);
      expect(room.grown.at(-1)).toEqual({ from: 13, ended: true, connected: true });
      expect(atEnd(room.opened[0])).toBe(digest);
    }
  });

  test('that has not begun yet shows the machine as it is before', async () => {
    const room = await enter(module);
    room.socket().says(HELLO);
    await room.settle();
    expect(room.opened).toEqual([]);
    await vi.waitFor(() => expect(room.opened).toHaveLength(1));
    expect(room.opened[0]?.at(0, 0, false).counts[1]).toBe(1024);
    room.socket().says(message(0, 13));
    await room.settle();
    expect(room.opened).toHaveLength(1);
    expect(atEnd(room.opened[0])).toBe(digest);
  });

  test('that begins with a state tells what of it was chosen', async () => {
    const room = await enter(module);
    room.socket().says({ ...HELLO, chosen: ['pcp', 'nonsense', 'order'] });
    room.socket().says(message(0, 1));
    await room.settle();
    expect(room.opened.at(-1)?.info.beginning).toEqual(['order', 'pcp']);
  });

  test('of two CPUs makes the map from what the hello says of the machine', async () => {
    const file = 'tests/golden/linux-2.6.10/buddy-smp.jsonl.gz';
    const run = await openRun(module, file, bytesOf(file));
    const hello = { ...HELLO, kernel: 'linux-2.6.10', machine: { ...HELLO.machine, cpus: 2 } };
    const room = await enter(module);
    room.socket().says(hello);
    let sequence = 0;
    for (let entry = 0; entry < run.length; entry++) {
      const events = run.engine.events(0, run.engine.seek(entry, 0xffffffff).count);
      room.socket().says({ type: 'events', sequence, events });
      sequence += events.length;
    }
    const own = atEnd(run);
    room.socket().says({ type: 'end', sequence, digest: own });
    await room.settle();
    expect(room.failures).toEqual([]);
    expect(atEnd(room.opened[0])).toBe(own);
    expect(room.opened[0]?.at(run.length, 0, false).zones[0]?.pcp).toHaveLength(4);
  });

  test('tells which operations brought troubles, and the free memory over time, as the run does', async () => {
    const file = 'web/public/examples/misuse.jsonl';
    const run = await openRun(module, file, bytesOf(file));
    const nodes = run.info.nodes;
    const room = await enter(module);
    room.socket().says({ ...HELLO, machine: { ...HELLO.machine, nodes } });
    let sequence = 0;
    for (let entry = 0; entry < run.length; entry++) {
      const events = run.engine.events(0, run.engine.seek(entry, 0xffffffff).count);
      room.socket().says({ type: 'events', sequence, events });
      sequence += events.length;
    }
    await room.settle();
    const source = room.opened[0];
    expect(source?.misused(0)).toEqual(run.misused(0));
    expect(run.misused(0).length).toBeGreaterThan(3);
    expect(source?.freeOverTime(null)).toEqual(run.freeOverTime(null));
  });

  test('a batch may end inside an operation', async () => {
    const room = await enter(module);
    const all = batches.flat();
    room.socket().says(HELLO);
    for (let i = 0; i < all.length; i += 1000)
      room.socket().says({ type: 'events', sequence: i, events: all.slice(i, i + 1000) });
    await room.settle();
    expect(room.opened[0]?.length).toBe(13);
    expect(atEnd(room.opened[0])).toBe(digest);
  });

  test('entered late begins from a snapshot and ends with the same digest', async () => {
    const room = await enter(module);
    room.socket().says(HELLO);
    room.socket().says(snapshot(11));
    room.socket().says(message(11, 13));
    await room.settle();
    expect(room.failures).toEqual([]);
    expect(room.opened).toHaveLength(1);
    const source = room.opened.at(-1);
    expect(source?.length).toBe(2);
    expect(source?.describe().first).toBe(11);
    expect(source?.at(2, 0, false).operation[0]).toMatchObject({ op: 'free_pages' });
    expect(atEnd(source)).toBe(digest);
  });

  test('entered late does not show the beginning while the snapshot is unpacked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const room = await enter(module);
      room.socket().says(HELLO);
      room.socket().says(snapshot(11));
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      vi.advanceTimersByTime(60_000);
      await room.settle();
      expect(room.failures).toEqual([]);
      expect(room.opened.map((source) => source.describe().first)).toEqual([11]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('with a gap asks for one snapshot, once, and goes on from there', async () => {
    const room = await enter(module);
    room.socket().says(HELLO);
    room.socket().says(message(0, 5));
    room.socket().says(message(6, 7));
    room.socket().says(message(7, 8));
    await room.settle();
    expect(room.socket().sent).toEqual([{ type: 'snapshot' }]);
    expect(room.opened).toHaveLength(1);
    room.socket().says(snapshot(9));
    room.socket().says(message(8, 13));
    await room.settle();
    expect(room.opened).toHaveLength(2);
    expect(room.opened[1]?.length).toBe(4);
    expect(atEnd(room.opened[1])).toBe(digest);
  });

  test.each([
    ['{', 'expected JSON, found another text'],
    [{ type: 'events', sequence: 0 }, 'message "events": field "events": expected an array'],
    [{ type: 'events', sequence: -1, events: [] }, 'message "events": field "sequence": expected a number'],
    [
      { type: 'events', sequence: 10, events: [{ kind: 'what' }, { kind: 'op_end' }] },
      'field "kind": expected a kind of event, found "what"',
    ],
    [
      { type: 'events', sequence: 10, events: [{ kind: 'op_begin', op: 'boot', colour: 1 }, { kind: 'op_end' }] },
      'field "colour": expected a field of op_begin, found 1',
    ],
    [
      { type: 'snapshot', sequence: 3, entries: 1, bytes: 4, map: 'AAAA' },
      'message "snapshot": field "map": expected zlib data in base64',
    ],
  ])('that says %j is told of, and survived by a snapshot', async (nonsense, complaint) => {
    const room = await enter(module);
    room.socket().says(HELLO);
    room.socket().says(message(0, 2));
    await room.settle();
    expect(batches.slice(0, 2).flat()).toHaveLength(10);
    room.socket().says(nonsense);
    await room.settle();
    expect(room.failures).toEqual([`ws://room: ${complaint}`]);
    expect(room.socket().sent).toEqual([{ type: 'snapshot' }]);
    room.socket().says(snapshot(10));
    room.socket().says(message(10, 13));
    await room.settle();
    expect(atEnd(room.opened.at(-1))).toBe(digest);
  });

  test('that ends with another digest than the map here is told of', async () => {
    const room = await enter(module);
    room.socket().says(HELLO);
    room.socket().says(message(0, 13));
    room.socket().says({ type: 'end', sequence: 0, digest: '0123456789abcdef' });
    await room.settle();
    expect(room.failures).toEqual([`ws://room: the room ends with digest 0123456789abcdef, this map with ${digest}`]);
  });

  test('whose snapshots cannot be read is left, not asked again and again', async () => {
    const room = await enter(module);
    const damaged = { ...snapshot(5), map: deflateSync(new Uint8Array(64)).toString('base64') };
    room.socket().says(HELLO);
    room.socket().says(damaged);
    await room.settle();
    expect(room.socket().sent).toEqual([{ type: 'snapshot' }]);
    room.socket().says(damaged);
    await room.settle();
    expect(room.socket().sent).toEqual([{ type: 'snapshot' }]);
    expect(room.socket().isClosed).toBe(true);
    expect(room.failures).toHaveLength(2);
  });

  test('whose events do not fit the map is told of', async () => {
    const room = await enter(module);
    room.socket().says(HELLO);
    room.socket().says({ type: 'events', sequence: 0, events: [{ kind: 'handed_out', pfn: 5000, order: 3 }] });
    await room.settle();
    expect(room.failures).toEqual(['ws://room: adding events: an event does not fit the map']);
  });

  test('of another version is refused and left', async () => {
    const room = await enter(module);
    room.socket().says({ ...HELLO, version: PROTOCOL_VERSION + 1 });
    await room.settle();
    const told = `expected protocol version ${PROTOCOL_VERSION}, found ${PROTOCOL_VERSION + 1}`;
    expect(room.failures).toEqual([`ws://room: ${told}`]);
    expect(room.socket().isClosed).toBe(true);
    expect(room.opened).toEqual([]);
  });
});

test('a connection that breaks is made again, sooner first and later then', async () => {
  const room = await enter(module);
  room.socket().says(HELLO);
  room.socket().says(message(0, 5));
  await room.settle();
  const broken = room.socket();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  broken.hangsUp();
  await room.settle();
  expect(room.grown.at(-1)).toMatchObject({ connected: false });
  vi.advanceTimersByTime(499);
  expect(room.socket()).toBe(broken);
  vi.advanceTimersByTime(1);
  const second = room.socket();
  expect(second).not.toBe(broken);
  second.hangsUp();
  await room.settle();
  vi.advanceTimersByTime(999);
  expect(room.socket()).toBe(second);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  // Nothing was missed: the timeline goes on, without a new beginning.
  room.socket().says(HELLO);
  room.socket().says(snapshot(5));
  room.socket().says(message(5, 13));
  await room.settle();
  expect(room.opened).toHaveLength(1);
  expect(room.opened[0]?.length).toBe(13);
  expect(atEnd(room.opened[0])).toBe(digest);
});
