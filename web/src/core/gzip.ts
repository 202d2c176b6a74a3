/** gzip, and the zlib form that snapshots travel in, in browsers and in Node alike. */

export const MOST_BYTES = 2 ** 30;

/** What is wrong with a file as a file; `name` is the user's. */
export class FileError extends Error {}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function reason(error: unknown): string {
  const text = `${(error as { code?: string }).code ?? ''} ${error instanceof Error ? error.message : ''}`;
  return /end of file|truncated|incomplete|BUF_ERROR/i.test(text)
    ? 'the gzip data end too early'
    : 'the gzip data are damaged';
}

function streamOf(bytes: Uint8Array): ReadableStream<BufferSource> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
}

/** The file's bytes piece by piece, unpacked where it is gzip. Throws FileError. */
export async function* pieces(name: string, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (!isGzip(bytes)) {
    yield bytes;
    return;
  }
  const reader = streamOf(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new FileError(`${name}: ${reason(error)}`);
    });
    if (done) return;
    size += value.length;
    if (size > MOST_BYTES) throw new FileError(`${name}: larger than 1 GiB`);
    yield value;
  }
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function unpack(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces(name, bytes)) parts.push(piece);
  return parts.length === 1 && parts[0] ? parts[0] : join(parts);
}

/** zlib's own form (not gzip's), at most `most` bytes of it. */
export async function inflate(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const reader = streamOf(bytes).pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(parts);
    size += value.length;
    if (size > most) throw new Error('a snapshot that is too large');
    parts.push(value);
  }
}
