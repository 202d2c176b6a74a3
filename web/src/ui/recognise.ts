/** What a chosen file is, by its content and its name. */

export type FileKind = 'run' | 'trace' | 'start';

/** `head`: the beginning of its text, unpacked. */
export function recogniseText(name: string, head: string): FileKind {
  const text = head.replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('{') || /\.jsonl?(\.gz)?$/i.test(name)) return 'run';
  const line = text.split('\n').find((l) => l.trim() !== '' && !l.startsWith('#')) ?? '';
  return /^\s*(0x)?[0-9a-f]+\s+\d+\s+(0x)?[0-9a-f]+\s*$/i.test(line) ? 'start' : 'trace';
}

/** The first characters of a file, unpacked if it is gzip. */
export async function headOf(file: Blob, length = 4096): Promise<string> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return file.slice(0, length).text();
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < length) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // A damaged file: whoever reads it whole says so, with its name.
  }
  await reader.cancel().catch(() => undefined);
  return text.slice(0, length);
}

export interface Chosen<T> {
  main: { file: T; kind: 'run' | 'trace' } | null;
  start: T | null;
}

/** Of the files chosen together: a run or a trace, and a trace's starting state. */
export function sortOut<T>(files: readonly { file: T; kind: FileKind }[]): Chosen<T> {
  const main = files.find(({ kind }) => kind !== 'start');
  const start = files.find(({ kind }) => kind === 'start')?.file ?? null;
  return {
    main: main ? { file: main.file, kind: main.kind as 'run' | 'trace' } : null,
    start: main?.kind === 'trace' ? start : null,
  };
}
