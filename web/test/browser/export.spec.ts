import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { digestOf, workerOf } from './digest.ts';
import { at, expect, length, open, sentence, test, text } from './page.ts';

/** Asks for a file in the dialog, and puts the dialog away. */
async function saved(page: Page, name: RegExp): Promise<Download> {
  await page.getByRole('button', { name: /^(Share|Поделиться)$/ }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name }).click();
  const file = await coming;
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return file;
}

const bytesOf = async (file: Download): Promise<Buffer> => readFile((await file.path()) ?? '');

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Drawn {
  width: number;
  height: number;
  /** The mean colour of each tile of 16 dots, as r, g, b. */
  tiles: number[];
}

/** What a browser makes of a picture's file. */
async function drawn(page: Page, type: string, bytes: Buffer, area: Area | null = null): Promise<Drawn> {
  const blank = await page.context().newPage();
  const out = await blank.evaluate(
    async ([url, part]) => {
      const image = new Image();
      image.src = url as string;
      await image.decode();
      const { x, y, width, height } = (part as Area | null) ?? {
        x: 0,
        y: 0,
        width: image.naturalWidth,
        height: image.naturalHeight,
      };
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [Math.floor(width / 16), Math.floor(height / 16)];
      const whole = document.createElement('canvas');
      [whole.width, whole.height] = [width, height];
      const context = whole.getContext('2d', { willReadFrequently: true });
      context?.drawImage(image, -x, -y);
      const tiles: number[] = [];
      for (let row = 0; row < canvas.height; row++)
        for (let column = 0; column < canvas.width; column++) {
          const { data } = context?.getImageData(column * 16, row * 16, 16, 16) ?? { data: [] };
          for (let channel = 0; channel < 3; channel++) {
            let sum = 0;
            for (let i = channel; i < data.length; i += 4) sum += data[i] ?? 0;
            tiles.push(sum / 256);
          }
        }
      return { width: image.naturalWidth, height: image.naturalHeight, tiles };
    },
    [`data:${type};base64,${bytes.toString('base64')}`, area] as const,
  );
  await blank.close();
  return out;
}

/** Channels of tiles that differ clearly: fonts and the sides of lines do less. */
const apart = (a: Drawn, b: Drawn, isMeant: (x: number, y: number) => boolean = () => true): number => {
  const columns = Math.floor(a.width / 16);
  const place = (i: number): [number, number] => [(Math.floor(i / 3) % columns) * 16, Math.floor(i / 3 / columns) * 16];
  return a.tiles.filter((value, i) => isMeant(...place(i)) && Math.abs(value - (b.tiles[i] ?? -255)) > 48).length;
};

/** Where the small picture of everything stands, which the SVG does without. */
const OVERVIEW = { width: 180, height: 190 };

const VIEWS: Record<string, { fragment: string; paper: number; title: string; legend?: RegExp }> = {
  'rows, light': { fragment: 'run=three-zones&step=8&lang=en&theme=light', paper: 252, title: 'Three zones' },
  'quilt, dark, in Russian': {
    fragment: 'run=three-zones&step=12&map=quilt&lang=ru&theme=dark',
    paper: 21,
    title: 'Три зоны',
  },
  'near, with blocks by number': {
    fragment: 'run=two-nodes&step=10&zoom=24&at=40&lang=en&theme=light',
    paper: 252,
    title: 'Two nodes',
  },
  'quilt, with pageblocks': {
    fragment: 'run=three-eras&kernel=linux-6.1&map=quilt&step=2&lang=en&theme=light',
    paper: 252,
    title: 'The same workload',
    legend: /Pageblocks: Movable \d+/,
  },
};

for (const [name, { fragment, paper, title, legend }] of Object.entries(VIEWS))
  test(`the picture as PNG and as SVG shows the map: ${name}`, async ({ page }) => {
    await open(page, fragment);
    const said = await text(sentence(page));
    await page.mouse.move(2, 2);
    const map = page.locator('pf-map .space > canvas');
    const area = (await map.boundingBox()) as Area;
    const png = await saved(page, /PNG/);
    expect(png.suggestedFilename()).toMatch(/^(three-zones|two-nodes|three-eras)\.png$/);
    const svg = await saved(page, /SVG/);
    expect(svg.suggestedFilename()).toMatch(/\.svg$/);

    // In the SVG everything is text: who made it, which place it is of, what is said of it, what the colours mean.
    const source = (await bytesOf(svg)).toString('utf8');
    const told = await page.evaluate((xml) => {
      const parsed = new DOMParser().parseFromString(xml, 'image/svg+xml');
      const lines = [...parsed.querySelectorAll('text')].map((line) => line.textContent ?? '');
      const alien = [...parsed.querySelectorAll('script, image, foreignObject, use[href]')].length;
      return { fault: parsed.querySelector('parsererror')?.textContent ?? '', all: lines.join(' '), alien };
    }, source);
    expect(told.fault).toBe('');
    expect(told.alien).toBe(0);
    expect(told.all).toContain(title);
    expect(told.all).toContain(said.replace(/\s+/g, ' ').trim());
    expect(told.all).toMatch(/allocated \d+|выделен \d+/);
    if (legend) expect(told.all).toMatch(legend);
    else expect(told.all).not.toContain('Pageblocks');

    const fromPng = await drawn(page, 'image/png', await bytesOf(png));
    const fromSvg = await drawn(page, 'image/svg+xml', await bytesOf(svg));
    expect([fromSvg.width, fromSvg.height]).toEqual([fromPng.width, fromPng.height]);
    expect(fromPng.tiles[0]).toBeCloseTo(paper, -1);
    const isMap = (x: number, y: number): boolean =>
      !fragment.includes('zoom=') || x < fromPng.width - 80 - OVERVIEW.width || y < fromPng.height - OVERVIEW.height;
    expect(apart(fromPng, fromSvg, isMap)).toBe(0);

    // And the PNG shows what the page does, where the SVG says that the map begins.
    const [x = 0, y = 0] = /translate\((\d+) (\d+)\)/.exec(source)?.slice(1).map(Number) ?? [];
    const size = { width: Math.floor(area.width), height: Math.floor(area.height) };
    const seen = await drawn(page, 'image/png', await map.screenshot(), { x: 0, y: 0, ...size });
    const part = await drawn(page, 'image/png', await bytesOf(png), { x, y, ...size });
    expect(part.tiles).toHaveLength(seen.tiles.length);
    expect(apart(seen, part)).toBeLessThanOrEqual(9);

    // What differs is told apart: the same picture two steps on.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect(sentence(page)).not.toHaveText(said);
    const other = await drawn(page, 'image/png', await bytesOf(await saved(page, /PNG/)));
    expect(apart(fromPng, other)).toBeGreaterThan(9);
  });

test('the run as a file ends in the state of the run it is of; a changed one in that of the changed run', async ({
  page,
}) => {
  await open(page, 'run=misuse&show=call');
  const shipped = await (await page.request.get('examples/misuse.jsonl')).body();
  const worker = await workerOf(page);
  const whole = await saved(page, /^Run$/);
  expect(whole.suggestedFilename()).toBe('misuse.jsonl');
  const digest = await digestOf(page, worker, await bytesOf(whole));
  expect(digest).toMatch(/^[0-9a-f]{16}$/);
  expect(digest).toBe(await digestOf(page, worker, shipped));

  await page.keyboard.press('End');
  await at(page, await length(page));
  await page.locator('pf-call-box select[name=op]').selectOption('alloc_page');
  await page.locator('pf-call-box').getByRole('button', { name: 'Make the call' }).click();
  await expect(page.locator('pf-run-menu .open')).toContainText('changed');
  const total = await length(page);
  const changed = await saved(page, /^Run$/);
  expect(changed.suggestedFilename()).toBe('misuse-changed.jsonl');
  const call = Buffer.from('{"op":"alloc_page","gfp":"GFP_KERNEL"}\n');
  const other = await digestOf(page, worker, await bytesOf(changed));
  expect(other).toBe(await digestOf(page, worker, Buffer.concat([shipped, call])));
  expect(other).not.toBe(digest);

  await page.setInputFiles('input[type=file]', (await changed.path()) ?? '');
  await at(page, 0);
  expect(await length(page)).toBe(total);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
