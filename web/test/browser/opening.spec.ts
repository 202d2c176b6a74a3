import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { at, button, choose, expect, length, open, openFiles, sentence, test, text } from './page.ts';

const publicFile = (name: string): string => fileURLToPath(new URL(`../../public/${name}`, import.meta.url));
const HEADER =
  '{"format":"pageframe-run/1","kernel":"linux-2.4.20","about":"Mine","machine":{"nodes":[{"id":0,"start_pfn":0,"pages":64}]}}\n';
const RUN = `${HEADER}{"op":"init_bootmem","mapstart":2,"start":0,"end":64}\n{"op":"free_bootmem","addr":0,"size":262144}\n`;

async function drop(page: Page, name: string, content: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text ?? ''], fileName ?? ''));
      return transfer;
    },
    [name, content],
  );
  await page.dispatchEvent('pf-explorer', 'dragover', { dataTransfer: data });
  await expect(page.getByText('Drop a run or a trace here')).toBeVisible();
  await page.dispatchEvent('pf-explorer', 'drop', { dataTransfer: data });
}

test('a run of my own, by the button, plain or gzip', async ({ page }) => {
  await open(page);
  await openFiles(page, { 'mine.jsonl': RUN });
  await expect(page.locator('header')).toContainText('Mine');
  await at(page, 0);
  expect(await length(page)).toBe(2);
  await openFiles(page, { 'mine.jsonl.gz': gzipSync(`${RUN}{"op":"reserve_bootmem","addr":0,"size":4096}\n`) });
  await expect.poll(() => length(page)).toBe(3);
});

test('a run of my own, by drag and drop', async ({ page }) => {
  await open(page);
  await drop(page, 'mine.jsonl', RUN);
  await expect(page.locator('header')).toContainText('Mine');
  expect(await length(page)).toBe(2);
});

test('a bad file gets its error, with line and field, and what was open stays', async ({ page }) => {
  await open(page, 'step=3');
  const total = await length(page);
  await openFiles(page, { 'bad.jsonl': `${HEADER}{"op":"alloc_pages","gfp":"GFP_KERNEL","order":"x"}\n` });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('bad.jsonl:2: field "order"');
  await at(page, 3);
  expect(await length(page)).toBe(total);
  expect(new URL(page.url()).hash).toContain('step=3');
  await page.keyboard.press('ArrowRight');
  await at(page, 4);
  await alert.getByRole('button', { name: 'Close' }).click();
  await expect(alert).toHaveCount(0);
});

test('the real trace: its numbers are shown, and it plays', async ({ page }) => {
  await open(page);
  await choose(page, 'Real trace');
  await expect.poll(() => length(page)).toBeGreaterThan(500);
  await at(page, 0);
  await expect(page.locator('pf-numbers')).toContainText('page events used');
  await expect(page.locator('pf-numbers')).toContainText('kpageflags');
  await page.keyboard.press('ArrowRight');
  await at(page, 1);
  await expect(sentence(page)).toContainText(/0x[0-9a-f]+/);
  await expect(page.locator('pf-sentence .code')).toContainText('mm_page_');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('1000');
  await button(page, 'Play').click();
  await at(page, await length(page));
  await expect.poll(() => new URL(page.url()).hash).toContain('run=boot-idle');
  await choose(page, 'Boot, and eight pages');
  await expect(page.locator('header')).toContainText('linux-2.4.20');
  await at(page, 0);
});

test('a trace of my own with its starting state, chosen together', async ({ page }) => {
  await open(page);
  const [trace, start] = await Promise.all([
    readFile(publicFile('samples/boot-idle.trace.gz')),
    readFile(publicFile('samples/boot-idle.kpageflags.gz')),
  ]);
  await openFiles(page, { 'b.start': start, 'a.trace': trace });
  await expect(page.locator('pf-numbers')).toContainText('It begins from its kpageflags');
  await openFiles(page, { 'a.trace': trace });
  await expect(page.locator('pf-numbers')).toContainText('what its events prove');
  await openFiles(page, { 'b.start': start });
  await expect(page.getByRole('alert')).toContainText('together with its trace');
});

test('the fragment brings back run, step, language and theme', async ({ page, context }) => {
  await open(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await at(page, 2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await button(page, 'RU').click();
  await page.getByRole('button', { name: 'Светлая или тёмная тема' }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe('#step=2.2&lang=ru&theme=dark');
  const told = await text(sentence(page));
  const other = await context.newPage();
  await other.goto(page.url());
  await at(other, 2, 2);
  await expect(other.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(sentence(other)).toHaveText(told);
  await other.evaluate(() => {
    location.hash = '#step=4';
  });
  await at(other, 4);
  await expect(other.locator('html')).toHaveAttribute('lang', 'en');
});

test('English and Russian', async ({ page }) => {
  await open(page, 'step=3');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const english = await text(sentence(page));
  await button(page, 'RU').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(sentence(page)).not.toHaveText(english);
  await expect(sentence(page)).toContainText(/[а-я]{4}/);
  await expect(page).toHaveTitle(/страница за страницей/);
  await expect(page.getByRole('button', { name: 'Шаг', exact: true })).toBeVisible();
  await button(page, 'EN').click();
  await expect(sentence(page)).toHaveText(english);
});

test('every step is said in Russian too', async ({ page }) => {
  await open(page, 'lang=ru');
  const total = await length(page);
  for (let entry = 1; entry <= total; entry++) {
    await page.keyboard.press('ArrowRight');
    await at(page, entry);
    await expect(sentence(page)).toContainText(/[а-яё]{3}/);
    for (const text of await page.locator('pf-steps li').allTextContents()) expect(text).toMatch(/[а-яё]{2}|=/);
  }
});

test('no cookie, no storage', async ({ page, context }) => {
  await open(page, 'step=2&theme=dark');
  await button(page, 'RU').click();
  expect(await context.cookies()).toEqual([]);
  const kept = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
  ]);
  expect(kept).toEqual([0, 0, 0]);
});

for (const missing of ['WebAssembly', 'Worker', 'OffscreenCanvas']) {
  test(`without ${missing} the page says so`, async ({ page }) => {
    await page.addInitScript((name) => {
      Object.defineProperty(window, name, { value: undefined });
    }, missing);
    await page.goto('./');
    await expect(page.locator('.plain-message')).toContainText(missing);
  });
}

test('an example that is not there is no blank page', async ({ page, complaints }) => {
  await page.goto('./#run=no-such-run');
  await expect(page.getByRole('alert')).toContainText('examples/no-such-run.jsonl');
  await choose(page, 'Boot, and eight pages');
  await at(page, 0);
  expect(complaints.splice(0).every((text) => text.includes('404'))).toBe(true);
});

test('a link whose run cannot be opened says why, over an empty map', async ({ page }) => {
  await page.goto('./#run=boot-and-eight-pages&kernel=linux-6.1');
  await expect(page.getByRole('alert')).toContainText('expected an operation of linux-6.1, found "init_bootmem"');
  await expect(page.locator('pf-map .space > canvas')).toHaveCSS('opacity', '0');
  await choose(page, 'Three zones and their watermarks');
  await expect(page.locator('pf-map .space > canvas')).toHaveCSS('opacity', '1');
});
