import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const digests = readFileSync(inRepository('tests/golden/digests.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

interface Run {
  worker: string;
  name: string;
  packed: string;
}

/** Opens a run in the page's own worker, as it was built and under the page's own policy, and goes to its end. */
async function digestIn(page: Page, run: Run): Promise<string> {
  return page.evaluate(async ({ worker: url, name, packed }) => {
    const worker = new Worker(url, { type: 'module' });
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)).buffer;
    const digest = await new Promise<string>((resolve) => {
      worker.onmessage = ({ data }) => {
        if (data.type === 'opened')
          worker.postMessage({ type: 'seek', entry: data.source.length, inner: 0, digest: true });
        else if (data.type === 'view') resolve(data.view.digest);
        else if (data.type === 'error') resolve(data.message);
      };
      worker.postMessage({ type: 'open-run', name, bytes }, [bytes]);
    });
    worker.terminate();
    return digest;
  }, run);
}

test('Chromium folds every golden run to the digest that the native program gives', async ({ page }) => {
  const first = page.waitForEvent('worker');
  await page.goto('./');
  const worker = (await first).url();
  expect(digests.length).toBeGreaterThan(6);
  for (const [digest, file = ''] of digests) {
    const packed = readFileSync(inRepository(file)).toString('base64');
    expect(`${await digestIn(page, { worker, name: file, packed })} ${file}`).toBe(`${digest} ${file}`);
  }
});
