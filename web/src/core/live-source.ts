/**
 * A room on a server: events come over a WebSocket and fold into the same map. docs/protocol.md has the messages. An operation
 * is one entry of the timeline; a gap in the numbers asks for a snapshot, and the timeline begins anew from it.
 */
import { KERNELS, PROTOCOL_VERSION } from '../generated/tables.ts';
import { Engine, FRAMES_LAYER, type MachineSpec, STRUCTURES_LAYER } from './engine.ts';
import { EVENT_BYTES, EventError, encode, kindNumber } from './events.ts';
import { inflate } from './gzip.ts';
import { kernelInfo, kernelNumber } from './kernel.ts';
import { CHOSEN, type Chosen } from './runfile-state.ts';
import { fetchPageblocks, Source } from './source.ts';

/** What a live source needs of a WebSocket, so that a test can stand for one. */
export interface Socket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LiveListener {
  /** A source to show from now on: at first, and again after a snapshot or another run. */
  opened(source: Source): void;
  grown(state: { from: number; ended: boolean; connected: boolean }): void;
  /** Something was wrong with what came; the room is followed further where it can be. */
  failed(message: string): void;
}

interface Hello {
  name: string;
  about: string;
  chosen: Chosen[];
  kernel: string;
  layers: string[];
  machine: MachineSpec;
}

class ProtocolError extends Error {}

type Json = Record<string, unknown>;

const OP_BEGIN = kindNumber('op_begin');
const OP_END = kindNumber('op_end');
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** Who is late gets a snapshot right behind the hello; who hears nothing for so long (ms) sees the machine before its first event. */
const SNAPSHOT_WAIT = 150;
const MOST_SNAPSHOT = 2 ** 30;

function need<T>(json: Json, field: string, type: 'string' | 'number', expected: string): T {
  const value = json[field];
  const fits = type === 'number' ? Number.isSafeInteger(value) && (value as number) >= 0 : typeof value === type;
  if (fits) return value as T;
  throw new ProtocolError(`message "${String(json.type)}": field "${field}": expected ${expected}`);
}

const numberOr = (value: unknown, absent: number): number => (typeof value === 'number' ? value : absent);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readHello(json: Json): Hello {
  const machine = (json.machine ?? {}) as Json;
  const nodes = list(machine.nodes).map((node) => {
    const { start_pfn, pages } = (node ?? {}) as { start_pfn?: unknown; pages?: unknown };
    if (!Number.isSafeInteger(start_pfn) || !Number.isSafeInteger(pages)) {
      throw new ProtocolError('message "hello": field "machine.nodes": expected nodes with start_pfn and pages');
    }
    return { start_pfn: start_pfn as number, pages: pages as number };
  });
  const kernel = typeof json.kernel === 'string' ? json.kernel : '';
  return {
    name: typeof json.name === 'string' ? json.name : '',
    about: typeof json.about === 'string' ? json.about : '',
    chosen: CHOSEN.filter((what) => list(json.chosen).includes(what)),
    kernel,
    layers: list(json.layers).map(String),
    machine: {
      kernel: kernelNumber(kernel),
      numa: machine.numa === true,
      cpus: numberOr(machine.cpus, 0),
      names: 0,
      bitsPerLong: numberOr(machine.bits_per_long, 0),
      smp: false,
      sizeofStructPage: 0,
      nodes,
      memory: [],
      reserved: [],
    },
  };
}

function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export class LiveSource {
  private readonly module: WebAssembly.Module;
  private readonly url: string;
  private readonly listener: LiveListener;
  private readonly connect: (url: string) => Socket;
  private socket: Socket | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Set while it is not yet known whether a snapshot follows the hello. */
  private beginning: ReturnType<typeof setTimeout> | null = null;
  private wait = FIRST_WAIT;
  private closed = false;
  private ended = false;
  private hello: Hello | null = null;
  private source: Source | null = null;
  /** Number of the next event; null: unknown until a snapshot or the first events come. */
  private next: number | null = null;
  private asked = false;
  /** Events of an operation that has not ended yet. */
  private pending: unknown[] = [];
  /** Messages are taken one after another, though a snapshot takes time to unpack. */
  private queue: Promise<void> = fetchPageblocks();

  constructor(module: WebAssembly.Module, url: string, listener: LiveListener, connect?: (url: string) => Socket) {
    this.module = module;
    this.url = url;
    this.listener = listener;
    this.connect = connect ?? ((address) => new WebSocket(address) as Socket);
    this.dial();
  }

  /** Resolves when every message that has come so far is dealt with. */
  get idle(): Promise<void> {
    return this.queue;
  }

  close(): void {
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.isBeginning();
    this.socket?.close();
  }

  // ------------------------------------------------------------------ the connection

  private dial(): void {
    this.timer = null;
    let socket: Socket;
    try {
      socket = this.connect(this.url);
    } catch (error) {
      this.listener.failed(`${this.url}: ${(error as Error).message}`);
      return;
    }
    this.socket = socket;
    socket.onmessage = (event) => {
      this.queue = this.queue.then(() => this.take(event.data)).catch((error: unknown) => this.fail(error));
    };
    socket.onclose = () => {
      this.queue = this.queue.then(() => this.hungUp(socket));
    };
  }

  private hungUp(socket: Socket): void {
    if (this.closed || this.socket !== socket) return;
    this.socket = null;
    if (!this.hello) this.listener.failed(`${this.url}: no room answers there; trying again`);
    this.tell(this.source?.length ?? 0);
    if (this.ended) return;
    this.timer = setTimeout(() => this.dial(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  private tell(from: number): void {
    if (this.source) this.listener.grown({ from, ended: this.ended, connected: this.socket !== null });
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.listener.failed(`${this.url}: ${message}`);
    this.ask();
  }

  /** Asks for a snapshot, once, and drops what was left unfinished. */
  private ask(): void {
    this.pending = [];
    this.next = null;
    if (this.asked || this.closed || !this.hello) return;
    this.asked = true;
    this.socket?.send(JSON.stringify({ type: 'snapshot' }));
  }

  // ------------------------------------------------------------------ messages

  private async take(data: unknown): Promise<void> {
    if (this.closed) return;
    let json: Json;
    try {
      json = JSON.parse(String(data)) as Json;
    } catch {
      throw new ProtocolError('expected JSON, found another text');
    }
    if (json === null || typeof json !== 'object') throw new ProtocolError('expected a message');
    if (json.version !== PROTOCOL_VERSION) {
      this.ended = true;
      this.close();
      this.listener.failed(
        `${this.url}: expected protocol version ${PROTOCOL_VERSION}, found ${JSON.stringify(json.version) ?? 'none'}`,
      );
      return;
    }
    if (json.type === 'hello') this.welcome(json);
    else if (json.type === 'snapshot') await this.begin(json);
    else if (json.type === 'events') this.events(json);
    else if (json.type === 'end') this.end(json);
    else if (json.type === 'error') this.listener.failed(`${this.url}: ${String(json.message)}`);
  }

  private welcome(json: Json): void {
    const hello = readHello(json);
    const isSame = this.hello !== null && JSON.stringify(this.hello) === JSON.stringify(hello);
    this.wait = FIRST_WAIT;
    this.asked = false;
    this.pending = [];
    this.hello = hello;
    if (isSame) {
      this.tell(this.source?.length ?? 0);
    } else {
      this.next = null;
      this.isBeginning();
      this.beginning = setTimeout(() => {
        if (this.isBeginning()) this.open(null);
      }, SNAPSHOT_WAIT);
    }
  }

  /** Is a new source still to be opened? From now on it is not. */
  private isBeginning(): boolean {
    const was = this.beginning !== null;
    if (this.beginning !== null) clearTimeout(this.beginning);
    this.beginning = null;
    return was;
  }

  /** A new source: from a snapshot's bytes, or from the machine's own beginning. */
  private open(bytes: Uint8Array | null, first = 0): void {
    const hello = this.hello;
    if (!hello) throw new ProtocolError('expected hello first');
    const engine = new Engine(this.module);
    const hasStructures = hello.layers.includes('structures');
    engine.open(hello.machine, hasStructures ? FRAMES_LAYER | STRUCTURES_LAYER : FRAMES_LAYER, false);
    if (bytes) engine.loadMap(bytes);
    engine.begin();
    engine.follow();
    const table = KERNELS[hello.machine.kernel - 1];
    const info = {
      kind: 'live' as const,
      name: hello.name,
      about: hello.about,
      ...(hello.chosen.length > 0 && { beginning: hello.chosen }),
      kernel: table ? kernelInfo(table, hello.machine) : null,
      layers: hello.layers,
      nodes: hello.machine.nodes,
    };
    const source = new Source(engine, info, first);
    this.source = source;
    this.listener.opened(source);
  }

  private async begin(json: Json): Promise<void> {
    const sequence = need<number>(json, 'sequence', 'number', 'a number');
    const packed = need<string>(json, 'map', 'string', 'a map in base64');
    const entries = need<number>(json, 'entries', 'number', 'a number');
    const wasAsked = this.asked;
    this.asked = false;
    // Nothing was missed (a short interruption): the timeline that we have goes on.
    if (this.next === sequence && this.source && this.source.length > 0) return;
    // It is here, however long it takes to unpack.
    this.isBeginning();
    try {
      this.open(await this.unpack(packed), entries);
    } catch (error) {
      // A second one would be no better: whoever made it speaks another version.
      if (wasAsked) {
        this.ended = true;
        this.close();
      }
      throw error;
    }
    this.pending = [];
    this.next = sequence;
  }

  private async unpack(packed: string): Promise<Uint8Array> {
    try {
      return await inflate(bytesOfBase64(packed), MOST_SNAPSHOT);
    } catch {
      throw new ProtocolError('message "snapshot": field "map": expected zlib data in base64');
    }
  }

  private events(json: Json): void {
    const sequence = need<number>(json, 'sequence', 'number', 'a number');
    if (!Array.isArray(json.events)) throw new ProtocolError('message "events": field "events": expected an array');
    const events: unknown[] = json.events;
    if (this.next === null && sequence === 0 && !this.asked) this.next = 0;
    if (this.next === 0 && this.isBeginning()) this.open(null);
    if (this.next === null || sequence > this.next) {
      this.ask();
      return;
    }
    const fresh = events.slice(this.next - sequence);
    if (fresh.length === 0) return;
    const from = this.source?.length ?? 0;
    for (const event of fresh) this.event(event);
    // What stands outside of operations (a source's beginning) does not wait for one.
    if (this.pending.length > 0 && (this.pending[0] as Json | null)?.kind !== 'op_begin') this.flush();
    this.next = sequence + events.length;
    this.tell(from);
  }

  private event(event: unknown): void {
    const kind = kindNumber(String((event as Json | null)?.kind));
    if (kind === OP_BEGIN && this.pending.length > 0) this.flush();
    this.pending.push(event);
    if (kind === OP_END) this.flush();
  }

  private flush(): void {
    const batch = this.pending;
    const source = this.source;
    this.pending = [];
    if (!source) return;
    const records = new DataView(new ArrayBuffer(batch.length * EVENT_BYTES));
    batch.forEach((event, i) => {
      encode(event, records, i * EVENT_BYTES);
    });
    source.engine.appendEvents(batch.length, (memory) => {
      new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength).set(new Uint8Array(records.buffer));
    });
    source.learn(records, batch.length);
  }

  private end(json: Json): void {
    const digest = need<string>(json, 'digest', 'string', 'a digest');
    const own = this.source?.engine.digest('followed') ?? digest;
    this.ended = true;
    this.tell(this.source?.length ?? 0);
    if (own !== digest) this.listener.failed(`${this.url}: the room ends with digest ${digest}, this map with ${own}`);
  }
}

export { EventError, ProtocolError };
