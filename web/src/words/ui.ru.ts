import { digits, type UiWords } from './ui.en.ts';

const rules = new Intl.PluralRules('ru');

/** 1 кадр, 2 кадра, 5 кадров. */
const many = (value: number, one: string, few: string, lots: string): string => {
  const form = rules.select(value);
  return `${digits(value)}\u00a0${form === 'one' ? one : form === 'few' ? few : lots}`;
};

const size = (bytes: number): string => {
  const units = ['байт', 'КиБ', 'МиБ', 'ГиБ', 'ТиБ'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value % 1 === 0 ? digits(value) : value.toFixed(1).replace('.', ',')}\u00a0${units[unit]}`;
};

/** What the page's own controls say, in Russian. */
export const ui: UiWords = {
  title: 'Pageframe: как Linux выдаёт память, страница за страницей',
  language: 'Язык',
  kernel: 'Ядро',
  run: 'Прогон',
  trace: 'Трасса',
  room: 'Эфир',
  file: 'Открыть',
  open: 'Открыть прогон или трассу…',
  openTitle:
    'Файл прогона или трасса ядра, вместе с ней можно выбрать её начальное состояние. Файлы можно и перетащить на страницу.',
  openShort: 'Открыть…',
  example: 'Пример',
  sample: 'Трасса ядра',
  theme: 'Светлая или тёмная тема',
  keys: 'Клавиши',
  close: 'Закрыть',
  drop: 'Отпустите прогон или трассу здесь',
  loading: 'Открываем…',
  map: 'Карта страниц',
  machine: (node, nodes, first, last, bytes) =>
    `${nodes > 1 ? many(nodes, 'узел', 'узла', 'узлов') : `Узел ${node}`}, кадры ${first}–${last}, ${size(bytes)}.`,
  square: (frames) =>
    frames === 1
      ? 'Один квадрат — один страничный кадр.'
      : `Одна точка — ${many(frames, 'кадр', 'кадра', 'кадров')}; показан самый важный.`,
  mapHelp:
    'Стрелки переводят от кадра к кадру, Page Up и Page Down — на восемь рядов, Home и End — к краям; Escape отпускает кадр.',
  mapText: 'Карта словами',
  frameColumn: 'Кадры',
  countColumn: 'Сколько',
  stateColumn: 'Состояние',
  moreRuns: (count) => `и ещё ${many(count, 'диапазон', 'диапазона', 'диапазонов')}`,
  states: {
    hole: 'нет памяти',
    unknown: 'неизвестно',
    reserved: 'занят при загрузке',
    'boot-free': 'свободен при загрузке',
    buddy: 'свободен, в списках buddy',
    pcp: 'свободен, в списке процессора',
    allocated: 'выделен',
    lost: 'потерян',
  },
  statesShort: {
    hole: 'нет',
    unknown: 'неясно',
    reserved: 'занят',
    'boot-free': 'свободен',
    buddy: 'свободен',
    pcp: 'у ЦП',
    allocated: 'выделен',
    lost: 'потерян',
  },
  marks: {
    'two-owners': 'два владельца',
    'free-yet-owned': 'свободен, но у него есть владелец',
  },
  frame: (pfn) => `Кадр ${pfn}`,
  frames: (first, last) => `Кадры ${first}–${last}`,
  framesOf: 'Кадры этой операции',
  noFrames: 'Эта операция не изменила ни одного кадра.',
  pickFrame: 'Наведите указатель на кадр или двигайтесь по карте стрелками.',
  physical: 'физический',
  virtual: 'виртуальный',
  state: 'состояние',
  zone: 'зона',
  count: 'счётчик',
  block: 'блок',
  blockIs: (order, head) => `порядок ${order}, с ${head}`,
  owner: 'взят',
  operation: (number) => `операция ${digits(number)}`,
  byOperation: (number) => `операцией ${digits(number)}`,
  nobody: 'никем',
  history: 'история',
  trouble: 'беда',
  start: (frames) =>
    `Ещё ничего не произошло. В этой машине ${many(frames, 'страничный кадр', 'страничных кадра', 'страничных кадров')} по 4\u00a0КиБ, и никто ещё не сказал, какие из них свободны.`,
  startTrace: (frames) =>
    `Перед первой строкой трассы: ${many(frames, 'страничный кадр', 'страничных кадра', 'страничных кадров')} по 4\u00a0КиБ настоящей машины.`,
  startHint: 'Нажмите → для первой операции, ↓ чтобы заглянуть внутрь.',
  steps: 'Внутри операции',
  noSteps: 'Ещё ничего не произошло.',
  stepNumber: (number, total) => `Внутренний шаг ${digits(number)} из ${digits(total)}`,
  moreSteps: (count) => `ещё ${digits(count)}`,
  source: 'Строка источника',
  structures: 'Свободные списки',
  lists: (zone) => `Свободные списки ${zone}, с головы`,
  noLists: 'Свободных списков ещё нет: при загрузке их заменяет одна битовая карта.',
  listsTrace: 'Трасса говорит, у кого какой кадр; списков она не показывает.',
  listEnd: {
    null: 'список обрывается на NULL',
    loop: 'список замкнулся в кольцо',
    other: 'список переходит в другой',
  },
  order: (order) => `порядок ${order}`,
  blocks: (count) => many(count, 'блок', 'блока', 'блоков'),
  bitmap: (node) => `Битовая карта узла ${node}`,
  bitmapKey: 'тёмный — 1, светлый — 0',
  watermarks: (zone) => (zone ? `Пороги зоны ${zone}` : 'Пороги'),
  noWatermarks: 'Зон ещё нет.',
  watermarkLine: (free, min, low, high) =>
    `свободно ${digits(free)}; min ${digits(min)}, low ${digits(low)}, high ${digits(high)}`,
  console: 'Консоль ядра',
  quiet: 'Ничего. Ядру нечего сказать.',
  noConsole: 'В трассе событий страниц сообщений нет.',
  numbers: 'Эта трасса',
  numberNames: {
    lines: 'строк прочитано',
    events: 'событий использовано',
    ignored: 'повторов пропущено',
    skipped: 'прочих строк пропущено',
    lost: 'событий потеряно ядром',
    failed: 'выделений не удалось',
  },
  begin: 'Начало:',
  withStart: 'из kpageflags',
  withoutStart: 'из самих событий',
  time: 'Время: одна черта — одна операция',
  first: 'В начало',
  back: 'Шаг назад',
  into: 'Шаг внутрь',
  step: 'Шаг',
  play: 'Пуск',
  pause: 'Пауза',
  last: 'В конец',
  jump: 'Операция',
  of: (total) => `из ${digits(total)}`,
  inner: (number, total) => `внутренний шаг ${digits(number)} из ${digits(total)}`,
  speed: 'Скорость',
  perSecond: (speed) => `${speed < 1 ? '½' : digits(speed)} в секунду`,
  announce: (number, total) => `Операция ${digits(number)} из ${digits(total)}.`,
  connecting: 'подключаемся',
  following: 'следим',
  ended: 'эфир окончен',
  gone: 'нет связи',
  behind: (count) => `отстаём на ${digits(count)}`,
  failedToOpen: (name) => `Файл ${name} не открыт.`,
  failedRoom: 'Не удалось подключиться к эфиру.',
  failedEngine: 'Движок остановился.',
  notFound: 'такого файла нет',
  startAlone: 'Это начальное состояние трассы. Выберите его вместе с трассой.',
  keyList: [
    ['→ l', 'шаг до конца следующей операции'],
    ['← h', 'шаг назад'],
    ['↓ j', 'шаг внутрь операции'],
    ['↑ k', 'на внутренний шаг назад'],
    ['Пробел', 'пуск, пауза'],
    ['Home End', 'в начало, в конец'],
    ['?', 'этот список'],
    ['Esc', 'отпустить кадр, закрыть'],
  ],
  onMap: 'На карте стрелки, Page Up, Page Down, Home и End переводят от кадра к кадру.',
};
