import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { at, axe, button, expect, fits, open, openFiles, PHONE, picture, sentence, test, text } from './page.ts';

const OWN = [
  '{"format":"pageframe-run/1","kernel":"linux-2.4.20","about":"A run of one\'s own","machine":{"nodes":[{"id":0,"start_pfn":0,"pages":1024}]}}',
  '{"op":"boot"}',
  '{"op":"alloc_pages","gfp":"GFP_KERNEL","order":2,"as":"buf"}',
  '{"op":"__free_pages","page":"buf","order":2}',
  '',
].join('\n');

/** The link that the dialog offers. */
async function linkOf(page: Page): Promise<string> {
  await button(page, 'Share').click();
  const link = await page.getByRole('textbox', { name: 'Link to what is shown' }).inputValue();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return link;
}

test('copy the link, get the same picture', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'run=three-zones&step=12.4&map=quilt&frame=40&panels=lists,inspector&chart=on&theme=dark');
  await at(page, 12, 4);
  await expect(page.locator('pf-inspector h2')).toHaveText('Frame 0x40');
  await expect(page.locator('.panel[open]')).toHaveCount(2);
  await button(page, 'Share').click();
  await button(page, 'Copy link').click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('Copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const said = await text(sentence(page));
  await page.keyboard.press('Escape');
  await expect(button(page, 'Share')).toBeFocused();
  const shown = await picture(page);
  const other = await context.newPage();
  await other.goto(link);
  await at(other, 12, 4);
  await expect(sentence(other)).toHaveText(said);
  await expect(other.locator('pf-inspector h2')).toHaveText('Frame 0x40');
  await expect(other.locator('.panel[open]')).toHaveCount(2);
  await expect(other.locator('pf-chart')).toBeVisible();
  await expect.poll(() => picture(other)).toBe(shown);
  expect(new URL(link).hash).toContain('lang=en');
});

/** Dots that are plainly not the same in two pictures: edges of letters differ a little by what was drawn there before. */
async function differing(page: Page, ...pictures: [Buffer, Buffer]): Promise<number> {
  const blank = await page.context().newPage();
  const count = await blank.evaluate(
    async (both) => {
      const [a, b] = await Promise.all(
        both.map(async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext('2d');
          context?.drawImage(image, 0, 0);
          const dots = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
          return [...new Uint32Array(dots.buffer)];
        }),
      );
      const apart = (x: number, y: number): boolean =>
        [0, 8, 16].some((bit) => Math.abs(((x >>> bit) & 255) - ((y >>> bit) & 255)) > 96);
      return (a ?? []).filter((dot, i) => apart(dot, b?.[i] ?? 0)).length;
    },
    pictures.map((picture) => picture.toString('base64')),
  );
  await blank.close();
  return count;
}

/** All that a link can hold, one view each; what the page looks like is compared whole. */
const VIEWS = {
  'another machine, rows, near': 'machine=pc-64&step=2&zoom=24&at=1f0&frame=1f8&theme=light',
  'another kernel, a zone, inside an operation': 'run=two-kernels&kernel=linux-2.6.10&step=8.5&map=quilt&theme=dark',
  'two kernels, the second faced': 'run=two-kernels&compare=linux-2.6.10&side=2&step=8',
  'call box and code, in Russian': 'run=hot-and-cold&step=4&show=call,code&lang=ru',
  'no panel, no chart, few keys': 'run=misuse&step=16&panels=&chart=off&keys=few',
  'some states and pageblocks, a loop, a speed':
    'run=three-eras&kernel=linux-6.1&step=400&loop=390-410&speed=5&states=buddy,pcp&pageblocks=0,mixed',
};

for (const [name, fragment] of Object.entries(VIEWS))
  test(`a link holds all of it: ${name}`, async ({ page, context }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, fragment);
    const share = page.getByRole('button', { name: /^(Share|Поделиться)$/ });
    await share.click();
    const link = await page.getByRole('dialog').getByRole('textbox').inputValue();
    for (const part of fragment.split('&')) expect(decodeURIComponent(link)).toContain(part);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.mouse.move(2, 2);
    // Nothing has the focus, as on the page that the link opens.
    await share.evaluate((one: HTMLElement) => one.blur());
    const other = await context.newPage();
    await other.setViewportSize(page.viewportSize() ?? { width: 1280, height: 720 });
    await other.emulateMedia({ reducedMotion: 'reduce' });
    await other.goto(link);
    await expect(other.locator('html[data-ready=true]')).toBeAttached();
    await expect(sentence(other).first()).toHaveText(await text(sentence(page).first()));
    // A word elsewhere would be hundreds.
    const apart = async (): Promise<number> => differing(page, await page.screenshot(), await other.screenshot());
    await expect.poll(apart, { timeout: 60_000 }).toBeLessThan(150);
    await other.keyboard.press('Home');
    await expect.poll(apart).toBeGreaterThan(1000);
  });

test('panels close and open, and the address knows', async ({ page }) => {
  await open(page, 'step=12');
  const hash = (): string => decodeURIComponent(new URL(page.url()).hash);
  await page.locator('.panel.console > summary').click();
  await expect.poll(hash).toContain('panels=steps,lists,closeup,inspector,watermarks,troubles');
  await expect(page.locator('.panel.console')).not.toHaveAttribute('open');
  await page.locator('.panel.console > summary').click();
  await expect.poll(hash).not.toContain('panels=');
  await page.locator('.panel.text > summary').click();
  await expect(page.locator('pf-map-text table')).toBeVisible();
  await expect.poll(hash).toContain('text');
});

test('a small run of one’s own travels inside the link', async ({ page, context }) => {
  await open(page);
  await openFiles(page, { 'own.jsonl': OWN });
  await expect(page.locator('header')).toContainText("A run of one's own");
  await page.keyboard.press('End');
  await at(page, 3);
  await expect.poll(() => page.url()).toContain('data=1.');
  const link = await linkOf(page);
  const other = await context.newPage();
  await other.goto(link);
  await at(other, 3);
  await expect(other.locator('header')).toContainText("A run of one's own");
  await expect(sentence(other)).toHaveText(await text(sentence(page)));
  await other.reload();
  await at(other, 3);
  await expect(other.locator('header')).toContainText("A run of one's own");
});

test('a changed run travels, too, on the machine that was chosen for it', async ({ page, context }) => {
  await open(page, 'run=misuse&machine=pc-16&show=call');
  await page.keyboard.press('End');
  await page.locator('pf-call-box select[name=op]').selectOption('alloc_page');
  await page.locator('pf-call-box').getByRole('button', { name: 'Make the call' }).click();
  await expect.poll(() => page.url()).toContain('data=1.');
  const place = (await page.locator('html').getAttribute('data-place')) ?? '';
  const said = await text(sentence(page));
  const other = await context.newPage();
  await other.goto(await linkOf(page));
  await expect(other.locator('html')).toHaveAttribute('data-place', place);
  await expect(sentence(other)).toHaveText(said);
});

test('what happened before a fork goes with the link, where the run stands beside it', async ({ page, context }) => {
  await open(page, 'run=three-zones&step=8&show=call');
  await page.locator('pf-call-box select[name=op]').selectOption('alloc_page');
  await page.locator('pf-call-box').getByRole('button', { name: 'Make the call' }).click();
  await expect.poll(() => page.url()).toContain('data=1.');
  expect(page.url()).not.toContain('earlier=');
  await button(page, 'Compare with it').click();
  await expect(page.locator('h2.name1')).toHaveText('The earlier run');
  await expect.poll(() => page.url()).toContain('earlier=8.1.');
  const other = await context.newPage();
  await other.goto(await linkOf(page));
  await at(other, 9);
  for (const name of ['h2.name0', 'h2.name1', '.said0 .sentence', '.said1 .sentence', 'pf-differences .here'])
    await expect(other.locator(name)).toHaveText(await text(page.locator(name)));
  await button(other, 'Compare no more').click();
  await expect.poll(() => other.url()).not.toContain('earlier=');
  await button(other, 'Go back to it').click();
  await expect(other.locator('pf-call-box')).toContainText('You are back in what happened before');
});

test.describe('what is refused', () => {
  for (const [name, data, said] of [
    ['another version', '2.AAAA', 'version is unknown'],
    ['damage', '1.AAAA', 'damaged'],
    ['a piece of a link', '1.S8tPAg', 'damaged'],
  ] as const)
    test(name, async ({ page }) => {
      await page.goto(`./#data=${data}`);
      await expect(page.getByRole('alert')).toContainText(said);
    });

  test('a run that a link brought, and that is none, names line and field', async ({ page }) => {
    const { packRun } = await import('../../src/ui/packed-run.ts');
    await page.goto(`./#data=${await packRun('{"format":"pageframe-run/9"}\n')}`);
    await expect(page.getByRole('alert')).toContainText('link.jsonl:1');
  });

  test('a run too large for a link is said to be', async ({ page }) => {
    let state = 1;
    const noise = Array.from({ length: 3000 }, () => {
      state = (state * 48271) % 0x7fffffff;
      return `{"op":"alloc_pages","gfp":"GFP_KERNEL","order":0,"as":"n${state.toString(36)}"}\n`;
    });
    await open(page);
    await openFiles(page, { 'own.jsonl': `${OWN}${noise.join('')}` });
    await expect(page.locator('header')).toContainText("A run of one's own");
    await button(page, 'Share').click();
    await expect(page.getByRole('dialog')).toContainText('too large to travel inside a link');
  });
});

test('the run as a file', async ({ page }) => {
  await open(page, 'run=misuse');
  await button(page, 'Share').click();
  const coming = page.waitForEvent('download');
  await button(page, 'Run').click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('misuse.jsonl');
  const text = await readFile((await file.path()) ?? '', 'utf8');
  await page.keyboard.press('Escape');
  await openFiles(page, { 'again.jsonl': text });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('End');
  await expect(sentence(page)).toContainText(/./);
});

test('letters and signs can be switched off', async ({ page }) => {
  await open(page);
  await page.keyboard.press('l');
  await at(page, 1);
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Letters and signs are keys, too' }).uncheck();
  await axe(page);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.url()).toContain('keys=few');
  await page.keyboard.press('l');
  await page.keyboard.press('?');
  await page.keyboard.press('ArrowRight');
  await at(page, 2);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

for (const lang of ['en', 'ru'])
  test(`axe finds nothing in the dialogs: ${lang}`, async ({ page }) => {
    await page.setViewportSize(PHONE);
    await open(page, `step=3&lang=${lang}`);
    for (const name of [/^(Share|Поделиться)$/, /^(Keys|Клавиши)$/]) {
      await page.getByRole('button', { name }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await axe(page);
      await fits(page);
      await page.keyboard.press('Escape');
    }
  });
