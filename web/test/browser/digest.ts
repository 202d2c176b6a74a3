/** What a run ends in, as the page's own worker finds it. */
import type { Page } from '@playwright/test';

/** The address of the worker of the page that is open. */
export async function workerOf(page: Page): Promise<string> {
  const known = page.workers()[0] ?? (await page.waitForEvent('worker'));
  return known.url();
}

/** Opens a run in the page's own worker, as it was built and under the page's own policy, and goes to its end. */
export async function digestOf(page: Page, worker: string, run: Buffer, name = 'run.jsonl'): Promise<string> {
  return page.evaluate(
    async ([url, file, packed]) => {
      const one = new Worker(url, { type: 'module' });
      const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)).buffer;
      const digest = await new Promise<string>((resolve) => {
        one.onmessage = ({ data }) => {
          if (data.type === 'opened')
            one.postMessage({ type: 'seek', entry: data.source.length, inner: 0, digest: true });
          else if (data.type === 'view') resolve(data.view.digest);
          else if (data.type === 'error') resolve(data.message);
        };
        one.postMessage({ type: 'open-run', name: file, bytes }, [bytes]);
      });
      one.terminate();
      return digest;
    },
    [worker, name, run.toString('base64')] as const,
  );
}
