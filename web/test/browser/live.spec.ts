import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { choose, expect, test } from './page.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const BUILDS = ['dev', 'release'].map((preset) => path(`../../../build/${preset}/pageframe`));

/** The native program: the one named, or the one built last. */
function program(): string {
  if (process.env.PAGEFRAME_PROGRAM) return process.env.PAGEFRAME_PROGRAM;
  const built = BUILDS.filter((name) => existsSync(name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (!built) throw new Error('the native program is not built: cmake --build --preset dev');
  return built;
}

interface Room {
  url: string;
  child: ChildProcess;
}

/** The native server with the built page, on a port that the system picks. */
async function room(...options: string[]): Promise<Room> {
  const dist = process.env.PAGEFRAME_DIST ?? path('../../dist');
  const child = spawn(program(), ['serve', '--port', '0', '--web', dist, ...options]);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    const take = (data: Buffer): void => {
      text += data.toString();
      const found = /http:\/\/[\w.:]+\//.exec(text);
      if (found) resolve(found[0]);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
  return { url, child };
}

test('two pages follow a room, one comes late, and both end with the same digest', async ({ page, context }) => {
  const { url, child } = await room('--rate', '4');
  try {
    await page.goto(`${url}#live=`);
    await expect(page.locator('pf-explorer .room')).toContainText('following');
    await expect(page.locator('html')).toHaveAttribute('data-place', /^[4-9]\.0$/, { timeout: 20_000 });
    const late = await context.newPage();
    await late.goto(`${url}#live=`);
    const digests: (string | null)[] = [];
    for (const follower of [page, late]) {
      await expect(follower.locator('pf-explorer .room')).toContainText('the room has ended', { timeout: 20_000 });
      await expect(follower.locator('html')).toHaveAttribute('data-digest', /^[0-9a-f]{16}$/);
      digests.push(await follower.locator('html').getAttribute('data-digest'));
    }
    const example = path('../../public/examples/boot-and-eight-pages.jsonl');
    const native = /[0-9a-f]{16}/.exec(execFileSync(program(), ['digest', example], { encoding: 'utf8' }))?.[0];
    expect(digests).toEqual([native, native]);
    await expect(late.getByRole('spinbutton')).toHaveValue('13');
    await late.keyboard.press('Home');
    await expect(late.locator('pf-sentence')).toContainText('happened before you came');
  } finally {
    child.kill();
  }
});

test('who looks at the past of a room stays there, and is told how far behind', async ({ page }) => {
  const { url, child } = await room('--rate', '5');
  try {
    await page.goto(`${url}#live=`);
    await expect(page.locator('html')).toHaveAttribute('data-place', /^[3-9]\.0$/, { timeout: 20_000 });
    await page.keyboard.press('Home');
    await expect(page.locator('html')).toHaveAttribute('data-place', '0.0');
    const behind = page.getByRole('button', { name: /^behind by/ });
    await expect(behind).toBeVisible();
    await page.waitForTimeout(800);
    await expect(page.locator('html')).toHaveAttribute('data-place', '0.0');
    await behind.click();
    await expect(page.locator('html')).not.toHaveAttribute('data-place', '0.0');
  } finally {
    child.kill();
  }
});

test('a room that is not there is said', async ({ page, complaints }) => {
  await page.goto('./#live=ws://127.0.0.1:9/live');
  await expect(page.getByRole('alert')).toContainText('ws://127.0.0.1:9/live');
  await choose(page, 'Boot, and eight pages');
  await expect(page.locator('html')).toHaveAttribute('data-place', '0.0');
  expect(complaints.splice(0).every((text) => text.includes('WebSocket'))).toBe(true);
});
