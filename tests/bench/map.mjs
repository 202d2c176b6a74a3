/*
 * What a picture of a large machine costs in the browser: the built page in headless Chromium with software rendering, window
 * 1440 x 900, one device pixel a CSS pixel. Use: node map.mjs [GIB...]
 *
 * `work` is what the worker takes for a frame, from the wish to the pixels given to the browser; `frames` is how far apart the
 * browser's frames come meanwhile in the page (16.7 ms at best).
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bigMachine } from './big-machine.mjs';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const require = createRequire(join(web, 'package.json'));
const { chromium } = require('playwright-core');
const { launchOptions } = await import('../../web/test/chromium.ts');

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
const EVENTS = 2000;
const FRAMES = 240;
const SPEEDS = ['1', '20', '1000'];

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://host').pathname.replace(/\/$/, '/index.html');
  try {
    const content = readFileSync(join(web, 'dist', name));
    response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const percentile = (numbers, part) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};
const both = (numbers) => [0.5, 0.99].map((part) => percentile(numbers, part).toFixed(1).padStart(6)).join(' ');
const row = (name, { work, frames }) =>
  console.log(`${name.padEnd(34)} ${both(work)}   ${frames.length > 0 ? both(frames) : ''}`);

/** In the worker: every message and every frame is timed from now on. */
function watch() {
  self.times = [];
  const timed = (act) => {
    const begin = performance.now();
    const result = act();
    self.times.push(performance.now() - begin);
    return result;
  };
  const later = self.requestAnimationFrame.bind(self);
  self.requestAnimationFrame = (draw) => later((now) => timed(() => draw(now)));
  const { onmessage } = self;
  self.onmessage = (event) => (event.data.type === 'seek' ? timed(() => onmessage(event)) : onmessage(event));
}

/** In the page: `act` once a frame, for that many frames; returns the time between them. */
async function everyFrame(page, frames, act) {
  return page.evaluate(
    async ([count, name]) => {
      const map = document.querySelector('pf-explorer').shadowRoot.querySelector('pf-map');
      const canvas = map.shadowRoot.querySelector('.space > canvas');
      const box = canvas.getBoundingClientRect();
      const wheel = (deltaX, deltaY) =>
        canvas.dispatchEvent(
          new WheelEvent('wheel', {
            deltaX,
            deltaY,
            clientX: box.left + box.width * 0.4,
            clientY: box.top + box.height * 0.6,
            cancelable: true,
          }),
        );
      const acts = {
        pan: (i) => wheel(i % 120 < 60 ? 7 : -7, 0),
        zoom: (i) => wheel(0, i % 120 < 60 ? -40 : 40),
        filter: (i) =>
          i % 4 === 0 && map.shadowRoot.querySelector('pf-map-legend').shadowRoot.querySelector('button').click(),
        wait: () => undefined,
      };
      const stamps = [];
      for (let i = 0; i <= count; i++) {
        stamps.push(await new Promise((done) => requestAnimationFrame(done)));
        acts[name](i);
      }
      return stamps.slice(1).map((stamp, i) => stamp - stamps[i]);
    },
    [frames, act],
  );
}

async function measured(page, worker, frames, act) {
  await worker.evaluate(() => {
    self.times.length = 0;
  });
  const between = await everyFrame(page, frames, act);
  return { work: await worker.evaluate(() => self.times), frames: between };
}

/** One press of the wheel after another, until a frame has about that many pixels. */
async function approach(page, steps) {
  await page.locator('pf-map .space > canvas').focus();
  for (let i = 0; i < steps; i++) await page.keyboard.press('+');
  await page.waitForTimeout(600);
}

async function jumps(page, worker) {
  await worker.evaluate(() => {
    self.times.length = 0;
  });
  const input = page.locator('pf-transport input').first();
  for (let i = 0; i < 12; i++) {
    await input.fill(String(1 + ((i * 1619) % (EVENTS - 1))));
    await input.press('Enter');
    await page.waitForTimeout(250);
  }
  return { work: await worker.evaluate(() => self.times), frames: [] };
}

async function play(page, worker, speed) {
  await page.keyboard.press('Home');
  await page.locator('pf-transport select').selectOption(speed);
  await page.keyboard.press('Escape');
  await page.locator('pf-transport .play, pf-transport button[aria-label="Play"]').first().click();
  const result = await measured(page, worker, FRAMES, 'wait');
  const pause = page.locator('pf-transport button[aria-label="Pause"]');
  if (await pause.count()) await pause.click();
  return result;
}

async function machine(browser, gib) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForSelector('html[data-ready=true]');
  const { start, trace } = bigMachine(gib, EVENTS);
  const begin = performance.now();
  await page.setInputFiles('input[type=file]', [
    { name: 'bench.kpageflags', mimeType: 'text/plain', buffer: Buffer.from(start) },
    { name: 'bench.trace', mimeType: 'text/plain', buffer: Buffer.from(trace) },
  ]);
  await page.waitForFunction(
    (events) =>
      document.querySelector('pf-explorer').session?.source?.kind === 'trace' &&
      document.querySelector('pf-explorer').session.length >= events,
    EVENTS,
    { timeout: 120_000 },
  );
  await page.waitForTimeout(1000);
  console.log(`\nthe map of ${gib} GiB, opened in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  console.log(`${'ms, p50 and p99'.padEnd(34)} ${'work'.padStart(13)}   ${'frames'.padStart(13)}`);
  const [worker] = page.workers();
  await worker.evaluate(watch);
  for (const layout of ['Rows', 'Quilt']) {
    await page.getByRole('button', { name: layout, exact: true }).click();
    await page.waitForTimeout(800);
    const name = layout.toLowerCase();
    row(`${name}: zooming`, await measured(page, worker, FRAMES, 'zoom'));
    await page.locator('pf-map .space > canvas').focus();
    await page.keyboard.press('0');
    await approach(page, 1);
    row(`${name}: panning, from afar`, await measured(page, worker, FRAMES, 'pan'));
    await approach(page, 4);
    row(`${name}: panning, blocks`, await measured(page, worker, FRAMES, 'pan'));
    await approach(page, 3);
    row(`${name}: panning, frames`, await measured(page, worker, FRAMES, 'pan'));
    await page.keyboard.press('0');
    await page.waitForTimeout(400);
    row(`${name}: redrawing all of it`, await measured(page, worker, 60, 'filter'));
    row(`${name}: jumping`, await jumps(page, worker));
    for (const speed of SPEEDS) row(`${name}: playing, ${speed} a second`, await play(page, worker, speed));
  }
  await page.close();
}

const browser = await chromium.launch(launchOptions);
const sizes = process.argv.slice(2).map(Number);
for (const gib of sizes.length > 0 ? sizes : [16, 64]) await machine(browser, gib);
await browser.close();
server.close();
