import type { Page } from '@playwright/test';
import { at, axe, button, expect, fits, LAPTOP, length, open, openFiles, PHONE, sentence, test, text } from './page.ts';

const KERNELS = [
  { kernel: 'linux-2.4.20', run: 'three-zones' },
  { kernel: 'linux-2.6.10', run: 'hot-and-cold' },
];

const box = (page: Page) => page.locator('pf-call-box');
const field = (page: Page, name: string) => box(page).locator(`[name="${name}"]`);
const line = (page: Page) => box(page).locator('.line');
const result = (page: Page) => box(page).locator('.result');
const make = (page: Page) => box(page).getByRole('button', { name: 'Make the call' }).click();
const code = (page: Page) => page.locator('pf-code');

async function axeHere(page: Page): Promise<void> {
  // What lies half under the transport at the foot of a phone is a scroll away.
  await page.locator('pf-call-box').evaluate((one) => one.scrollIntoView());
  await axe(page);
}

/** Tab, until this has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if (await field(page, name).evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${name}`);
}

for (const { kernel, run } of KERNELS)
  test(`${kernel}: eight pages are got and given back by keyboard alone`, async ({ page }) => {
    await open(page, `run=${run}`);
    await page.keyboard.press('End');
    const before = await length(page);
    await at(page, before);
    await page.keyboard.press('c');
    await expect(field(page, 'op')).toBeFocused();
    await page.keyboard.type('__get_free_pages');
    await expect(field(page, 'op')).toHaveValue('__get_free_pages');
    await tabTo(page, 'order');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('3');
    await expect(box(page).getByText('order: 8 pages')).toBeVisible();
    const name = await field(page, 'as').inputValue();
    await expect(line(page)).toHaveText(`${name} = __get_free_pages(GFP_KERNEL, 3);`);
    await page.keyboard.press('Enter');
    await at(page, before + 1);
    await expect(result(page)).toContainText(`${name} = __get_free_pages(GFP_KERNEL, 3); → 0xc`);
    await expect(field(page, 'as')).not.toHaveValue(name);
    await field(page, 'op').focus();
    await page.keyboard.type('free_pages');
    await expect(field(page, 'addr')).toHaveValue(name);
    await tabTo(page, 'addr');
    await page.keyboard.press('End');
    await page.keyboard.type(' + 4');
    await expect(line(page)).toHaveText(`free_pages(${name} + 4 * PAGE_SIZE, 3);`);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await at(page, before + 2);
    await expect(sentence(page)).toContainText('free_pages');
    expect(await length(page)).toBe(before + 2);
    await expect(result(page)).toHaveText(`free_pages(${name}, 3); → void`);
    await page.keyboard.press('ArrowLeft');
    await at(page, before + 2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowLeft');
    await at(page, before + 1);
  });

for (const [what, run, op, name, value, said] of [
  [
    'a number of frames',
    'double-free&kernel=linux-6.1',
    'alloc_pages_bulk',
    'n',
    '4',
    /alloc_pages_bulk\(GFP_KERNEL, 4\); → 4$/,
  ],
  ['of a setting, nothing', 'hot-and-cold', 'sysctl', 'value', '512', /^echo 512 > \/proc\/sys\/vm\/\w+$/],
] as const)
  test(`what came of a call is told as the kernel gives it: ${what}`, async ({ page }) => {
    await open(page, `run=${run}&show=call`);
    const before = await length(page);
    await page.keyboard.press('End');
    await at(page, before);
    await field(page, 'op').selectOption(op);
    await field(page, name).fill(value);
    await make(page);
    await at(page, before + 1);
    await expect(result(page)).toHaveText(said);
  });

test('a frame of the map goes into the argument, by click and by keyboard', async ({ page }) => {
  await open(page, 'step=12&show=call');
  await field(page, 'op').selectOption('__free_page');
  const canvas = page.locator('pf-map .space > canvas');
  const space = (await canvas.boundingBox()) ?? { width: 0, height: 0 };
  await canvas.click({ position: { x: space.width * 0.3, y: space.height * 0.5 } });
  await expect(field(page, 'pfn')).toHaveValue(/^0x[0-9a-f]+$/);
  const clicked = await field(page, 'pfn').inputValue();
  await expect(line(page)).toHaveText(`__free_page(pfn_to_page(${clicked}));`);
  await box(page).getByRole('button', { name: 'Take page from the map' }).click();
  await expect(canvas).toBeFocused();
  await expect(box(page).getByText('use the arrow keys and Enter')).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(field(page, 'pfn')).toHaveValue('0x1');
  await expect(field(page, 'pfn')).toBeFocused();
  await field(page, 'op').selectOption('free_page');
  await box(page).getByRole('button', { name: 'Take address from the map' }).click();
  await page.keyboard.press('Escape');
  await expect(field(page, 'addr')).toBeFocused();
  await expect(field(page, 'addr')).toHaveValue('buf');
});

test('what is wrong stands at its field, and nothing was changed', async ({ page }) => {
  await open(page, 'step=13&show=call');
  await at(page, 13);
  await field(page, 'op').selectOption('free_pages');
  await field(page, 'addr').fill('nobody');
  await make(page);
  await expect(field(page, 'addr')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'addr')).toBeFocused();
  await expect(box(page).getByRole('alert')).toHaveText(
    'Expected a name that an operation before this place has given, found "nobody".',
  );
  await field(page, 'addr').fill('0x1f8000');
  await expect(box(page).getByRole('alert')).toHaveCount(0);
  await field(page, 'order').fill('40');
  await make(page);
  await expect(box(page).getByRole('alert')).toHaveText('Expected an order from 0 to 31, found 40.');
  await field(page, 'op').selectOption('free_boot_range');
  await field(page, 'start').fill('0');
  await field(page, 'end').fill('99999');
  await make(page);
  await expect(box(page).getByRole('alert')).toContainText('do not fit this machine');
  expect(await length(page)).toBe(13);
  await button(page, 'RU').click();
  await expect(box(page).getByRole('alert')).toContainText('Аргументы не подходят этой машине');
});

test('failure and misuse: NULL, and what the kernel says', async ({ page }) => {
  await open(page, 'step=13&show=call,code');
  await at(page, 13);
  await field(page, 'order').fill('9');
  for (const _ of [1, 2, 3]) await make(page);
  await expect(result(page)).toContainText('→ NULL: the caller returns -ENOMEM');
  await expect(code(page).locator('li.current').last()).toHaveText(
    /return -ENOMEM;\s*\/\* NULL: the caller goes out here \*\//,
  );
  await field(page, 'op').selectOption('__free_pages');
  await field(page, 'pfn').fill('0x200');
  await field(page, 'order').fill('11');
  await make(page);
  await expect(result(page)).toContainText('→ BUG: ');
  await expect(code(page).locator('li.current', { hasText: '/* BUG: ' })).toHaveCount(1);
});

test('flags by name, and who calls', async ({ page }) => {
  await open(page, 'run=two-cpus&step=3&show=call');
  await at(page, 3);
  await box(page).getByRole('button', { name: 'More flags' }).click();
  await box(page).getByRole('checkbox', { name: '__GFP_COLD' }).check();
  await field(page, 'cpu').selectOption('1');
  await field(page, 'task').selectOption('rt');
  await expect(line(page)).toHaveText(/__get_free_pages\(GFP_KERNEL \| __GFP_COLD, 0\);/);
  await make(page);
  await at(page, 4);
  await expect(result(page)).toContainText('→ CPU 1, real-time, 0xc');
  const names = await field(page, 'gfp').locator('option').allTextContents();
  expect(names).toContain('GFP_ATOMIC');
  await expect(field(page, 'op').locator('option[value=drain_local_pages]')).toHaveCount(1);
  await open(page, 'show=call');
  await page.reload();
  await expect(field(page, 'op').locator('option[value=free_bootmem]')).toHaveCount(1);
  await expect(field(page, 'op').locator('option[value=drain_local_pages]')).toHaveCount(0);
});

test('a call in the past forks the run; it is compared, gone back to, and undone', async ({ page }) => {
  await open(page, 'run=three-zones&step=8&show=call');
  await at(page, 8);
  const before = await length(page);
  const told = await text(sentence(page));
  await expect(box(page).locator('.past')).toContainText('a call now forks it after operation 8');
  await make(page);
  await at(page, 9);
  expect(await length(page)).toBe(9);
  await expect(box(page)).toContainText(
    `Forked after operation 8. What happened before, ${before - 8} operations, is kept.`,
  );
  await expect(page.locator('pf-run-menu .open')).toContainText('Three zones and their watermarks, changed');
  await expect.poll(() => page.url()).not.toContain('run=');

  await button(page, 'Compare with it').click();
  await expect(page.locator('h2.name0')).toHaveText('The new run');
  await expect(page.locator('h2.name1')).toHaveText('The earlier run');
  await expect(button(page, 'Compare no more')).toBeFocused();
  await expect(page.locator('pf-differences')).toContainText('Another call');
  await expect(page.locator('pf-compare select')).toHaveValue('before');
  await page.keyboard.press('Enter');
  await expect(page.locator('pf-differences')).toHaveCount(0);
  await expect(button(page, 'Compare with it')).toBeFocused();

  await button(page, 'Go back to it').click();
  await expect.poll(() => length(page)).toBe(before);
  await at(page, 8);
  await expect(box(page)).toContainText('You are back in what happened before');
  await button(page, 'Compare with it').click();
  await expect(page.locator('h2.name0')).toHaveText('The earlier run');
  await expect(button(page, 'Compare no more')).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('End');
  await expect(page.locator('pf-differences .here')).toContainText(
    'Nothing to compare: the new run ends with operation 9.',
  );
  await button(page, 'Compare no more').click();
  await button(page, 'Go to it again').click();
  await expect.poll(() => length(page)).toBe(9);

  for (const _ of [1, 2, 3]) await button(page, 'Undo').click();
  await expect.poll(() => length(page)).toBe(before);
  await at(page, 8);
  await expect(sentence(page)).toHaveText(told);
  await expect(button(page, 'Undo')).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('pf-run-menu .open')).not.toContainText('changed');
  await expect.poll(() => page.url()).toContain('run=three-zones');
  await button(page, 'Redo').click();
  await at(page, 9);
});

test('what was typed and what came of it go with the box wherever it stands', async ({ page }) => {
  await open(page, 'run=three-zones&step=8&show=call');
  await at(page, 8);
  await make(page);
  await at(page, 9);
  const said = await text(result(page));
  await field(page, 'op').selectOption('__get_free_pages');
  await field(page, 'order').fill('5');
  await field(page, 'as').fill('mine');
  const isKept = async (): Promise<void> => {
    await expect(line(page)).toHaveText('mine = __get_free_pages(GFP_KERNEL, 5);');
    await expect(field(page, 'order')).toHaveValue('5');
    await expect(result(page)).toHaveText(said);
  };
  await isKept();
  await button(page, 'Compare with it').click();
  await expect(button(page, 'Compare no more')).toBeFocused();
  await isKept();
  await button(page, 'Compare no more').click();
  await expect(button(page, 'Compare with it')).toBeFocused();
  await isKept();
  await button(page, 'Code').click();
  await expect(code(page).locator('li.current').first()).toBeVisible();
  await isKept();
  await make(page);
  await at(page, 10);
  await expect(result(page)).toContainText('mine = __get_free_pages(GFP_KERNEL, 5);');
});

for (const viewport of [LAPTOP, { width: 1160, height: 800 }])
  for (const op of ['alloc_pages', '__free_pages'])
    test(`call box and code have room for each other: ${viewport.width}, ${op}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await open(page, 'run=hot-and-cold&step=8&show=call,code');
      await field(page, 'op').selectOption(op);
      const fields = await box(page).locator('input, select').all();
      for (const one of [...fields, line(page), button(page, 'Make the call')])
        await expect(one).toBeInViewport({ ratio: 1 });
      await expect(code(page).locator('li.current').first()).toBeVisible();
      const lines = await code(page)
        .locator('.scroll')
        .evaluate((scroll) => scroll.clientHeight / (scroll.querySelector('li')?.offsetHeight ?? 1));
      expect(lines).toBeGreaterThanOrEqual(8);
      await expect(code(page).locator('.scroll')).toBeInViewport({ ratio: 1 });
    });

test('the changed run outlives its panels, goes on to another machine, and is saved', async ({ page }) => {
  await open(page, 'run=misuse&step=27');
  const before = await length(page);
  await page.keyboard.press('End');
  await at(page, before);
  await page.keyboard.press('c');
  await make(page);
  await at(page, before + 1);
  await button(page, 'Call').click();
  await expect(box(page)).toHaveCount(0);
  await button(page, 'Code').click();
  await expect(code(page).locator('li.current').first()).toContainText('__get_free_pages(GFP_KERNEL, 0)');
  await button(page, 'Call').click();
  const saving = page.waitForEvent('download');
  await button(page, 'Save the run…').click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('misuse-changed.jsonl');
  const path = await download.path();
  await page.locator('pf-machine .open').click();
  await button(page, '16 MiB PC').click();
  await expect(page.locator('pf-machine .open')).toContainText('16 MiB PC');
  expect(await length(page)).toBe(before + 1);
  await page.setInputFiles('input[type=file]', path);
  await expect(page.locator('pf-machine .open')).toContainText('1 MiB');
  await expect.poll(() => length(page)).toBe(before + 1);
});

test('code: a click on a line goes there, and so do the keys', async ({ page }) => {
  await open(page, 'step=12&show=code');
  await at(page, 12);
  await expect(code(page).locator('li.current').first()).toContainText('buf = __get_free_pages(GFP_KERNEL, 3);');
  await expect(code(page).locator('li.current').first()).toContainText('/* 0xc01f8000 */');
  await code(page).locator('button', { hasText: 'free_bootmem(0x200000, 4096);' }).click();
  await at(page, 7);
  await expect(code(page).locator('li.current')).toContainText('BUG: page is already free');
  await page.keyboard.press('v');
  await expect(code(page)).toHaveCount(0);
  await page.keyboard.press('v');
  await expect(code(page).locator('button[aria-current=step]')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await at(page, 8);
  await page.keyboard.press('End');
  await expect(code(page).locator('button', { hasText: 'free_pages(buf, 3);' })).toBeFocused();
  await page.keyboard.press('Enter');
  await at(page, 13);
});

test('of a hundred thousand lines only what is in sight is there', async ({ page }) => {
  const header = {
    format: 'pageframe-run/1',
    kernel: 'linux-2.6.10',
    machine: { nodes: [{ start_pfn: 0, pages: 4096 }] },
  };
  const lines = [JSON.stringify(header), '{"op":"boot"}'];
  for (let i = 0; i < 50_000; i++)
    lines.push('{"op":"alloc_page","gfp":"GFP_KERNEL","as":"page"}', '{"op":"__free_page","page":"page"}');
  await open(page, 'show=code');
  await openFiles(page, { 'long.jsonl': lines.join('\n') });
  await expect.poll(() => length(page), { timeout: 50_000 }).toBe(100_001);
  expect(await code(page).locator('li').count()).toBeLessThan(80);
  await page.locator('main').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('End');
  await at(page, 100_001);
  await expect(code(page).locator('li.current')).toContainText('__free_page(page);');
  await expect(code(page).locator('li.current .number')).toHaveText('100001');
  await code(page)
    .locator('.scroll')
    .evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight / 2));
  await expect(code(page).locator('button').first()).toContainText(/page/);
  expect(await code(page).locator('li').count()).toBeLessThan(80);
});

test('a trace takes no call, and says why', async ({ page }) => {
  await open(page, 'run=boot-idle&step=60&show=call,code');
  await expect(box(page)).toContainText('nothing can be called in it');
  await expect(code(page)).toContainText('A trace has no code');
});

for (const theme of ['light', 'dark'])
  for (const size of ['laptop', 'phone'])
    test(`axe finds nothing in call box and code: ${size}, ${theme}`, async ({ page }) => {
      if (size === 'phone') await page.setViewportSize(PHONE);
      await open(page, `run=hot-and-cold&step=4&show=call,code&theme=${theme}`);
      await expect(code(page).locator('li.current').first()).toContainText('alloc_page');
      await box(page).getByRole('button', { name: 'More flags' }).click();
      await make(page);
      await at(page, 5);
      await axeHere(page);
      await field(page, 'op').selectOption('free_pages');
      await field(page, 'addr').fill('nobody');
      await make(page);
      await expect(box(page).getByRole('alert')).toBeVisible();
      await axeHere(page);
      const small = await box(page)
        .locator('button, select, input')
        .evaluateAll((all) =>
          all
            .map((one) => [one.getAttribute('name') ?? one.textContent, one.getBoundingClientRect()] as const)
            .filter(([, { width, height }]) => width < 18 || height < 18)
            .map(([name]) => name),
        );
      expect(small).toEqual([]);
      await fits(page);
    });
