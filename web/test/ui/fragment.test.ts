import { expect, test } from 'vitest';
import { EXAMPLE, formatFragment, liveUrl, type PageState, parseFragment } from '../../src/ui/fragment.ts';

const FIRST: PageState = {
  run: EXAMPLE,
  machine: null,
  kernel: null,
  compare: [],
  side: 0,
  live: null,
  place: { entry: 0, inner: 0 },
  lang: 'en',
  theme: null,
  look: { layout: 'rows', zoom: null, centre: null, states: 0xff, pageblocks: 0 },
  packed: null,
  kept: null,
  loop: null,
  speed: 1,
  panels: null,
  desk: [],
  chart: null,
  frame: null,
  characters: true,
};

test('a first visit has no fragment', () => {
  expect(parseFragment('')).toEqual(FIRST);
  expect(formatFragment(FIRST)).toBe('');
});

test.each<[string, Partial<PageState>]>([
  ['#step=12', { place: { entry: 12, inner: 0 } }],
  ['#step=12.3', { place: { entry: 12, inner: 3 } }],
  [
    '#run=boot-idle&step=5&lang=ru&theme=dark',
    { run: 'boot-idle', place: { entry: 5, inner: 0 }, lang: 'ru', theme: 'dark' },
  ],
  ['#lang=ru', { lang: 'ru' }],
  ['#kernel=linux-2.4.20', { kernel: 'linux-2.4.20' }],
  [
    '#run=misuse&machine=0+400;;2x64&kernel=linux-2.4.20',
    { run: 'misuse', machine: '0+400;;2x64', kernel: 'linux-2.4.20' },
  ],
  [
    '#run=misuse&compare=linux-2.6.10&step=5',
    { run: 'misuse', compare: ['linux-2.6.10'], place: { entry: 5, inner: 0 } },
  ],
  [
    '#compare=linux-2.6.10&side=2&step=5.1.7',
    { compare: ['linux-2.6.10'], side: 1, place: { entry: 5, inner: 1, others: [7] } },
  ],
  [
    '#run=three-eras&compare=linux-2.6.10&compare=linux-6.1&side=3&step=5.1.7.9',
    {
      run: 'three-eras',
      compare: ['linux-2.6.10', 'linux-6.1'],
      side: 2,
      place: { entry: 5, inner: 1, others: [7, 9] },
    },
  ],
  ['#compare=@pc-64', { compare: ['@pc-64'] }],
  ['#compare=linux-6.1@0+400;0+1000;2x64', { compare: ['linux-6.1@0+400;0+1000;2x64'] }],
  [
    '#data=1.S8tPAgA&earlier=8.1.AwA&compare=before&step=2',
    {
      run: null,
      packed: '1.S8tPAgA',
      kept: 'earlier=8.1.AwA',
      compare: ['before'],
      place: { entry: 2, inner: 0 },
    },
  ],
  ['#data=1.S8tPAgA&newer=8.1.AwA', { run: null, packed: '1.S8tPAgA', kept: 'newer=8.1.AwA' }],
  ['#loop=3-9&speed=20', { loop: { from: 3, to: 9 }, speed: 20 }],
  ['#speed=0', { speed: 0 }],
  ['#show=call,code', { desk: ['call', 'code'] }],
  ['#show=code', { desk: ['code'] }],
  ['#panels=steps,console', { panels: ['steps', 'console'] }],
  ['#panels=', { panels: [] }],
  ['#chart=off', { chart: false }],
  ['#frame=1f3', { frame: 0x1f3 }],
  ['#keys=few', { characters: false }],
  ['#data=1.S8tPAgA&step=2', { run: null, packed: '1.S8tPAgA', place: { entry: 2, inner: 0 } }],
  [
    '#data=1.S8tPAgA&machine=pc-16&kernel=linux-2.6.10',
    { run: null, packed: '1.S8tPAgA', machine: 'pc-16', kernel: 'linux-2.6.10' },
  ],
  ['#map=quilt', { look: { ...FIRST.look, layout: 'quilt' } }],
  ['#pageblocks=off', { look: { ...FIRST.look, pageblocks: null } }],
  ['#pageblocks=0,2,mixed', { look: { ...FIRST.look, pageblocks: 0x105 } }],
  ['#states=buddy,lost', { look: { ...FIRST.look, states: 0x90 } }],
  [
    '#step=3&map=quilt&zoom=12.5&at=1f3',
    { place: { entry: 3, inner: 0 }, look: { ...FIRST.look, layout: 'quilt', zoom: 12.5, centre: 0x1f3 } },
  ],
])('%s is read and written', (hash, part) => {
  expect(parseFragment(hash)).toEqual({ ...FIRST, ...part });
  expect(formatFragment({ ...FIRST, ...part })).toBe(hash);
});

test('a link for others names the language, whatever it is', () => {
  expect(formatFragment(FIRST, null)).toBe('#lang=en');
  expect(formatFragment({ ...FIRST, lang: 'ru' }, null)).toBe('#lang=ru');
});

test('panels that are unknown are left out', () => {
  expect(parseFragment('#panels=steps,gauges').panels).toEqual(['steps']);
  expect(parseFragment('#frame=xyz').frame).toBeNull();
  expect(parseFragment('#chart=maybe').chart).toBeNull();
});

test('a room, here or elsewhere', () => {
  expect(parseFragment('#live=').live).toBe('');
  expect(parseFragment('#live=ws://host:7681/live').live).toBe('ws://host:7681/live');
  expect(formatFragment({ ...FIRST, run: null, live: 'wss://host/a?b=c&d' })).toBe('#live=wss://host/a%3Fb%3Dc%26d');
  expect(parseFragment('#live=wss://host/a%3Fb%3Dc%26d').live).toBe('wss://host/a?b=c&d');
});

test('what makes no sense is left out, and no name leads out of the folder', () => {
  expect(parseFragment('#run=../../secret&step=x&lang=de&theme=pink&kernel=minix&compare=minix&side=2&more=1')).toEqual(
    FIRST,
  );
  expect(parseFragment('#step=-3').place).toEqual({ entry: 0, inner: 0 });
  for (const bad of ['map=heap', 'zoom=12', 'zoom=-1&at=3', 'zoom=1e9&at=3', 'zoom=5000&at=3', 'zoom=4&at=xyz'])
    expect(parseFragment(`#${bad}`).look).toEqual(FIRST.look);
});

test('a run stands beside known others, each once, and no more than fit', () => {
  const compare = (texts: string[]) => parseFragment(`#${texts.map((text) => `compare=${text}`).join('&')}`).compare;
  expect(compare(['minix', 'linux-6.1', 'linux-6.1', '@', '@pc-3', 'linux-6.1@pc-16@pc-64'])).toEqual(['linux-6.1']);
  expect(compare(['linux-6.1', '@pc-16', 'linux-2.6.10'])).toEqual(['linux-6.1', '@pc-16']);
  expect(parseFragment('#compare=linux-6.1&side=3').side).toBe(0);
});

test('a language that the browser prefers needs no mention', () => {
  expect(parseFragment('', 'ru').lang).toBe('ru');
  expect(formatFragment({ ...FIRST, lang: 'en' }, 'ru')).toBe('#lang=en');
});

test("this server's room stands beside the page", () => {
  expect(liveUrl('', 'http://host:7681/#live=')).toBe('ws://host:7681/live');
  expect(liveUrl('', 'https://host/course/?x=1#live=')).toBe('wss://host/course/live');
  expect(liveUrl('ws://other/room', 'http://host/')).toBe('ws://other/room');
});
