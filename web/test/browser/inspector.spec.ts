import type { Page } from '@playwright/test';
import { at, expect, open, openFiles, test } from './page.ts';

const inspector = (page: Page) => page.locator('pf-inspector');
/** What stands beside a term. */
const value = (page: Page, term: string) =>
  inspector(page)
    .locator('dt', { hasText: new RegExp(`^${term}$`) })
    .locator('xpath=following-sibling::dd[1]');

const MACHINE_64 = [
  '{"format":"pageframe-run/1","kernel":"KERNEL","bits_per_long":64,"machine":{"nodes":[{"id":0,"start_pfn":0,"pages":8192}]}}',
  '{"op":"boot"}',
  '{"op":"alloc_pages","gfp":"GFP_KERNEL","order":3,"as":"buf"}',
  '{"op":"alloc_pages","gfp":"GFP_KERNEL","order":0,"as":"one"}',
  '{"op":"__free_pages","page":"one","order":0}',
  '',
].join('\n');

async function openOn(page: Page, kernel: string): Promise<void> {
  await open(page);
  await openFiles(page, { 'own.jsonl': MACHINE_64.replace('KERNEL', kernel) });
  await expect(page.locator('pf-machine .open')).toContainText(kernel);
  await page.keyboard.press('End');
  await at(page, 4);
}

/** Moves the cursor to a frame by its address in the link. */
async function inspect(page: Page, pfn: string): Promise<void> {
  await page.evaluate((frame) => {
    location.hash = `${location.hash.replace(/&frame=\w+/, '')}&frame=${frame}`;
  }, pfn);
  await expect(inspector(page).locator('h2')).toHaveText(`Frame 0x${pfn}`);
}

test('a frame of 32 bits: addresses, who has it by which call, its links by name, its history as links', async ({
  page,
}) => {
  await open(page, 'run=three-zones&step=12&frame=80');
  await expect(value(page, 'physical')).toHaveText('0x80000');
  await expect(value(page, 'virtual')).toHaveText('0xc0080000');
  await expect(value(page, 'zone')).toHaveText('DMA');
  await expect(value(page, 'count')).toHaveText('1');
  await expect(value(page, 'block')).toHaveText('order 6, from 0x80');
  await expect(value(page, 'taken by')).toContainText('operation 12: __get_free_pages(GFP_DMA, 6)');
  await expect(inspector(page).locator('.why')).toContainText(/\w{4}.*\./);

  await inspect(page, 'c0');
  await expect(value(page, 'list')).toHaveText('order 5: number 1 of 1, from the head');
  await expect(value(page, 'links')).toHaveText(
    'next the list’s head (order 5, DMA), prev the list’s head (order 5, DMA)',
  );
  await inspect(page, '240');
  await expect(value(page, 'virtual')).toContainText('none: the kernel maps such a frame only when');
  await value(page, 'history').getByRole('button').last().click();
  await expect.poll(() => page.locator('html').getAttribute('data-place')).not.toBe('12.0');
});

for (const kernel of ['linux-2.6.10', 'linux-6.1'])
  test(`a frame of 64 bits has an address from a base that nobody told: ${kernel}`, async ({ page }) => {
    await openOn(page, kernel);
    await expect.poll(() => page.url()).toContain('step=4');
    await inspect(page, '1f0');
    await expect(value(page, 'virtual')).toHaveText('the direct map’s base + 0x1f0000');
  });

test('a frame on a CPU’s list by order and type says which list, and where on it', async ({ page }) => {
  await openOn(page, 'linux-6.1');
  await page.getByRole('tab', { name: 'Per-CPU' }).click();
  await page
    .locator('pf-structures')
    .getByRole('button', { name: /^0x[0-9a-f]+$/ })
    .first()
    .click();
  await expect(value(page, 'list')).toHaveText(/^CPU 0, order \d+ \(\w+\): number 1 of \d+, from the head$/);
  await expect(value(page, 'links')).toContainText(/the list’s head \(CPU 0, order \d+ \(\w+\), \w+\)/);
});

test('a frame that the boot allocator gave out says by which call, and what became of its bit', async ({ page }) => {
  await open(page, 'step=9&frame=3');
  await expect(value(page, 'taken by')).toHaveText('operation 9: alloc_bootmem');
  await expect(inspector(page).locator('.why')).toHaveText(
    'The boot allocator gave it out in operation 9, and the page allocator never got it.',
  );
  await expect(value(page, 'history')).toContainText('free_bootmem: its boot bit cleared');
});

test('a frame that somebody had before the run began is not told to be nobody’s', async ({ page }) => {
  await open(page, 'run=real-machine&step=2&frame=2600');
  await expect(value(page, 'state')).toHaveText('allocated');
  await expect(value(page, 'taken by')).toHaveText('not known');
});
