import type { CallWords } from './calls.en.ts';
import { digits } from './ui.en.ts';

const rules = new Intl.PluralRules('ru');
const many = (value: number, one: string, few: string, lots: string): string => {
  const form = rules.select(value);
  return `${digits(value)}\u00a0${form === 'one' ? one : form === 'few' ? few : lots}`;
};
const operations = (count: number): string => many(count, 'операция', 'операции', 'операций');
const after = (entry: number): string => (entry === 0 ? 'с самого начала' : `после операции ${digits(entry)}`);

const FOUND: Readonly<Record<string, string>> = {
  nothing: 'пусто',
  null: 'NULL',
  'a fraction': 'дробь',
  'a number beyond 2^53': 'число больше 2^53',
};

/** What the call box and the code say, in Russian. */
export const calls: CallWords = {
  title: 'Сделать вызов',
  function: 'функция',
  groups: {
    pages: 'Получить страницы',
    free: 'Вернуть, взять ссылку',
    percpu: 'Списки процессоров и настройки',
    boot: 'Память при загрузке',
  },
  args: {
    node: 'узел',
    mapstart: 'карта с кадра',
    start: 'с кадра',
    end: 'до кадра',
    addr: 'адрес',
    size: 'размер',
    align: 'выравнивание',
    goal: 'искать от',
    start_pfn: 'первый кадр',
    sizes: 'кадров по зонам',
    holes: 'дыр по зонам',
    dir: 'направление',
    gfp: 'gfp_mask',
    order: 'порядок',
    n: 'кадров',
    pfn: 'страница',
    pfns: 'страницы',
    cold: 'холодные',
    name: 'настройка',
    value: 'значение',
  },
  hints: {
    PFN: 'Имя, например buf или buf+4, или кадр: 0x1f8.',
    PFNS: 'Имена или кадры, не больше 14.',
    ADDR: 'Имя, например buf или buf+4, адрес или NULL.',
    PAGES3: 'DMA, Normal, HighMem.',
    SIZE: 'Например 4096, 64 КиБ или 0x1000.',
  },
  pages: (order) => many(2 ** order, 'страница', 'страницы', 'страниц'),
  anyNode: 'не назван',
  noFlags: 'без флагов (0)',
  flags: 'Ещё флаги',
  as: 'имя результата',
  cpu: 'ЦП',
  task: 'кто вызывает',
  tasks: {
    '': 'обычная задача',
    PF_MEMALLOC: 'освобождает память (PF_MEMALLOC)',
    PF_MEMDIE: 'завершается принудительно (PF_MEMDIE)',
    rt: 'задача реального времени',
  },
  irq: 'в прерывании',
  pick: (field) => `Взять с карты: ${field}`,
  picking: 'Щёлкните кадр на карте или выберите его стрелками и нажмите Enter. Escape — без кадра.',
  run: 'Вызвать',
  line: 'Вызов на C',
  enomem: 'вызвавший вернёт -ENOMEM',
  atEnd: (entry) => `Станет операцией ${digits(entry + 1)}, последней.`,
  inPast: (entry, following) =>
    `Дальше прогон пойдёт отсюда: вызов создаст развилку ${after(entry)}. То, что следовало (${operations(following)}), сохранится.`,
  forked: (entry, length, isNew) =>
    `Развилка ${after(entry)}. ${isNew ? 'Вы вернулись к тому, что было; новое продолжение' : 'То, что было раньше'} (${operations(length)})${isNew ? '' : ','} сохранено.`,
  compare: 'Сравнить с ним',
  compareEnd: 'Больше не сравнивать',
  switch: (isNew) => (isNew ? 'Снова к новому' : 'Вернуться к прежнему'),
  undo: 'Отменить',
  redo: 'Повторить',
  save: 'Сохранить…',
  notInTrace:
    'Трасса — это то, что произошло на настоящей машине: вызвать в ней ничего нельзя. Откройте прогон или выберите машину.',
  notInRoom:
    'Эфир показывает то, что делает его сервер: отсюда ничего не вызвать. Откройте прогон или выберите машину.',
  code: 'Прогон на C',
  codeOfTrace: 'У трассы нет кода: это вызовы многих программ на настоящей машине.',
  outcomes: {
    failed: 'NULL: вызвавший выходит здесь',
    stall: 'вечно ждёт памяти',
    hang: 'не вернётся никогда',
    nothing: 'имя — NULL: делать нечего',
    lacks: (what) => `у этого ядра нет ${what}`,
  },
  found: (text) => FOUND[text] ?? text.replace(/^an array of (\d+)$/, 'значений: $1'),
  errors: {
    NODE: (low, high, found) => `Нужен узел от ${low} до ${high}, а здесь ${found}.`,
    PFN: (_low, high, found) => `Нужен кадр от 0 до 0x${high.toString(16)} или имя, а здесь ${found}.`,
    PFNS: (_low, high, found) => `Нужны кадры от 0 до 0x${high.toString(16)} или имена, а здесь ${found}.`,
    ADDR: (_low, high, found) => `Нужен адрес от 0 до 0x${high.toString(16)}, имя или NULL, а здесь ${found}.`,
    SIZE: (low, high, found) => `Нужно число байт от ${low} до ${high}, а здесь ${found}.`,
    ALIGN: (low, high, found) => `Нужно выравнивание в байтах от ${low} до ${high}, а здесь ${found}.`,
    ORDER: (low, high, found) => `Нужен порядок от ${low} до ${high}, а здесь ${found}.`,
    COUNT: (low, high, found) => `Нужно число от ${low} до ${high}, а здесь ${found}.`,
    PAGES3: (low, high, found) => `Нужны три числа кадров от ${low} до ${high}, а здесь ${found}.`,
    GFP: (_low, _high, found) => `Нужны флаги этого ядра, а здесь ${found}.`,
    DIR: (_low, _high, found) => `Нужно up или down, а здесь ${found}.`,
    SYSCTL: (_low, _high, found) => `Нужна настройка, а здесь ${found}.`,
    cpu: (low, high, found) => `Нужен процессор от ${low} до ${high}, а здесь ${found}.`,
    'known-name': (_low, _high, found) => `Нужно имя, которое дала одна из операций до этого места, а здесь ${found}.`,
    'new-name': (_low, _high, found) => `Нужно имя: латинские буквы, цифры и _, первой не цифра, а здесь ${found}.`,
    names: (_low, high) =>
      `В прогоне есть место для ${digits(high)} имён. Сохраните его и откройте файл: место появится снова.`,
    other: (_low, _high, found) => (found === 'nothing' ? 'Здесь что-то должно стоять.' : `Так нельзя: ${found}.`),
    range: () => 'Аргументы не подходят этой машине: диапазон выходит за память узла.',
    full: () => 'Больше 1024 кадров за концом памяти хранили бы счётчик ссылок: места для них больше нет.',
    lacks: () => 'У этого ядра нет такого вызова.',
    stopped: () => 'Прогон кончается на BUG(): ядро остановилось. Вернитесь к моменту до этого и вызывайте там.',
  },
};
