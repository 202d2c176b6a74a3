import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { digestOf, workerOf } from './digest.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const digests = readFileSync(inRepository('tests/golden/digests.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

/** A folder's runs of one suite: tests/golden/linux-6.1/pcp. Each is a test of its own, so that they go side by side. */
const suiteOf = (file = ''): string => file.replace(/-[^/]*$/, '');
const suites = [...new Set(digests.map(([, file]) => suiteOf(file)))];

test('every suite has its runs', () => {
  expect(suites.length).toBeGreaterThan(6);
  expect(suites.filter((suite) => !/^tests\/golden\/linux-[\d.]+\/[a-z]+$/.test(suite))).toEqual([]);
});

for (const suite of suites) {
  test(`Chromium folds ${suite} to the digests that the native program gives`, async ({ page }) => {
    await page.goto('./');
    const worker = await workerOf(page);
    for (const [digest, file = ''] of digests.filter(([, name]) => suiteOf(name) === suite))
      expect(`${await digestOf(page, worker, readFileSync(inRepository(file)), file)} ${file}`).toBe(
        `${digest} ${file}`,
      );
  });
}
