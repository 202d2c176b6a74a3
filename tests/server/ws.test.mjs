// What the server sends, seen by a plain WebSocket client and held against the protocol's JSON Schema.
// PAGEFRAME_PROGRAM names the program; runs in the source folder, with the page's packages (web/node_modules).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inflateSync } from 'node:zlib';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { WebSocket } = require('ws');
const Ajv = require('ajv');

const program = process.env.PAGEFRAME_PROGRAM;
assert.ok(program, 'PAGEFRAME_PROGRAM is not set');
const schema = JSON.parse(readFileSync(new URL('../../server/protocol.schema.json', import.meta.url), 'utf8'));
const fits = new Ajv.default({ allowUnionTypes: true }).compile(schema);
const folder = mkdtempSync(join(tmpdir(), 'pageframe-'));
const eight = 'tests/runfiles/good/eight-pages.jsonl';
const tiny = 'tests/golden/linux-2.4.20/buddy-tiny.jsonl.gz';
const servers = new Set();
after(() => {
  for (const server of servers) server.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a server on a free port. */
async function serve(...args) {
  const child = spawn(program, ['serve', ...args, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, errors: '', port: 0 };
  servers.add(server);
  child.stderr.on('data', (data) => {
    server.errors += data;
  });
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)));
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${server.errors}`)));
  });
  server.port = Number(/http:\/\/[0-9.]+:(\d+)\//.exec(line)[1]);
  return server;
}

/** Ends it the way a user does; it must end well, with nothing to say (a sanitizer would speak up here). */
async function stop(server) {
  const ended = new Promise((resolve) => server.child.once('exit', (code, signal) => resolve(code ?? signal)));
  server.child.kill('SIGINT');
  assert.equal(await ended, 0, server.errors);
  servers.delete(server);
  assert.equal(server.errors.replace(/^no page is built.*\n/, ''), '');
}

/** A client that checks every message against the schema and keeps it. */
class Client {
  messages = [];
  taken = 0;
  waiting = null;

  constructor(server, { origin, host } = {}) {
    const headers = host ? { Host: host } : {};
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`, { origin, headers });
    this.socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false);
      const message = JSON.parse(String(data));
      assert.ok(fits(message), `${JSON.stringify(fits.errors)} in ${String(data).slice(0, 300)}`);
      this.messages.push(message);
      this.waiting?.();
    });
    this.socket.on('error', (error) => {
      this.error = error;
      this.waiting?.();
    });
    this.socket.on('close', () => {
      this.closed = true;
      this.waiting?.();
    });
  }

  /** The next message, which must be of that type. */
  async next(type) {
    while (this.taken === this.messages.length) {
      if (this.error) throw this.error;
      if (this.closed) throw new Error('closed');
      await new Promise((resolve) => {
        this.waiting = resolve;
      });
    }
    const message = this.messages[this.taken++];
    if (type) assert.equal(message.type, type, JSON.stringify(message).slice(0, 300));
    return message;
  }

  /** Everything up to the end: the events, none missing, and the messages before them. */
  async toEnd(sequence = 0) {
    const events = [];
    for (;;) {
      const message = await this.next();
      if (message.type === 'end') {
        assert.equal(message.sequence, sequence);
        return { events, end: message };
      }
      assert.equal(message.type, 'events');
      assert.equal(message.sequence, sequence);
      events.push(...message.events);
      sequence += message.events.length;
    }
  }

  send(data, options) {
    this.socket.send(data, options);
  }

  close() {
    this.socket.terminate();
  }
}

const printed = (file) =>
  String(spawnSync(program, ['run', file], { maxBuffer: 1 << 28 }).stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const digest = (file) => String(spawnSync(program, ['digest', file]).stdout).split(' ')[0];

test('a plain client reads the whole run, as `pageframe run` prints it', async () => {
  const server = await serve(tiny, '--rate', '500', '--wait');
  const client = new Client(server);
  const hello = await client.next('hello');
  assert.equal(hello.kernel, 'linux-2.4.20');
  assert.equal(hello.name, 'tiny');
  assert.equal(hello.operations, 138);
  assert.equal(hello.rate, 500);
  assert.deepEqual(hello.machine, {
    numa: false,
    cpus: 1,
    bits_per_long: 32,
    nodes: [{ id: 0, start_pfn: 0, pages: 64 }],
  });
  const { events, end } = await client.toEnd();
  assert.deepEqual(events, printed(tiny));
  assert.equal(end.digest, digest(tiny));
  client.close();
  await stop(server);
});

test('the pace is the rate', async () => {
  const server = await serve(eight, '--rate', '10', '--wait');
  const client = new Client(server);
  await client.next('hello');
  const begin = process.hrtime.bigint();
  const { events } = await client.toEnd();
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  assert.equal(events.filter((event) => event.kind === 'op_begin').length, 8);
  assert.ok(seconds > 0.6 && seconds < 5, `8 operations at 10 a second took ${seconds} s`);
  client.close();
  await stop(server);
});

test('without --wait the run begins by itself', async () => {
  const server = await serve(eight, '--rate', '100');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const client = new Client(server);
  await client.next('hello');
  const snapshot = await client.next('snapshot');
  assert.equal(snapshot.entries, 8);
  const end = await client.next('end');
  assert.equal(end.digest, digest(eight));
  client.close();
  await stop(server);
});

test('two clients, one of them late, end with the same digest', async () => {
  const server = await serve(tiny, '--rate', '40', '--wait');
  const early = new Client(server);
  await early.next('hello');
  const first = await early.next('events');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const late = new Client(server);
  await late.next('hello');
  const snapshot = await late.next('snapshot');
  assert.ok(snapshot.entries > 0 && snapshot.entries < 138, `${snapshot.entries}`);
  assert.ok(snapshot.sequence > 0);
  assert.equal(inflateSync(Buffer.from(snapshot.map, 'base64')).length, snapshot.bytes);
  const rest = await late.toEnd(snapshot.sequence);
  const whole = await early.toEnd(first.events.length);
  assert.deepEqual(rest.events, [...first.events, ...whole.events].slice(snapshot.sequence));
  assert.deepEqual(rest.end, whole.end);
  const afterwards = new Client(server);
  await afterwards.next('hello');
  assert.equal((await afterwards.next('snapshot')).sequence, whole.end.sequence);
  assert.deepEqual(await afterwards.next('end'), whole.end);
  for (const client of [early, late, afterwards]) client.close();
  await stop(server);
});

test('who missed something asks for a snapshot and goes on from there', async () => {
  const server = await serve(tiny, '--rate', '100', '--wait');
  const client = new Client(server);
  await client.next('hello');
  await client.next('events');
  client.send('{"type":"snapshot"}');
  let message = await client.next();
  while (message.type === 'events') message = await client.next();
  assert.equal(message.type, 'snapshot');
  const { end } = await client.toEnd(message.sequence);
  assert.equal(end.digest, digest(tiny));
  client.send('{"type":"snapshot"}');
  assert.equal((await client.next('snapshot')).sequence, end.sequence);
  assert.deepEqual(await client.next('end'), end);
  client.close();
  await stop(server);
});

test('malformed, unknown, oversized and binary messages are answered, and the connection stays', async () => {
  const server = await serve(eight, '--rate', '1', '--wait');
  const client = new Client(server);
  await client.next('hello');
  const refused = async (code, data, options) => {
    client.send(data, options);
    let message = await client.next();
    while (message.type === 'events') message = await client.next();
    assert.equal(message.type, 'error');
    assert.equal(message.code, code, String(data).slice(0, 60));
  };
  await refused('malformed', '');
  await refused('malformed', 'snapshot');
  await refused('malformed', '{"type":"snapshot"');
  await refused('malformed', '[]');
  await refused('malformed', 'null');
  await refused('malformed', '{"type":null}');
  await refused('malformed', `${'['.repeat(4000)}`);
  await refused('malformed', Buffer.from('{"type":"snapshot"}'), { binary: true });
  await refused('malformed', Buffer.from([0xff, 0xfe, 0x7b]), { binary: false });
  await refused('malformed', Buffer.alloc(0), { binary: true });
  await refused('unknown', '{"type":"events"}');
  await refused('unknown', `{"type":"${'x'.repeat(4000)}"}`);
  await refused('malformed', 'x'.repeat(4096));
  await refused('oversized', 'x'.repeat(4097));
  await refused('oversized', `{"type":"snapshot","more":"${'x'.repeat(1 << 20)}"}`);
  await refused('malformed', Buffer.alloc(1 << 20), { binary: true });
  // In pieces, one of them empty: still one message.
  client.send('{"type":', { fin: false });
  client.send('', { fin: false });
  client.send('"snapshot"}', { fin: true });
  let message = await client.next();
  while (message.type === 'events') message = await client.next();
  assert.equal(message.type, 'snapshot');
  client.close();
  await stop(server);
});

test('bytes that are no WebSocket take nothing down', async () => {
  const server = await serve(eight, '--wait');
  const upgrade =
    'GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
  const raw = [
    '\0\0\0\0',
    'GET / HTTP/1.1\r\n',
    `GET /${'a'.repeat(100000)} HTTP/1.1\r\n\r\n`,
    `${upgrade}\x81\x05hello`, // not masked
    `${upgrade}\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff`, // reserved bits, an absurd length
    `${upgrade}\x81\xfe`, // ends in the header of a frame
    upgrade.replace('13', '7'),
  ];
  for (const bytes of raw) {
    await new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.end(Buffer.from(bytes, 'latin1')));
      socket.on('error', resolve);
      socket.on('close', resolve);
      socket.resume();
    });
  }
  const client = new Client(server);
  await client.next('hello');
  client.close();
  await stop(server);
});

test('a page of another origin is refused', async () => {
  const server = await serve(eight, '--wait', '--origin', 'https://course.example');
  const tried = async (origin, host) => {
    const client = new Client(server, { origin, host });
    const outcome = await client.next().then(
      (message) => message.type,
      (error) => error.message,
    );
    client.close();
    return outcome;
  };
  assert.equal(await tried(undefined), 'hello');
  assert.equal(await tried(`http://127.0.0.1:${server.port}`), 'hello');
  assert.equal(await tried('http://pages.example:81', 'pages.example:81'), 'hello');
  assert.equal(await tried('https://course.example'), 'hello');
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${server.port + 1}`, 'https://course.example.net'])
    assert.match(await tried(origin), /403/, origin);
  assert.match(await tried(`http://evil.example/127.0.0.1:${server.port}`), /403/);
  assert.match(await tried(`http://${'a'.repeat(2000)}`), /403/);
  await stop(server);
});

test('only the address that was asked for is listened on', async () => {
  const heard = (server, host) =>
    new Promise((resolve) => {
      const socket = connect(server.port, host, () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
  const usual = await serve(eight, '--wait');
  assert.equal(await heard(usual, '127.0.0.1'), true);
  assert.equal(await heard(usual, '127.0.0.2'), false); // also this machine, and not the address
  await stop(usual);
  const wide = await serve(eight, '--wait', '--host', '0.0.0.0');
  assert.equal(await heard(wide, '127.0.0.1'), true);
  assert.equal(await heard(wide, '127.0.0.2'), true);
  await stop(wide);
});

test('a client that reads nothing holds nobody up, and still ends with the same map', async () => {
  const long = join(folder, 'long.jsonl');
  const lines = [
    '{"format":"pageframe-run/1","kernel":"linux-2.4.20","machine":{"nodes":[{"start_pfn":0,"pages":16384}]}}',
    '{"op":"free_area_init","start_pfn":0,"sizes":[4096,12288,0]}',
  ];
  for (let i = 0; i < 40; i++) {
    lines.push('{"op":"free_boot_range","start":0,"end":16384,"dir":"up"}');
    lines.push('{"op":"alloc_pages","gfp":"GFP_KERNEL","order":9}');
  }
  for (let i = 0; i < 3000; i++) lines.push('{"op":"alloc_page","gfp":"GFP_ATOMIC"}');
  writeFileSync(long, `${lines.join('\n')}\n`);
  const server = await serve(long, '--rate', '1000', '--wait');
  const slow = new Client(server);
  await slow.next('hello');
  slow.socket._socket.pause();
  const quick = new Client(server);
  await quick.next('hello');
  let end;
  while (!end) {
    const message = await quick.next();
    if (message.type === 'end') end = message;
  }
  slow.socket._socket.resume();
  let message = await slow.next();
  let jumps = 0;
  for (let sequence = 0; message.type !== 'end'; message = await slow.next()) {
    if (message.type === 'snapshot') {
      jumps++;
      sequence = message.sequence;
    } else {
      assert.equal(message.sequence, sequence);
      sequence += message.events.length;
    }
  }
  assert.deepEqual(message, end);
  assert.ok(jumps > 0, 'the slow client was never behind: the test tests nothing');
  quick.close();
  slow.close();
  await stop(server);
});

test('many quick connects', async () => {
  const server = await serve(eight, '--rate', '50');
  for (let round = 0; round < 5; round++) {
    const clients = Array.from({ length: 60 }, () => new Client(server));
    await Promise.all(clients.map((client) => client.next('hello')));
    for (const client of clients) client.close();
  }
  // And ones that leave before the handshake is over.
  for (let i = 0; i < 100; i++) {
    const client = new Client(server);
    client.socket.on('error', () => {});
    client.close();
  }
  const last = new Client(server);
  await last.next('hello');
  last.close();
  await stop(server);
});

test('files of the page, and nothing else', async () => {
  const web = join(folder, 'web');
  const { mkdirSync, symlinkSync } = await import('node:fs');
  const { gzipSync } = await import('node:zlib');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), '<!doctype html>');
  const script = `// ${'words '.repeat(50000)}`;
  writeFileSync(join(web, 'assets/page-1a2b.js'), script);
  writeFileSync(join(web, 'assets/page-1a2b.js.gz'), gzipSync(script));
  writeFileSync(join(web, 'engine.wasm'), Buffer.from([0, 97, 115, 109]));
  writeFileSync(join(web, '.hidden'), 'hidden');
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync(join(folder, 'secret'), join(web, 'link.txt'));
  const server = await serve(eight, '--wait', '--web', web);
  const get = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request({ port: server.port, host: '127.0.0.1', path, method, headers }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const index = await get('/');
  assert.equal(index.status, 200);
  assert.equal(index.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(index.headers['content-security-policy'], /script-src 'self' 'wasm-unsafe-eval';/);
  assert.equal(index.headers['cache-control'], 'no-cache');
  assert.equal((await get('/index.html?a=b')).status, 200);
  assert.equal((await get('/engine.wasm')).headers['content-type'], 'application/wasm');
  const plain = await get('/assets/page-1a2b.js');
  assert.equal(String(plain.body), script);
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.match(plain.headers['cache-control'], /immutable/);
  const packed = await get('/assets/page-1a2b.js', { headers: { 'Accept-Encoding': 'br, gzip' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(packed.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.deepEqual(packed.body, gzipSync(script));
  const head = await get('/assets/page-1a2b.js', { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  const absent = ['/none.js', '/assets', '/assets/', '/.hidden', '/link.txt', '/../secret', '/%2e%2e/secret'];
  absent.push('/assets/..%2f..%2fsecret', '//secret', '/assets/%5c..', `/${'a/'.repeat(200)}`, '/index.html/');
  for (const path of absent) assert.equal((await get(path)).status, 404, path);
  for (const method of ['POST', 'PUT', 'DELETE'])
    assert.equal((await get('/', { method, body: method === 'POST' ? 'x' : undefined })).status, 405, method);
  await stop(server);
});
