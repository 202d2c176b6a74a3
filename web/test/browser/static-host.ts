import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface StaticHost {
  /** Where the built page is, below a folder, as on a course's own site. */
  url: string;
  /** What was asked for so far: path in web/dist and content. */
  served: Map<string, Buffer>;
  close(): Promise<void>;
}

/** A plain static host for the built page, which remembers what it gave out. */
export async function staticHost(): Promise<StaticHost> {
  const folder = '/course/week-3/';
  const served = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
    const name = path === folder ? 'index.html' : path.slice(folder.length);
    try {
      if (!path.startsWith(folder)) throw new Error('outside');
      const content = await readFile(join(DIST, name));
      served.set(name, content);
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
      response.end(content);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`,
    served,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
