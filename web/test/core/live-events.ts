import { encode } from '../../src/core/index.ts';
import type { Ev } from '../../src/protocol.ts';

export type { Ev };

/** Writes events as records, the way a source does. */
export const toEvents =
  (events: readonly Ev[]) =>
  (records: DataView): void => {
    events.forEach((event, i) => {
      encode(event, records, 16 * i);
    });
  };
