import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { staticHost } from './static-host.ts';

const LIMIT = 150 * 1024;

test('all that is loaded before the first step is at most 150 KB', async ({ page }) => {
  const host = await staticHost();
  try {
    await page.goto(host.url);
    await expect(page.getByRole('button', { name: 'Step', exact: true })).toBeEnabled();
    await page.waitForLoadState('networkidle');
    const sizes = [...host.served].map(([name, content]) => ({ name, bytes: gzipSync(content, { level: 9 }).length }));
    const total = sizes.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of sizes) console.log(`${String(file.bytes).padStart(8)}  ${file.name}`);
    console.log(`${String(total).padStart(8)}  of ${LIMIT} bytes (gzip -9) until the first step can be made`);
    expect(sizes.some((file) => file.name.endsWith('.wasm'))).toBe(true);
    expect(sizes.some((file) => file.name.endsWith('.js'))).toBe(true);
    expect(total).toBeLessThanOrEqual(LIMIT);
  } finally {
    await host.close();
  }
});
