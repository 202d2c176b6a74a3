/** Hands the viewer a file. */
export function saveFile(name: string, type: string, content: string | ArrayBuffer): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** `runs/misuse.jsonl.gz` is called misuse. */
export const baseName = (file: string): string =>
  file.replace(/^.*\//, '').replace(/\.(jsonl|trace|txt)?(\.gz)?$/, '') || 'pageframe';
