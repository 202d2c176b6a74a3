import type { Page } from '@playwright/test';
import { inRepository } from '../core/helpers.ts';
import { at, axe, button, expect, fits, length, open, PHONE, picture, SIZES, test, text } from './page.ts';

const canvas = (page: Page) => page.locator('pf-map .space > canvas');
const param = (page: Page, name: string): string | null =>
  new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);
const zoom = (page: Page): number => Number(param(page, 'zoom') ?? 0);

/** When nothing moves any more. */
async function still(page: Page): Promise<string> {
  let before = '';
  for (let now = await picture(page); now !== before; now = await picture(page)) {
    before = now;
    await page.waitForTimeout(200);
  }
  return before;
}

/** The address follows when the map has come to rest. */
async function settled(page: Page): Promise<void> {
  let before = '';
  while (page.url() !== before) {
    before = page.url();
    await page.waitForTimeout(600);
  }
}

async function press(page: Page, key: string, times = 1): Promise<void> {
  await canvas(page).focus();
  for (let i = 0; i < times; i++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(220);
  }
}

/** How many different pictures the map shows while something is done, and two seconds longer. */
async function differentPictures(page: Page, act: () => Promise<void>): Promise<number> {
  const watch = await canvas(page).evaluateHandle(async (map: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(map.width, map.height).getContext('2d', { willReadFrequently: true });
    const seen = new Set<string>();
    const look = async (): Promise<void> => {
      await new Promise(requestAnimationFrame);
      copy?.drawImage(map, 0, 0);
      const pixels = copy?.getImageData(0, 0, map.width, map.height).data ?? new Uint8Array();
      seen.add(new Uint8Array(await crypto.subtle.digest('SHA-1', pixels)).join());
    };
    await look();
    let end = Number.POSITIVE_INFINITY;
    const looked = (async () => {
      while (performance.now() < end) await look();
      return seen.size;
    })();
    const stop = (): Promise<number> => {
      end = performance.now() + 2000;
      return looked;
    };
    return { stop };
  });
  await act();
  return watch.evaluate(({ stop }) => stop());
}

test('rows and quilt: by button, in the link, and back', async ({ page, context }) => {
  await open(page, 'step=12');
  const rows = await still(page);
  await button(page, 'Quilt').click();
  await expect(button(page, 'Quilt')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => param(page, 'map')).toBe('quilt');
  const quilt = await still(page);
  expect(quilt).not.toBe(rows);
  const other = await context.newPage();
  await other.goto(page.url());
  await at(other, 12);
  expect(await still(other)).toBe(quilt);
  await button(page, 'Rows').click();
  await expect.poll(() => param(page, 'map')).toBeNull();
  await page.mouse.move(5, 5);
  expect(await still(page)).toBe(rows);
});

test('a zone of its own has a part of the quilt of its own', async ({ page }) => {
  await open(page, 'machine=pc-64&step=2&map=quilt');
  await expect(page.locator('pf-map .over text')).toHaveText([/Node 0, DMA, .*16.MiB/, /Node 0, Normal, .*48.MiB/]);
});

test('by keyboard: nearer, farther, sideways, and everything', async ({ page, context }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, 'machine=pc-64&step=2');
  const all = await still(page);
  await press(page, '+', 3);
  await expect.poll(() => zoom(page)).toBeGreaterThan(8);
  await settled(page);
  const [near, centre] = [zoom(page), param(page, 'at')];
  await press(page, 'Shift+ArrowRight');
  await expect.poll(() => param(page, 'at')).not.toBe(centre);
  await settled(page);
  expect(zoom(page)).toBe(near);
  const other = await context.newPage();
  await other.goto(page.url());
  await at(other, 2);
  await expect.poll(() => zoom(other)).toBe(near);
  expect(param(other, 'at')).toBe(param(page, 'at'));
  await press(page, '-');
  await expect.poll(() => zoom(page)).toBeLessThan(near);
  await press(page, '0');
  await expect.poll(() => zoom(page)).toBe(0);
  expect(await still(page)).toBe(all);
});

test('the buttons zoom, as far as there is anything to see', async ({ page }) => {
  await open(page, 'step=12');
  await expect(button(page, 'Zoom out')).toHaveAttribute('aria-disabled', 'true');
  for (let i = 0; i < 4; i++) {
    await button(page, 'Zoom in').click();
    await page.waitForTimeout(250);
  }
  await expect.poll(() => zoom(page)).toBe(176);
  await expect(button(page, 'Zoom in')).toHaveAttribute('aria-disabled', 'true');
  await button(page, 'Zoom out').click();
  await expect.poll(() => zoom(page)).toBe(88);
  await button(page, 'Show everything').click();
  await expect.poll(() => zoom(page)).toBe(0);
});

test('wheel and mouse: zooms where the pointer is, and drags', async ({ page }) => {
  await open(page, 'machine=pc-64&step=2');
  await canvas(page).hover({ position: { x: 200, y: 200 } });
  const frame = page.locator('pf-inspector h2');
  await expect(frame).toHaveText(/0x/);
  const pointed = await text(frame);
  for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -200);
  await expect.poll(() => zoom(page)).toBeGreaterThan(20);
  await settled(page);
  await expect(frame).toHaveText(pointed);
  const before = param(page, 'at');
  const box = await canvas(page).boundingBox();
  if (!box) throw new Error('no map');
  await page.mouse.move(box.x + 300, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 220, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => param(page, 'at')).not.toBe(before);
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, 300);
  await expect.poll(() => zoom(page)).toBe(0);
});

test('two fingers zoom, one pans', async ({ browser }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const page = await context.newPage();
  await open(page, 'step=12');
  const box = await canvas(page).boundingBox();
  if (!box) throw new Error('no map');
  const touch = await context.newCDPSession(page);
  const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((x, id) => ({ x: box.x + x, y: box.y + 100, id })),
    });
  await fingers('touchStart', 150, 180);
  for (let apart = 30; apart <= 150; apart += 20) await fingers('touchMove', 165 - apart / 2, 165 + apart / 2);
  await fingers('touchEnd');
  await expect.poll(() => zoom(page)).toBeGreaterThan(10);
  await settled(page);
  const [near, centre] = [zoom(page), param(page, 'at')];
  await fingers('touchStart', 100);
  for (let x = 110; x <= 220; x += 10) await fingers('touchMove', x);
  await fingers('touchEnd');
  await expect.poll(() => param(page, 'at')).not.toBe(centre);
  await settled(page);
  expect(zoom(page)).toBe(near);
  await context.close();
});

test('the small picture of everything leads elsewhere', async ({ page }) => {
  await open(page, 'step=12&zoom=100&at=0');
  const before = await still(page);
  const box = await canvas(page).boundingBox();
  if (!box) throw new Error('no map');
  // Rows leave 64 pixels for the zones' names.
  await page.mouse.click(box.x + box.width - 64 - 16, box.y + box.height - 16);
  await expect.poll(() => Number.parseInt(param(page, 'at') ?? '0', 16)).toBeGreaterThan(0x200);
  expect(await still(page)).not.toBe(before);
});

test('a press that is let go outside the map leaves nothing behind', async ({ page }) => {
  await open(page, 'step=12');
  const box = await canvas(page).boundingBox();
  if (!box) throw new Error('no map');
  await page.mouse.move(box.x + 100, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 100, box.y + 300);
  await page.mouse.up();
  await page.mouse.move(box.x + 55, box.y + 5);
  await expect.poll(() => param(page, 'frame')).toBe('0');
});

test('the small picture of everything hides the frames below it from the pointer', async ({ page }) => {
  await open(page, 'step=12&zoom=100&at=0');
  const box = await canvas(page).boundingBox();
  if (!box) throw new Error('no map');
  await page.mouse.move(box.x + 80, box.y + 40);
  await expect.poll(() => param(page, 'frame')).toBe('0');
  await page.mouse.move(box.x + box.width - 64 - 16, box.y + box.height - 16);
  await page.mouse.move(box.x + box.width - 64 - 20, box.y + box.height - 20);
  await settled(page);
  expect(param(page, 'frame')).toBe('0');
});

for (const width of [1160, 390])
  test(`what lies under the dot of the cursor is told where there is little room: ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, 'machine=pc-1024&step=2&frame=1a5a5');
    const title = page.locator('pf-map .title');
    await expect(title).toHaveText(/^Under this dot: \d+ \w+/);
    expect(await title.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  });

test('on a phone the map tells itself what the frame of the cursor is, as near or far as it is seen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, 'machine=pc-1024&step=2&frame=1c18');
  const title = page.locator('pf-map .title');
  await expect(title).toHaveText('Under this dot: 8 reserved, 4 free, 4 in use.');
  await button(page, 'Zoom in').click();
  await expect(title).toHaveText('Under this dot: 2 free, 2 in use.');
  await button(page, 'Zoom in').click();
  await expect(title).toHaveText('Frame 0x1c18: allocated');
});

test('on a phone no state is missing from the legend', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, 'run=three-eras&kernel=linux-6.1&step=1500&lang=ru');
  const list = page.locator('pf-map-legend ul');
  await expect(list.locator('li')).toHaveCount(4);
  expect(await list.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
});

test('the cursor stays in view when it is moved by keys', async ({ page }) => {
  await open(page, 'step=12&zoom=100&at=0');
  await press(page, 'Home');
  const before = param(page, 'at');
  await press(page, 'ArrowDown', 12);
  await expect.poll(() => param(page, 'at')).not.toBe(before);
  const cursor = page.locator('pf-map .cursor');
  await expect(cursor).toHaveCount(1);
  const [mark, map] = [await cursor.boundingBox(), await canvas(page).boundingBox()];
  if (!mark || !map) throw new Error('nothing there');
  expect(mark.y).toBeGreaterThan(map.y);
  expect(mark.y + mark.height).toBeLessThan(map.y + map.height);
});

test('in the quilt the arrow keys go where they point', async ({ page }) => {
  await open(page, 'step=12&map=quilt');
  const frame = page.locator('pf-inspector h2');
  const ways = {
    Home: '0x0',
    ArrowRight: '0x1',
    ArrowDown: '0x3',
    'ArrowRight again': '0x6',
    ArrowUp: '0x4',
    ArrowLeft: '0x1',
  };
  for (const [way, to] of Object.entries(ways)) {
    await press(page, way.split(' ')[0] ?? '');
    await expect(frame).toHaveText(`Frame ${to}`);
  }
});

test('the legend dims what is not asked for, and counts', async ({ page }) => {
  await open(page, 'step=12');
  const all = await still(page);
  const allocated = page.locator('pf-map-legend').getByRole('button', { name: /^allocated/ });
  await expect(allocated).toContainText('8');
  await allocated.focus();
  await page.keyboard.press('Enter');
  await expect(allocated).toHaveAttribute('aria-pressed', 'true');
  const some = await still(page);
  expect(some).not.toBe(all);
  await page.keyboard.press('Enter');
  await expect(allocated).toHaveAttribute('aria-pressed', 'false');
  expect(await still(page)).toBe(all);
});

test('a split is seen to happen, and what stays afterwards is the same as without', async ({ page }) => {
  await open(page, 'step=12');
  const final = await still(page);
  await page.goto('./#step=11');
  await at(page, 11);
  await still(page);
  const pictures = await differentPictures(page, async () => {
    await page.keyboard.press('ArrowRight');
    await at(page, 12);
  });
  expect(pictures, 'before, after, and what moves between').toBeGreaterThan(2);
  expect(await still(page)).toBe(final);
});

test('nothing moves for those who want it calm', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, 'step=11');
  await still(page);
  const step = async (): Promise<void> => {
    await page.keyboard.press('ArrowRight');
    await at(page, 12);
  };
  expect(await differentPictures(page, step), 'before and after').toBe(2);
  const change = async (): Promise<void> => {
    await button(page, 'Quilt').click();
    await expect(button(page, 'Quilt')).toHaveAttribute('aria-pressed', 'true');
  };
  expect(await differentPictures(page, change), 'before and after').toBe(2);
});

test.describe('pageblocks', () => {
  const BOOTED = 'kernel=linux-6.1&machine=pc-64&step=2&map=quilt';
  const legend = (page: Page) => page.locator('pf-pageblock-legend');
  const entries = (page: Page) => legend(page).getByRole('button');

  test('their types are counted, and can be asked for', async ({ page }) => {
    await open(page, 'map=quilt');
    await page.setInputFiles('input[type=file]', inRepository('tests/golden/linux-6.1/fallback-scatter.jsonl.gz'));
    await expect.poll(() => length(page)).toBe(4922);
    await page.locator('pf-transport input').first().fill('3000');
    await page.keyboard.press('Enter');
    await at(page, 3000);
    await expect(entries(page)).toHaveText([
      'Pageblocks',
      /^\s*Unmovable 9$/,
      /^\s*Movable 50$/,
      /^\s*Reclaimable 5$/,
      /^\s*mixed 2$/,
    ]);
    const all = await still(page);
    const seen = [all];
    for (const name of ['Movable 50', 'mixed 2']) {
      const entry = entries(page).filter({ hasText: new RegExp(`^\\s*${name}$`) });
      await entry.click();
      await expect(entry).toHaveAttribute('aria-pressed', 'true');
      const asked = await still(page);
      expect(seen).not.toContain(asked);
      seen.push(asked);
      await entry.click();
      await expect(entry).toHaveAttribute('aria-pressed', 'false');
      await expect.poll(() => picture(page)).toBe(all);
    }
  });

  test('they are drawn or not, by keyboard, and the link holds it', async ({ page, context }) => {
    await open(page, BOOTED);
    await expect(entries(page)).toHaveText(['Pageblocks', 'Unmovable 2', 'Movable 30']);
    const drawn = await still(page);
    const toggle = entries(page).first();
    await toggle.focus();
    await page.keyboard.press('Enter');
    await expect(entries(page)).toHaveText(['Pageblocks']);
    await expect(toggle).toBeFocused();
    await expect.poll(() => param(page, 'pageblocks')).toBe('off');
    const bare = await still(page);
    expect(bare).not.toBe(drawn);
    const other = await context.newPage();
    await other.goto(page.url());
    await at(other, 2);
    await expect(entries(other)).toHaveText(['Pageblocks']);
    expect(await still(other)).toBe(bare);
    await page.keyboard.press('Enter');
    await expect.poll(() => param(page, 'pageblocks')).toBeNull();
    await expect.poll(() => picture(page)).toBe(drawn);
  });

  test('a frame tells of its own, and the map in words of all', async ({ page }) => {
    await open(page, `${BOOTED}&frame=1000&panels=inspector,text`);
    await expect(page.locator('pf-inspector dt').filter({ hasText: 'pageblock' })).toBeVisible();
    await expect(page.locator('pf-inspector dd').filter({ hasText: /^Unmovable$/ })).toBeVisible();
    const words = page.locator('pf-map-text table').last();
    await expect(words.locator('tbody tr').nth(1)).toHaveText(/0x1000–0x11ff\s*1\s*Unmovable/);
    await page.goto(page.url().replace('step=2', 'step=2&lang=ru'));
    await expect(page.locator('pf-inspector dt').filter({ hasText: 'блок страниц' })).toBeVisible();
    await expect(entries(page).first()).toHaveText('Блоки страниц');
  });

  test('a kernel that has none shows none', async ({ page }) => {
    await open(page, 'step=12');
    await expect(page.locator('pf-map-legend button').first()).toBeVisible();
    await expect(legend(page)).toHaveCount(0);
  });
});

for (const theme of ['light', 'dark'])
  for (const [name, viewport] of Object.entries(SIZES))
    for (const source of ['run=boot-idle&step=600', 'kernel=linux-6.1&machine=pc-64&step=2'])
      test(`its controls are large enough, and axe finds nothing: ${source}, ${name}, ${theme}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await open(page, `${source}&map=quilt&zoom=12&at=3000&theme=${theme}`);
        await page.locator('pf-map-legend button').first().click();
        await page.locator('pf-map li button').last().click();
        for (const one of await page.locator('pf-map button').all()) {
          const box = await one.boundingBox();
          expect(Math.min(box?.width ?? 0, box?.height ?? 0), (await one.textContent()) ?? '').toBeGreaterThanOrEqual(
            24,
          );
        }
        await axe(page, { fromShadowDom: ['pf-explorer', 'pf-map'] });
        await fits(page);
      });
