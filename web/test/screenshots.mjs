// Pictures of the built page, for people to look at: light and dark, wide and phone, English and Russian.
//   node test/screenshots.mjs [NAME...]     into test/shots/; `readme`, or no name: also ../docs/screenshot.png

import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const DIST = process.env.PAGEFRAME_DIST ?? here('../dist');
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const SCREENS = {
  laptop: { width: 1440, height: 900 },
  projector: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};
// Node 20 reads no TypeScript by itself.
const { launchOptions } = (await runnerImport(here('chromium.ts'))).module;
const README = { width: 1360, height: 850 };
const BAD =
  '{"format":"pageframe-run/1","kernel":"linux-2.4.20","machine":{"nodes":[{"id":0,"start_pfn":0,"pages":64}]}}\n{"op":"alloc_pages","gfp":"GFP_KERNEL","order":"x"}\n';
/** On a phone the panels are folded away. */
async function unfold(page) {
  await page.locator('main details:not(.text)').evaluateAll((all) => {
    for (const details of all) details.open = true;
  });
}
/** The second kernel comes a moment after the first. */
async function compared(page) {
  await page.waitForSelector('html[data-other]');
}
/** name: fragment, and what to do then. */
const SCENES = {
  time: {
    fragment: 'run=two-kernels&step=40.7',
    act: async (page) => {
      await page.keyboard.press(']');
      await page.keyboard.press('Home');
      for (let i = 0; i < 12; i++) await page.keyboard.press('l');
      await page.keyboard.press('[');
      await page.keyboard.press('n');
      await page.keyboard.press('j');
      const more = page.locator('pf-transport .more');
      if (await more.isVisible()) await more.click();
    },
  },
  start: { fragment: '' },
  boot: { fragment: 'step=3' },
  bug: { fragment: 'step=6' },
  retire: { fragment: 'step=10.40' },
  eight: { fragment: 'step=12', act: (page) => page.locator('pf-sentence .link').last().click() },
  inside: { fragment: 'step=11.12' },
  trace: { fragment: 'run=boot-idle&step=600' },
  error: {
    fragment: 'step=4',
    act: (page) =>
      page.setInputFiles('input[type=file]', { name: 'bad.jsonl', mimeType: 'text/plain', buffer: Buffer.from(BAD) }),
  },
  zones: { fragment: 'run=three-zones&step=19' },
  pairs: {
    fragment: 'run=three-zones&step=15',
    act: async (page) => {
      await unfold(page);
      await page.getByRole('tab').nth(1).click();
    },
  },
  nodes: { fragment: 'run=two-nodes&step=8' },
  misuse: { fragment: 'run=misuse&step=16', act: (page) => page.locator('pf-sentence .link').last().click() },
  counts: {
    fragment: 'run=misuse&step=27',
    act: async (page) => {
      await unfold(page);
      await page.getByRole('tab').nth(2).click();
    },
  },
  'hot-and-cold': {
    fragment: 'run=hot-and-cold&step=21',
    act: async (page) => {
      await unfold(page);
      await page.locator('pf-per-cpu-lists .link').first().click();
    },
  },
  'two-cpus': { fragment: 'run=two-cpus&step=8', act: unfold },
  protection: { fragment: 'run=protection&step=14', act: unfold },
  caught: { fragment: 'run=misuse-caught&step=19', act: unfold },
  kernel: {
    fragment: 'run=three-zones&step=8',
    act: async (page) => {
      await page.locator('pf-machine .open').click();
      await page.getByRole('button', { name: 'linux-2.6.10', exact: true }).click();
    },
  },
  highmem: { fragment: 'machine=pc-1024&step=2' },
  numa: { fragment: 'machine=numa-2x32&step=2' },
  compare: { fragment: 'run=two-kernels&compare=linux-2.6.10&step=8', act: compared },
  types: { fragment: 'run=three-eras&kernel=linux-6.1&step=1700&panels=lists,watermarks,fallback' },
  'cpu-lists': {
    fragment: 'run=three-eras&kernel=linux-6.1&step=1953&panels=lists,inspector',
    act: (page) => page.getByRole('tab').nth(1).click(),
  },
  memblock: { fragment: 'run=three-eras&kernel=linux-6.1&step=0.200&panels=lists,steps' },
  gaps: {
    fragment: 'run=three-eras&kernel=linux-6.1&step=1',
    act: async (page) => {
      await page.locator('pf-machine .open').click();
      await page.locator('pf-kernel-gaps summary').click();
    },
  },
  eras: { fragment: 'run=three-eras&compare=linux-2.6.10&compare=linux-6.1&step=1953&chart=on', act: compared },
  'eras-quilt': {
    fragment: 'run=three-eras&compare=linux-2.6.10&compare=linux-6.1&side=3&step=1303&map=quilt',
    act: async (page) => {
      await compared(page);
      await unfold(page);
    },
  },
  pageblocks: { fragment: 'run=three-eras&kernel=linux-6.1&map=quilt&step=1953' },
  'pageblocks-asked': {
    fragment: 'run=real-machine&step=8',
    act: (page) => page.locator('pf-pageblock-legend button').last().click(),
  },
  'double-free': { fragment: 'run=double-free&compare=linux-2.6.10&compare=linux-6.1&step=13', act: compared },
  'what-if': { fragment: 'run=double-free&compare=@pc-64&step=2', act: compared },
  'compare-end': {
    fragment: 'run=two-kernels&compare=linux-2.6.10&side=2&step=28',
    act: async (page) => {
      await compared(page);
      await unfold(page);
    },
  },
  call: {
    fragment: 'run=hot-and-cold&step=4&show=call,code',
    act: async (page) => {
      await page.locator('pf-call-box .go').click();
      await page.locator('pf-call-box .result b').waitFor();
    },
  },
  code: { fragment: 'run=misuse&step=16&show=code' },
  refused: {
    fragment: 'step=12&show=call',
    act: async (page) => {
      await page.locator('pf-call-box [name=op]').selectOption('free_pages');
      await page.locator('pf-call-box [name=addr]').fill('nobody+4');
      await page.locator('pf-call-box .go').click();
      await page.locator('pf-call-box .error').waitFor();
    },
  },
  fork: {
    fragment: 'step=11&show=call',
    act: async (page) => {
      await page.locator('pf-call-box .go').click();
      await page.locator('pf-call-box .ends button').first().click();
      await page.locator('pf-differences li').first().waitFor();
    },
  },
  menu: { fragment: 'step=2', act: (page) => page.locator('pf-run-menu .open').click() },
  machine: {
    fragment: 'step=2',
    act: async (page) => {
      await page.locator('pf-machine .open').click();
      await page.locator('input[name="nodes.0.size"]').fill('5 apples');
      await page.locator('.go').click();
    },
  },
  keys: { fragment: 'step=2', act: (page) => page.keyboard.press('?') },
};

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://host').pathname;
  const name = path.endsWith('/') ? `${path}index.html` : path;
  try {
    const content = await readFile(join(DIST, name));
    response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch(launchOptions);

async function shoot(path, scene, screen, theme, lang, whole = false) {
  const page = await browser.newPage({ viewport: SCREENS[screen] ?? README, locale: 'en-GB' });
  const fragment = [scene.fragment, `theme=${theme}`, `lang=${lang}`].filter((part) => part !== '').join('&');
  await page.goto(`${base}#${fragment}`);
  await page.waitForSelector('html[data-ready=true]');
  await scene.act?.(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path, fullPage: whole });
  await page.close();
}

await mkdir(here('shots'), { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const screen of Object.keys(SCREENS))
    for (const theme of ['light', 'dark'])
      for (const lang of ['en', 'ru'])
        await shoot(here(`shots/${name}-${screen}-${theme}-${lang}.png`), scene, screen, theme, lang);
}
if (wanted.length === 0 || wanted.includes('readme'))
  await shoot(here('../../docs/screenshot.png'), SCENES.eight, 'readme', 'light', 'en');
await browser.close();
server.close();
