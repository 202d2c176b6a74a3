/**
 * A small run inside a link: `1.` and its text, deflated (raw) and in base64url. Fetched when a run of the viewer's own is open, or a
 * link brings one.
 */

import type { Kept } from '../protocol.ts';

const VERSION = '1';
/** Characters that a run may take in a link: more than that, and mail and chat programs cut it off. */
export const MOST_CHARACTERS = 8000;
/** Bytes that a run from a link may unpack to. */
const MOST_BYTES = 1 << 20;

export type Fault = 'version' | 'large' | 'damaged';

/** Why a link's run cannot be opened. */
export class LinkError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault);
    this.fault = fault;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > most) throw new LinkError('large');
    parts.push(new Uint8Array(value));
  }
}

/** The run's text as a link holds it; null: it is too large for one. */
export async function packRun(text: string): Promise<string | null> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MOST_BYTES) return null;
  const small = await through(bytes, new CompressionStream('deflate-raw'), MOST_BYTES).catch(() => null);
  if (!small || (small.length * 4) / 3 > MOST_CHARACTERS) return null;
  const base64 = btoa(Array.from(small, (byte) => String.fromCharCode(byte)).join(''));
  return `${VERSION}.${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The other way. Throws LinkError. */
export async function unpackRun(packed: string): Promise<string> {
  const [, version, base64] = /^([^.]*)\.(.*)$/s.exec(packed) ?? [];
  if (version === undefined || base64 === undefined || !/^[\w-]*$/.test(base64)) throw new LinkError('damaged');
  if (version !== VERSION) throw new LinkError('version');
  try {
    const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await through(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      new DecompressionStream('deflate-raw'),
      MOST_BYTES,
    );
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError('damaged');
  }
}

/** A kept future as a link holds it: `earlier=8.1.…` followed entry 8, `newer=` came after the fork. */
export async function packKept({ entry, isNew, text }: Kept): Promise<string | null> {
  const packed = await packRun(text);
  return packed && `${isNew ? 'newer' : 'earlier'}=${entry}.${packed}`;
}

/** Throws LinkError. */
export async function unpackKept(kept: string): Promise<Kept> {
  const [, name, entry, packed = ''] = /^(earlier|newer)=(\d{1,9})\.(.*)$/s.exec(kept) ?? [];
  return { entry: Number(entry), isNew: name === 'newer', text: await unpackRun(packed) };
}
