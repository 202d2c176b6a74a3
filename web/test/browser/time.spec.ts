import type { Page } from '@playwright/test';
import {
  at,
  axe,
  button,
  expect,
  fits,
  focused,
  innerStrip,
  LAPTOP,
  length,
  open,
  PHONE,
  SIZES,
  sentence,
  strip,
  tabbed,
  test,
  text,
} from './page.ts';

const place = (page: Page) => page.locator('html').getAttribute('data-place');
const transport = (page: Page) => page.locator('pf-transport');
const chart = (page: Page) => page.locator('pf-chart');
const plot = (page: Page) => page.locator('pf-chart .plot');
const speed = (page: Page) => page.getByRole('combobox', { name: 'Speed' });

/** How dark the strip of time is: it changes with what is drawn on it. */
const drawn = (page: Page) =>
  strip(page)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

async function pointOn(which: ReturnType<typeof strip>, fraction: number): Promise<[number, number]> {
  await which.scrollIntoViewIfNeeded();
  const box = await which.boundingBox();
  if (!box) throw new Error('nothing there');
  return [box.x + box.width * fraction, box.y + box.height / 2];
}

test('speed: slower and faster by key, and one step a key', async ({ page }) => {
  await open(page);
  await page.keyboard.press('.');
  await expect(speed(page)).toHaveValue('2');
  for (let i = 0; i < 5; i++) await page.keyboard.press(',');
  await expect(speed(page)).toHaveValue('0');
  await page.keyboard.press('Space');
  await at(page, 1);
  await button(page, 'Play one step').click();
  await at(page, 2);
  await page.waitForTimeout(1300);
  await at(page, 2);
});

test('step over ends a call that an operation makes; from between operations it is a step', async ({ page }) => {
  await open(page, 'run=misuse&step=0.1');
  const stops: string[] = [];
  for (let at = '0.1'; at !== '1.0'; at = (await place(page)) ?? '') {
    stops.push(at);
    await page.keyboard.press('o');
    await expect(page.locator('html')).not.toHaveAttribute('data-place', at);
  }
  expect(stops).toHaveLength(17);
  await button(page, 'Step over').click();
  await at(page, 2);
  await button(page, 'Step back').click();
  await at(page, 1);
});

test('inner steps are a strip of their own: by keys, by click and by dragging', async ({ page }) => {
  await open(page, 'step=12');
  const inner = innerStrip(page);
  const total = Number(await inner.getAttribute('aria-valuemax'));
  expect(total).toBeGreaterThan(10);
  await expect(inner).toHaveAttribute('aria-valuenow', String(total));
  await inner.focus();
  await page.keyboard.press('ArrowLeft');
  await at(page, 11, total - 1);
  await page.keyboard.press('Home');
  await at(page, 11, 1);
  await expect(inner).toHaveAttribute('aria-valuetext', `inner step 1 of ${total}`);
  await page.keyboard.press('End');
  await at(page, 12);
  await page.mouse.click(...(await pointOn(inner, 0.5)));
  await at(page, 11, Math.round(total / 2));
  await page.mouse.move(...(await pointOn(inner, 0.5)));
  await page.mouse.down();
  await page.mouse.move(...(await pointOn(inner, 0.25)), { steps: 4 });
  await page.mouse.up();
  await at(page, 11, Math.round(total / 4));
});

test('drag along the strip of time, and go there without dragging', async ({ page }) => {
  await open(page, 'run=misuse');
  const total = await length(page);
  await page.mouse.move(...(await pointOn(strip(page), 0.1)));
  await page.mouse.down();
  await page.mouse.move(...(await pointOn(strip(page), 0.4)), { steps: 5 });
  await at(page, Math.round(0.4 * total));
  await page.mouse.move(...(await pointOn(strip(page), 0.7)), { steps: 5 });
  await page.mouse.up();
  await at(page, Math.round(0.7 * total));
  await page.mouse.click(...(await pointOn(strip(page), 0.2)));
  await at(page, Math.round(0.2 * total));
  await page.keyboard.press('g');
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  await at(page, 9);
});

test('a loop: its ends are set here, it is seen, played again and again, and cleared', async ({ page }) => {
  await open(page, 'step=3');
  const without = await drawn(page);
  await page.keyboard.press('[');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await at(page, 5);
  await button(page, 'Repeat up to here').click();
  await expect(transport(page).getByRole('group', { name: 'Repeat' })).toContainText('3–5');
  await expect(strip(page)).toHaveAttribute('aria-valuetext', /Repeats operations 3 to 5\.$/);
  await speed(page).selectOption('20');
  await button(page, 'Play').click();
  const places = new Set<string>();
  await expect
    .poll(async () => {
      places.add((await place(page)) ?? '');
      return places.size;
    })
    .toBe(3);
  await page.waitForTimeout(600);
  await expect(button(page, 'Pause')).toBeVisible();
  await button(page, 'Pause').click();
  expect([...places].sort()).toEqual(['3.0', '4.0', '5.0']);
  await page.keyboard.press('\\');
  await expect(button(page, 'Do not repeat')).toHaveCount(0);
  await page.keyboard.press('Home');
  for (let i = 1; i <= 3; i++) await page.keyboard.press('ArrowRight');
  await at(page, 3);
  await expect.poll(() => drawn(page)).toBe(without);
});

test('markers: how many of each kind, told apart by shape, and the way from one to the next', async ({ page }) => {
  await open(page, 'run=misuse');
  const marks = transport(page).getByRole('group', { name: 'Marked operations' });
  await expect(marks.locator('svg')).not.toHaveCount(0);
  const paths = await marks.locator('.count path').evaluateAll((all) => all.map((path) => path.getAttribute('d')));
  expect(paths.length).toBe(3);
  expect(new Set(paths).size).toBe(3);
  await expect(marks).toContainText(/something went wrong that the kernel did not notice: \d+/);
  await expect(button(page, 'Previous marked operation')).toHaveAttribute('aria-disabled', 'true');
  const seen: string[] = [];
  const next = button(page, 'Next marked operation');
  while ((await next.getAttribute('aria-disabled')) !== 'true') {
    const before = await place(page);
    if (seen.length % 2) await page.keyboard.press('n');
    else await next.click();
    await expect(page.locator('html')).not.toHaveAttribute('data-place', before ?? '');
    seen.push(await text(sentence(page)));
  }
  const counts = await marks.locator('.count > [aria-hidden]').allTextContents();
  expect(seen).toHaveLength(counts.reduce((sum, count) => sum + Number(count), 0));
  for (const told of seen) expect(told).toMatch(/does not notice|BUG\(\)|oops|NULL|below zero|nobody|two owners/);
  const last = await place(page);
  await page.keyboard.press('p');
  await expect(page.locator('html')).not.toHaveAttribute('data-place', last ?? '');
});

test('the chart comes with the first step, and says in words what it shows', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.setViewportSize(LAPTOP);
  await open(page);
  await expect(page.locator('.chart')).toContainText('comes with the first step');
  await page.waitForLoadState('networkidle');
  expect(fetched.filter((url) => /chart/.test(url))).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await expect(plot(page).locator('canvas')).toBeVisible();
  await expect(plot(page)).toHaveAccessibleName(/After operation 1: No zone has been set up/);
  await page.keyboard.press('End');
  await at(page, await length(page));
  await expect(plot(page)).toHaveAccessibleName(
    /After operation 13: \d+\spages free; order 0: \d+\sblocks?; .*order 9: 1\sblock\. For a request of order 3: unusable 0\.\d{3}; external fragmentation −1 \(it does not fail\)\./,
  );
  await chart(page).getByRole('combobox', { name: 'Order' }).selectOption('9');
  await expect(plot(page)).toHaveAccessibleName(/For a request of order 9/);
});

test('the chart has the time axis of the strip: its mark stands above, and a click goes there', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page, 'run=misuse&step=5');
  await expect(plot(page).locator('canvas')).toBeVisible();
  const total = await length(page);
  await plot(page).click({ position: { x: ((await plot(page).boundingBox())?.width ?? 0) * 0.6, y: 20 } });
  await at(page, Math.round(0.6 * total));
  const [above, below, mark] = await Promise.all([
    plot(page).boundingBox(),
    strip(page).boundingBox(),
    plot(page).locator('.now').boundingBox(),
  ]);
  expect(above?.x).toBe(below?.x);
  expect(above?.width).toBe(below?.width);
  const expected = (above?.x ?? 0) + (Math.round(0.6 * total) / total) * (above?.width ?? 0);
  expect(Math.abs((mark?.x ?? 0) + 1 - expected)).toBeLessThan(1.5);
});

test('the chart of one zone, of all, of none: it can be put away, and fetched by its key', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page, 'run=three-zones&step=10');
  const zone = chart(page).getByRole('combobox', { name: 'Zone' });
  await expect(zone.locator('option')).toHaveText(['all zones', 'DMA', 'Normal', 'HighMem']);
  const all = await plot(page).getAttribute('aria-label');
  await zone.selectOption('DMA');
  await expect(plot(page)).not.toHaveAttribute('aria-label', all ?? '');
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('f');
  await expect(chart(page)).toHaveCount(0);
  await page.keyboard.press('f');
  await expect(plot(page).locator('canvas')).toBeVisible();
});

test('of a trace the chart shows free pages, and says what it cannot', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page, 'run=boot-idle&step=600');
  await expect(plot(page)).toHaveAccessibleName(/After operation 600: .+\spages free, \d+ on CPUs’ lists/);
  await expect(chart(page)).toContainText('no blocks by order, no fragmentation');
  await expect(chart(page).getByRole('combobox')).toHaveCount(0);
});

test('on a phone the rest of the controls wait behind a button, and the chart with them', async ({ page }) => {
  await page.setViewportSize(PHONE);
  await open(page, 'run=misuse&step=5');
  await expect(chart(page)).toHaveCount(0);
  await expect(button(page, 'Next marked operation')).toBeHidden();
  await button(page, 'More').click();
  await button(page, 'Next marked operation').click();
  await expect(page.locator('html')).not.toHaveAttribute('data-place', '5.0');
  await button(page, 'Chart').click();
  await expect(plot(page).locator('canvas')).toBeVisible();
  await fits(page);
});

test('by keyboard alone: every control of the timeline is reached and does its work', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page, 'run=misuse&step=8');
  await expect(plot(page).locator('canvas')).toBeVisible();
  await strip(page).focus();
  const reached = [await focused(page), ...(await tabbed(page, (name) => name.startsWith('Speed'), 20))];
  const names = [
    'Time',
    'Inside',
    'To the beginning',
    'Step back',
    'Play',
    'Step',
    'Step into',
    'Step over',
    'To the end',
    'Operation',
    'Repeat from',
    'Repeat up',
    'Chart',
    'Previous marked',
    'Next marked',
    'Speed',
  ];
  expect(reached).toHaveLength(names.length);
  for (const [i, name] of names.entries()) expect(reached[i]).toMatch(new RegExp(`^${name}`));
  await button(page, 'Repeat from here').focus();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Do not repeat')).toBeVisible();
  await button(page, 'Chart').focus();
  await page.keyboard.press('Space');
  await expect(chart(page)).toHaveCount(0);
  await at(page, 8);
});

test('who wants no motion sees none: marks jump, and playing goes on', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(LAPTOP);
  await open(page, 'step=2');
  await expect(plot(page).locator('canvas')).toBeVisible();
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('pf-explorer')].flatMap((explorer) => explorer.getAnimations({ subtree: true }))
        .length,
  );
  expect(moving).toBe(0);
  await speed(page).selectOption('20');
  await button(page, 'Play').click();
  await at(page, await length(page));
});

for (const [name, viewport] of Object.entries(SIZES))
  for (const lang of ['en', 'ru'])
    for (const theme of ['light', 'dark'])
      test(`axe finds nothing in the timeline: ${name}, ${lang}, ${theme}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await open(page, `run=misuse&step=9.3&lang=${lang}&theme=${theme}`);
        await page.keyboard.press('[');
        if (name === 'phone') {
          await page.locator('pf-transport .more').click();
          await page.keyboard.press('f');
        }
        await expect(plot(page).locator('canvas')).toBeVisible();
        await axe(page, ['pf-explorer', 'footer']);
        const small = await page.evaluate(() => {
          const roots = ['pf-timeline', 'pf-transport', 'pf-chart'].map(
            (part) => document.querySelector('pf-explorer')?.shadowRoot?.querySelector(part)?.shadowRoot,
          );
          return roots
            .flatMap((root) => [...(root?.querySelectorAll('button, input, select, [role=slider]') ?? [])])
            .filter((control) => control.checkVisibility())
            .map((control) => ({ name: control.className, box: control.getBoundingClientRect() }))
            .filter(({ box }) => box.width < 24 || box.height < 24)
            .map((control) => control.name);
        });
        expect(small).toEqual([]);
      });

test('the chart follows when the run is changed', async ({ page }) => {
  await open(page, 'run=three-zones&chart=on&show=call');
  await page.keyboard.press('End');
  const total = await length(page);
  await at(page, total);
  const chart = page.locator('pf-chart');
  const places = (): Promise<number[]> =>
    chart.evaluate((one) => [...((one as unknown as { memory: { places: number[] } | null }).memory?.places ?? [])]);
  await expect.poll(async () => (await places()).at(-1)).toBe(total);
  const before = await drawn(page);
  await page.locator('pf-call-box select[name=op]').selectOption('alloc_page');
  await page.locator('pf-call-box').getByRole('button', { name: 'Make the call' }).click();
  await at(page, total + 1);
  await expect.poll(async () => (await places()).at(-1)).toBe(total + 1);
  await expect.poll(() => drawn(page)).not.toBe(before);
});
