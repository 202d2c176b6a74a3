import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { digestOf, workerOf } from './digest.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const digests = readFileSync(inRepository('tests/golden/digests.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

test('Chromium folds every golden run to the digest that the native program gives', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('./');
  const worker = await workerOf(page);
  expect(digests.length).toBeGreaterThan(6);
  for (const [digest, file = ''] of digests)
    expect(`${await digestOf(page, worker, readFileSync(inRepository(file)), file)} ${file}`).toBe(`${digest} ${file}`);
});
