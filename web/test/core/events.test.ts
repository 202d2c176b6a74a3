import { describe, expect, test } from 'vitest';
import { decode, EventError, encode, toJson } from '../../src/core/index.ts';
import { BUGS, EVENTS, OPS, OUTCOMES, REASONS, RESULTS, STATES } from '../../src/generated/tables.ts';

const record = (): DataView => new DataView(new ArrayBuffer(16));

/** A value of the field that is not zero, and that its part of the record can hold. */
function sample(type: string, part: string, signed: boolean): string | number | boolean {
  const names: Record<string, string> = {
    OP: 'free_area_init',
    ARG: 'holes',
    STATE: STATES[4],
    OUTCOME: OUTCOMES[3],
    RESULT: RESULTS[2],
    BUG: BUGS[7],
    REASON: REASONS[2],
  };
  if (type === 'BOOL') return true;
  if (signed) return -2;
  return names[type] ?? (part === 's' ? 201 : part === 't' ? 60_001 : 4_000_000_001);
}

describe('every event survives the way through its record', () => {
  test.each(EVENTS.slice(1).map((info) => [info.name, info] as const))('%s', (_name, info) => {
    const full = {
      kind: info.name,
      ...Object.fromEntries(info.fields.map((f) => [f.name, sample(f.type, f.part, f.signed)])),
    };
    const at = record();
    encode(full, at, 0);
    expect(decode(at, 0)).toEqual(full);
    const bare = toJson(decode(at, 0));
    const back = record();
    encode(bare, back, 0);
    expect(new Uint8Array(back.buffer)).toEqual(new Uint8Array(at.buffer));
  });
});

test('zeros are left out of JSON and there again as objects', () => {
  const at = record();
  encode({ kind: 'list_add', order: 3, pfn: 56 }, at, 0);
  expect(decode(at, 0)).toEqual({ kind: 'list_add', order: 3, zone: 0, pfn: 56, head: 0 });
  expect(toJson(decode(at, 0))).toEqual({ kind: 'list_add', order: 3, pfn: 56 });
});

describe('what is no event is refused', () => {
  test.each([
    [null, 'expected an event'],
    [{ kind: 'list_bend' }, 'field "kind": expected a kind of event, found "list_bend"'],
    [{ kind: 'list_add', pfn: 1, colour: 2 }, 'field "colour": expected a field of list_add, found 2'],
    [{ kind: 'list_add', pfn: 4_294_967_296 }, 'field "pfn": expected a number from 0 to 4294967295, found 4294967296'],
    [{ kind: 'list_add', order: 256 }, 'field "order": expected a number from 0 to 255, found 256'],
    [{ kind: 'count_set', count: 1.5 }, 'field "count": expected a number from -2147483648 to 2147483647, found 1.5'],
    [
      { kind: 'op_end', outcome: 'well', result: 'none' },
      'field "outcome": expected a name of the tables, found "well"',
    ],
    [{ kind: 'merge_ends', top: 1 }, 'field "top": expected true or false, found 1'],
  ])('%j', (json, message) => {
    expect(() => encode(json, record(), 0)).toThrow(new EventError(message));
  });
});

test('an argument is named as its operation names it', () => {
  for (const info of OPS.slice(1)) {
    for (const arg of info.args) {
      const at = record();
      encode({ kind: 'op_arg', op: info.name, arg: arg.name, lo: 1 }, at, 0);
      expect(decode(at, 0)).toMatchObject({ op: info.name, arg: arg.name, lo: 1 });
    }
  }
});
