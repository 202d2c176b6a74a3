/**
 * The page's side of the worker: what is open, the place shown, and one seek under way at a time (the latest wish wins).
 * Fires `change` after anything that is shown has changed, `inspected` with what a frame holds, and, with the worker's message,
 * `edited`, `refused`, `names`, `code`, `saved` and `pictured`.
 */
import type { DifferenceGroup } from '../core/compare.ts';
import type {
  Ev,
  Fragmentation,
  FrameView,
  FreeMemory,
  FromWorker,
  Kept,
  Place,
  SideNumber,
  SourceInfo,
  Touch,
  ToWorker,
  View,
} from '../protocol.ts';
import { clampPlace, START, samePlace } from './place.ts';

/** A Worker, or what stands for it in a test. */
export interface Port {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
}

export interface Inspection {
  side: SideNumber;
  frame: FrameView | null;
  history: Touch[];
  call: Ev[];
}

export interface Trouble {
  where: string;
  name: string;
  message: string;
}

export class Session extends EventTarget {
  source: SourceInfo | null = null;
  view: View | null = null;
  /** The sides beside it: what the source is compared with. */
  others: readonly SourceInfo[] = [];
  /** In what each of those differs from it, found in the first `compared` entries. */
  differences: readonly DifferenceGroup[][] = [];
  compared = 0;
  /** How fragmented each side's memory is over time; none, until all is compared. */
  fragmentation: readonly Fragmentation[] = [];
  outcomes: Uint8Array = new Uint8Array(0);
  /** Entries that brought troubles. */
  misuse: readonly number[] = [];
  /** Free memory over time, of the zone that was asked for last. */
  memory: FreeMemory | null = null;
  length = 0;
  /** null where nothing is followed. */
  live: { connected: boolean; ended: boolean } | null = null;
  trouble: Trouble | null = null;
  /** Frames by state under the dot of the map that was asked for last. */
  mixtures: (number[] | null)[] = [];
  /** Something is being opened. */
  opening = false;
  private readonly port: Port;
  /** The sides asked for, and those that came of it. */
  beside: readonly string[] = [];
  private standing: readonly string[] = [];
  private isSeeking = false;
  private wish: Place | null = null;
  private first: Place = START;
  /** Latest place asked for, so that steps in quick succession count from there. */
  private aim: Place = START;

  constructor(port: Port) {
    super();
    this.port = port;
    port.onmessage = (event) => this.take(event.data);
    port.onerror = (event) => this.fail({ where: 'engine', name: '', message: event.message || 'worker' });
  }

  post(message: ToWorker, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }

  openRun(name: string, bytes: ArrayBuffer, place: Place = START, kept: Kept | null = null): void {
    this.begin(place);
    this.post({ type: 'open-run', name, bytes, kept }, [bytes]);
  }

  openTrace(name: string, bytes: ArrayBuffer, start: ArrayBuffer | null, place: Place = START): void {
    this.begin(place);
    this.post({ type: 'open-trace', name, bytes, start }, start ? [bytes, start] : [bytes]);
  }

  openLive(url: string): void {
    this.begin({ entry: Number.MAX_SAFE_INTEGER, inner: 0 });
    this.post({ type: 'open-live', url });
  }

  /** Puts the run that is open beside itself, as others carry it out (core/beside.ts); none: it is alone. */
  compare(beside: readonly string[]): void {
    if (!this.source || this.opening || String(beside) === String(this.beside)) return;
    this.beside = beside;
    this.post({ type: 'compare', beside });
  }

  /** Where the page stands or is about to stand. */
  get place(): Place {
    return this.aim;
  }

  get isAtEnd(): boolean {
    return this.aim.entry >= this.length;
  }

  go(place: Place): void {
    if (!this.source) return;
    this.aim = clampPlace(place, this.length);
    if (this.isSeeking) this.wish = this.aim;
    else this.seek(this.aim);
  }

  /** What the kernel did not notice, in a map too large to look unasked. */
  ask(): void {
    if (!this.source || this.isSeeking) return;
    this.isSeeking = true;
    this.post({ type: 'seek', ...this.aim, troubles: true });
  }

  /** Over the call that a place inside an operation is in. */
  stepOver(side: SideNumber = 0): void {
    if (!this.source || this.isSeeking) return;
    this.isSeeking = true;
    this.post({ type: 'step-over', side, ...this.aim });
  }

  askFreeMemory(side: SideNumber, zone: number | null): void {
    if (this.source) this.post({ type: 'free-memory', side, zone });
  }

  fail(trouble: Trouble): void {
    this.trouble = trouble;
    this.beside = this.standing;
    this.opening = false;
    this.isSeeking = false;
    this.changed();
  }

  dismiss(): void {
    this.trouble = null;
    this.changed();
  }

  private begin(place: Place): void {
    this.first = place;
    this.opening = true;
    this.trouble = null;
    this.changed();
  }

  private seek(place: Place): void {
    this.isSeeking = true;
    this.wish = null;
    const digest = this.live !== null && place.entry >= this.length;
    this.post({ type: 'seek', ...place, digest });
  }

  private take(message: FromWorker): void {
    switch (message.type) {
      case 'opened':
        return this.opened(message.source);
      case 'compared':
        return this.setBeside(message.sources);
      case 'differences':
        this.differences = message.groups;
        this.compared = message.entries;
        return this.changed();
      case 'fragmentation':
        this.fragmentation = message.sides;
        return this.changed();
      case 'grown':
        return this.grown(message);
      case 'free-memory':
        this.memory = message.memory;
        return this.changed();
      case 'view':
        return this.viewed(message.view);
      case 'inspected':
        this.dispatchEvent(new CustomEvent<Inspection>('inspected', { detail: message }));
        return;
      case 'mixture':
        this.mixtures[message.side] = message.counts;
        return this.changed();
      case 'edited':
        return this.edited(message);
      case 'refused':
      case 'names':
      case 'code':
      case 'saved':
      case 'pictured':
        this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
        return;
      case 'error':
        return this.fail(message);
      default:
        return;
    }
  }

  private opened(source: SourceInfo): void {
    this.source = source;
    this.length = source.length;
    this.outcomes = source.outcomes;
    this.misuse = source.misuse;
    this.memory = null;
    this.opening = false;
    this.trouble = null;
    this.live = source.kind === 'live' ? { connected: true, ended: false } : null;
    this.isSeeking = false;
    this.view = null;
    this.others = [];
    this.fragmentation = [];
    this.beside = [];
    this.standing = [];
    this.differences = [];
    this.compared = 0;
    this.dispatchEvent(new Event('opened'));
    this.go(this.first);
  }

  private edited(message: Extract<FromWorker, { type: 'edited' }>): void {
    const { source, place } = message;
    this.source = source;
    this.length = source.length;
    this.outcomes = source.outcomes;
    this.misuse = source.misuse;
    this.memory = null;
    this.dispatchEvent(new CustomEvent('edited', { detail: message }));
    this.go(place);
    this.changed();
  }

  private setBeside(sources: readonly SourceInfo[]): void {
    this.others = sources;
    this.standing = sources.length > 0 ? this.beside : [];
    this.fragmentation = [];
    this.differences = [];
    this.compared = 0;
    const { entry, inner } = this.first;
    // Where a link led: alone, the source could not keep the other sides' steps.
    this.go(this.aim.entry === entry && this.aim.inner === inner ? this.first : this.aim);
    this.changed();
  }

  private grown(message: Extract<FromWorker, { type: 'grown' }>): void {
    const wasAtEnd = this.isAtEnd;
    const outcomes = new Uint8Array(message.length).fill(255);
    outcomes.set(this.outcomes.subarray(0, message.length));
    outcomes.set(
      message.outcomes.subarray(0, Math.max(0, message.length - message.from)),
      Math.min(message.from, message.length),
    );
    this.outcomes = outcomes;
    this.misuse = message.misuse;
    this.length = message.length;
    this.live = { connected: message.connected, ended: message.ended };
    if (wasAtEnd) this.go({ entry: this.length, inner: 0 });
    this.changed();
  }

  private viewed(view: View): void {
    this.isSeeking = false;
    this.view = view;
    this.length = Math.max(this.length, view.length);
    if (this.wish && !samePlace(this.wish, view.place)) this.seek(this.wish);
    else {
      this.wish = null;
      this.aim = view.place;
    }
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
