import { spawnSync } from 'node:child_process';

// Chromium's sandbox is refused to root, and needs user namespaces, which many containers forbid.
const hasSandbox = process.getuid?.() !== 0 && spawnSync('unshare', ['--user', 'true']).status === 0;

/** How Debian's Chromium is started, everywhere. */
export const launchOptions = {
  executablePath: process.env.PAGEFRAME_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: hasSandbox,
  args: [
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};
