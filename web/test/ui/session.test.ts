import { beforeEach, expect, test } from 'vitest';
import type { FromWorker, Place, SourceInfo, ToWorker, View } from '../../src/protocol.ts';
import { type Port, Session } from '../../src/ui/session.ts';

class FakePort implements Port {
  sent: ToWorker[] = [];
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  postMessage(message: ToWorker): void {
    this.sent.push(message);
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
  get seeks(): [number, number][] {
    return this.sent.filter((message) => message.type === 'seek').map((message) => [message.entry, message.inner]);
  }
}

const source = (kind: SourceInfo['kind'], length: number): SourceInfo => ({
  kind,
  name: 'n',
  about: '',
  kernel: null,
  layers: [],
  nodes: [],
  first: 0,
  frames: 4,
  length,
  outcomes: new Uint8Array(length),
  misuse: [],
});
const view = (entry: number, inner = 0, length = 9): View =>
  ({ place: { entry, inner }, length, digest: undefined }) as unknown as View;

let port: FakePort;
let session: Session;
beforeEach(() => {
  port = new FakePort();
  session = new Session(port);
});

function opened(length = 9, kind: SourceInfo['kind'] = 'run', place: Place = { entry: 0, inner: 0 }): void {
  if (kind === 'live') session.openLive('ws://x');
  else session.openRun('n', new ArrayBuffer(1), place);
  port.say({ type: 'opened', source: source(kind, length) });
}

test('what is opened is shown at its beginning, or where the link says', () => {
  opened();
  expect(port.seeks).toEqual([[0, 0]]);
  opened(9, 'run', { entry: 4, inner: 2 });
  expect(port.seeks.at(-1)).toEqual([4, 2]);
});

test('one seek at a time; of the wishes meanwhile only the latest is carried out', () => {
  opened();
  for (const entry of [1, 2, 3]) session.go({ entry, inner: 0 });
  expect(port.seeks).toEqual([[0, 0]]);
  expect(session.place.entry).toBe(3);
  port.say({ type: 'view', view: view(0) });
  expect(port.seeks).toEqual([
    [0, 0],
    [3, 0],
  ]);
  port.say({ type: 'view', view: view(3) });
  expect(port.seeks).toHaveLength(2);
  expect(session.view?.place.entry).toBe(3);
});

test('a bad file leaves what was open as it is', () => {
  opened();
  port.say({ type: 'view', view: view(0) });
  session.openRun('bad.jsonl', new ArrayBuffer(1));
  expect(session.opening).toBe(true);
  port.say({ type: 'error', where: 'run', name: 'bad.jsonl', message: 'bad.jsonl:3: field "order": expected x' });
  expect(session.trouble?.message).toContain('bad.jsonl:3');
  expect(session.opening).toBe(false);
  expect(session.source?.length).toBe(9);
  session.go({ entry: 1, inner: 0 });
  expect(port.seeks.at(-1)).toEqual([1, 0]);
});

test('who stands at the end of a room follows it, with the digest', () => {
  opened(3, 'live');
  expect(port.seeks).toEqual([[3, 0]]);
  port.say({ type: 'view', view: view(3, 0, 3) });
  port.say({
    type: 'grown',
    length: 5,
    from: 3,
    outcomes: Uint8Array.of(3, 0),
    misuse: [3],
    ended: false,
    connected: true,
  });
  expect(port.seeks.at(-1)).toEqual([5, 0]);
  expect(port.sent.at(-1)).toMatchObject({ type: 'seek', digest: true });
  expect([...session.outcomes]).toEqual([0, 0, 0, 3, 0]);
  expect(session.misuse).toEqual([3]);
});

test('who looks at the past stays there', () => {
  opened(3, 'live');
  port.say({ type: 'view', view: view(3, 0, 3) });
  session.go({ entry: 1, inner: 0 });
  port.say({ type: 'view', view: view(1, 0, 3) });
  port.say({
    type: 'grown',
    length: 5,
    from: 3,
    outcomes: Uint8Array.of(0, 0),
    misuse: [],
    ended: true,
    connected: false,
  });
  expect(port.seeks.at(-1)).toEqual([1, 0]);
  expect(session.length - session.place.entry).toBe(4);
  expect(session.live).toEqual({ connected: false, ended: true });
});

test('over a call inside an operation: where it ends the worker knows, and the place follows', () => {
  opened(9, 'run', { entry: 4, inner: 2 });
  session.stepOver();
  expect(port.sent.at(-1)?.type).toBe('seek');
  port.say({ type: 'view', view: view(4, 2) });
  session.stepOver();
  expect(port.sent.at(-1)).toEqual({ type: 'step-over', side: 0, entry: 4, inner: 2 });
  port.say({ type: 'view', view: view(4, 7) });
  expect(session.place).toEqual({ entry: 4, inner: 7 });
});

test('free memory over time is that of the source that is open', () => {
  opened();
  session.askFreeMemory(0, 2);
  expect(port.sent.at(-1)).toEqual({ type: 'free-memory', side: 0, zone: 2 });
  const none = new Int32Array(0);
  const memory = {
    zone: 2,
    zones: [2],
    places: new Uint32Array(0),
    stride: 1,
    blocks: [],
    onCpus: none,
    freePages: none,
  };
  port.say({ type: 'free-memory', memory });
  expect(session.memory).toBe(memory);
  opened();
  expect(session.memory).toBeNull();
});

test('no place is asked for before something is open', () => {
  session.go({ entry: 3, inner: 0 });
  expect(port.sent).toEqual([]);
});

const compares = (): (readonly string[])[] =>
  port.sent.filter((message) => message.type === 'compare').map((message) => message.beside);

test('a second kernel beside the first: asked for once, shown where the first stands, gone with the run', () => {
  opened(9, 'run', { entry: 4, inner: 2, others: [7] });
  port.say({ type: 'view', view: view(4, 2) });
  session.compare(['linux-2.6.10']);
  session.compare(['linux-2.6.10']);
  expect(compares()).toEqual([['linux-2.6.10']]);
  port.say({ type: 'compared', sources: [source('run', 9)] });
  expect(session.others.map(({ length }) => length)).toEqual([9]);
  expect(port.sent.at(-1)).toMatchObject({ type: 'seek', entry: 4, inner: 2, others: [7] });
  port.say({ type: 'view', view: { ...view(4, 2), place: { entry: 4, inner: 2, others: [7] } } });
  expect(session.place).toEqual({ entry: 4, inner: 2, others: [7] });
  port.say({ type: 'differences', groups: [], entries: 5 });
  expect(session.compared).toBe(5);
  session.compare([]);
  port.say({ type: 'compared', sources: [] });
  expect(compares()).toEqual([['linux-2.6.10'], []]);
  expect(session.others).toEqual([]);
  session.compare(['linux-2.6.10']);
  port.say({ type: 'compared', sources: [source('run', 9)] });
  opened(3);
  expect(session.others).toEqual([]);
  session.compare(['linux-2.6.10']);
  expect(compares()).toHaveLength(4);
});

test('who moves on before the second kernel is there stays where they are', () => {
  opened(9, 'run', { entry: 4, inner: 2, others: [7] });
  port.say({ type: 'view', view: view(4, 2) });
  session.go({ entry: 6, inner: 0 });
  port.say({ type: 'view', view: view(6) });
  session.compare(['linux-2.6.10']);
  port.say({ type: 'compared', sources: [source('run', 9)] });
  expect(port.seeks.at(-1)).toEqual([6, 0]);
});

test('a kernel that cannot carry the run out may be asked for again', () => {
  opened();
  port.say({ type: 'view', view: view(0) });
  session.compare(['linux-2.6.10']);
  port.say({ type: 'error', where: 'run', name: 'n', message: 'n:2: field "goal": expected an address' });
  expect(session.others).toEqual([]);
  session.compare(['linux-2.6.10']);
  expect(compares()).toEqual([['linux-2.6.10'], ['linux-2.6.10']]);
});

test('nothing is compared before something is open', () => {
  session.compare(['linux-2.6.10']);
  expect(compares()).toEqual([]);
});
