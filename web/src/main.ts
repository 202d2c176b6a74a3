/** The page's beginning: say plainly what is missing, or start the engine's worker and show everything. */
import type { Port } from './ui/session.ts';
import { Session } from './ui/session.ts';
import './ui/explorer.ts';

const NEEDED: [string, boolean][] = [
  ['WebAssembly', typeof WebAssembly === 'object'],
  ['Worker', typeof Worker === 'function'],
  [
    'OffscreenCanvas',
    typeof OffscreenCanvas === 'function' && 'transferControlToOffscreen' in HTMLCanvasElement.prototype,
  ],
];

function sayMissing(names: string[]): void {
  const message = document.createElement('p');
  message.className = 'plain-message';
  const list = names.join(', ');
  message.textContent = navigator.language.startsWith('ru')
    ? `Pageframe считает всё в вашем браузере, а в нём нет: ${list}. Обновите браузер или разрешите это в его настройках.`
    : `Pageframe computes everything in your browser, and it lacks ${list}. A newer browser, or other settings, will do.`;
  document.body.replaceChildren(message);
  document.documentElement.dataset.ready = 'missing';
}

function begin(): void {
  const worker = new Worker(new URL('./core/worker.ts', import.meta.url), { type: 'module' });
  const explorer = document.createElement('pf-explorer');
  explorer.session = new Session(worker as unknown as Port);
  document.body.replaceChildren(explorer);
}

const missing = NEEDED.filter(([, has]) => !has).map(([name]) => name);
if (missing.length > 0) sayMissing(missing);
else begin();
