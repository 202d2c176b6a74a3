/**
 * Events as records (16 bytes in the engine's memory) and as objects (`Ev`, the shape of the wire and of files). One decoder
 * serves every source, so an event from a socket and one from WebAssembly are the same thing.
 */
import { BUGS, EVENTS, type FieldInfo, LAYOUT, OPS, OUTCOMES, REASONS, RESULTS, STATES } from '../generated/tables.ts';
import type { Ev } from '../protocol.ts';

export const EVENT_BYTES = LAYOUT.pf_event.sizeof;

const KIND = new Map(EVENTS.map((info, number) => [info.name as string, number]));
export const kindNumber = (name: string): number => KIND.get(name) ?? 0;

const OP = OPS.map((info) => info.name as string);
const NAMES: Readonly<Record<string, readonly string[]>> = {
  STATE: STATES,
  OUTCOME: OUTCOMES,
  RESULT: RESULTS,
  BUG: BUGS,
  REASON: REASONS,
  OP,
};

/** Argument names of an operation, in the table's order. */
const ARGS = OPS.map((info) => info.args.map((arg) => arg.name));

type Limits = Readonly<Record<FieldInfo['part'], number>>;
const OFFSET = LAYOUT.pf_event;
const MOST: Limits = { s: 0xff, t: 0xffff, a: 0xffffffff, b: 0xffffffff, c: 0xffffffff };

function part(records: DataView, at: number, field: FieldInfo): number {
  const place = at + OFFSET[field.part];
  if (field.part === 's') return records.getUint8(place);
  if (field.part === 't') return records.getUint16(place, true);
  return field.signed ? records.getInt32(place, true) : records.getUint32(place, true);
}

/** The record at byte `at`. Every field of its kind is there, zeros too. */
export function decode(records: DataView, at: number): Ev {
  const info = EVENTS[records.getUint8(at)];
  const event: Ev = { kind: info?.name ?? 'none' };
  for (const field of info?.fields ?? []) {
    const value = part(records, at, field);
    if (field.type === 'BOOL') event[field.name] = value !== 0;
    else if (field.type === 'ARG') event[field.name] = ARGS[records.getUint16(at + OFFSET.t, true)]?.[value] ?? '';
    else event[field.name] = NAMES[field.type]?.[value] ?? value;
  }
  return event;
}

/** What is zero or false is left out, as on the wire. */
export function toJson(event: Ev): Ev {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== 0 && value !== false)) as Ev;
}

/** What is wrong with an event from outside, in the words of run files. */
export class EventError extends Error {}

function wrong(field: string, expected: string, found: unknown): EventError {
  return new EventError(`field "${field}": expected ${expected}, found ${JSON.stringify(found) ?? 'nothing'}`);
}

function numberOf(json: Record<string, unknown>, field: FieldInfo): number {
  const value = json[field.name];
  if (field.type === 'BOOL') {
    if (value === undefined || typeof value === 'boolean') return value ? 1 : 0;
    throw wrong(field.name, 'true or false', value);
  }
  const names = field.type === 'ARG' ? (ARGS[OP.indexOf(String(json.op))] ?? []) : NAMES[field.type];
  if (names) {
    const number = typeof value === 'string' ? names.indexOf(value) : -1;
    if (number < 0) throw wrong(field.name, 'a name of the tables', value);
    return number;
  }
  const low = field.signed ? -0x80000000 : 0;
  const high = field.signed ? 0x7fffffff : MOST[field.part];
  const number = value ?? 0;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < low || number > high) {
    throw wrong(field.name, `a number from ${low} to ${high}`, value);
  }
  return number;
}

/** Writes the record of one JSON event at byte `at`. Throws EventError where it is none. */
export function encode(json: unknown, records: DataView, at: number): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new EventError('expected an event');
  const event = json as Record<string, unknown>;
  const kind = kindNumber(String(event.kind));
  const info = EVENTS[kind];
  if (kind === 0 || !info) throw wrong('kind', 'a kind of event', event.kind);
  const known = new Set(['kind', ...info.fields.map((field) => field.name)]);
  const foreign = Object.keys(event).find((key) => !known.has(key));
  if (foreign !== undefined) throw wrong(foreign, `a field of ${info.name}`, event[foreign]);
  for (let i = 0; i < EVENT_BYTES; i += 4) records.setUint32(at + i, 0, true);
  records.setUint8(at + LAYOUT.pf_event.kind, kind);
  for (const field of info.fields) {
    const value = numberOf(event, field);
    const place = at + OFFSET[field.part];
    if (field.part === 's') records.setUint8(place, value);
    else if (field.part === 't') records.setUint16(place, value, true);
    else records.setUint32(place, value >>> 0, true);
  }
}

/** Records one behind the other, growing. */
export class Records {
  private bytes = new Uint8Array(256 * EVENT_BYTES);
  count = 0;

  push(kind: number, s: number, t: number, a: number, b = 0, c = 0): void {
    const at = this.count++ * EVENT_BYTES;
    if (at === this.bytes.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    const record = new DataView(this.bytes.buffer, at, EVENT_BYTES);
    record.setUint8(OFFSET.kind, kind);
    record.setUint8(OFFSET.s, s);
    record.setUint16(OFFSET.t, t, true);
    record.setUint32(OFFSET.a, a >>> 0, true);
    record.setUint32(OFFSET.b, b >>> 0, true);
    record.setUint32(OFFSET.c, c >>> 0, true);
  }

  all(): Uint8Array {
    return this.bytes.slice(0, this.count * EVENT_BYTES);
  }
}
