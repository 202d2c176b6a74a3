import type { End, Freed, Got, Test } from '../core/told.ts';
import { PAGE_SIZE, type TroubleName } from '../generated/tables.ts';
import { callOf, tally } from './differences.ts';
import { num } from './facts.ts';
import { call, capital, frame, hex, type Part, p, span } from './parts.ts';
import type { DifferenceTable, Sides } from './sides.ts';
import { digits } from './ui.en.ts';

const rules = new Intl.PluralRules('ru');
const form = (n: number, one: string, few: string, many: string): string => {
  const rule = rules.select(n);
  return rule === 'one' ? one : rule === 'few' ? few : many;
};
const count = (n: number, one: string, few: string, many: string): string => `${digits(n)} ${form(n, one, few, many)}`;
const frames = (n: number): string => count(n, 'кадр', 'кадра', 'кадров');
const bytes = (n: number): string => {
  if (n >= 2 ** 20 && n % 2 ** 20 === 0) return `${digits(n / 2 ** 20)} МиБ`;
  return n >= 1024 && n % 1024 === 0 ? `${digits(n / 1024)} КиБ` : count(n, 'байт', 'байта', 'байт');
};
const block = (pfn: number, order: number): Part => span(pfn, 2 ** order);
const largest = (orders: number): string => bytes(PAGE_SIZE * 2 ** (orders - 1));
const HALF = { lower: 'нижняя', upper: 'верхняя' } as const;
const CPU_LIST = {
  hot: { genitive: 'горячего', prepositional: 'горячем' },
  cold: { genitive: 'холодного', prepositional: 'холодном' },
  own: { genitive: 'собственного', prepositional: 'собственном' },
} as const;

/** «в A так; в B иначе» */
const both = <T>(say: (name: string, of: T) => Part[], { names }: Sides, [a, b]: [T, T]): Part[] =>
  p`${say(names[0], a)}; ${say(names[1], b)}`;

const onCpus = ({ onCpus }: End): string =>
  onCpus === 0
    ? ''
    : `, хотя в собственных списках процессора ${form(onCpus, 'свободен', 'свободны', 'свободно')} ${frames(onCpus)}`;

function ending(name: string, end: End): Part[] {
  switch (end.outcome) {
    case 'bug':
      return p`${name} останавливается по BUG(): ${end.bug}`;
    case 'oops':
      return p`${name} падает: ${end.bug}`;
    case 'panic':
      return p`${name} паникует: ${end.bug}`;
    case 'hang':
      return p`${name} зависает`;
    case 'stall':
      return p`в ${name} вызывающий ждёт вечно${onCpus(end)}`;
    case 'failed':
      return p`${name} возвращает NULL${onCpus(end)}`;
    case 'nothing':
      return p`${name} ничего не делает: там это имя означает NULL`;
  }
  if (end.below < 0) return p`${name} даёт счётчику упасть до ${end.below} и молчит`;
  if (end.value !== null && end.result === 'pfn') return p`${name} выдаёт ${frame(end.value)}`;
  if (end.value !== null && end.result === 'addr') return p`${name} выдаёт ${frame(Math.floor(end.value / PAGE_SIZE))}`;
  return p`${name} выполняет его`;
}

function verdict({ zone }: Sides): (name: string, test: Test | null) => Part[] {
  return (name, test) => {
    if (!test) return p`${name} такой проверки не делает`;
    const has = `свободно ${digits(test.free)}, нужно ${wanted(test)}`;
    return test.passed
      ? p`в ${name} зона ${zone(test.zone)} даёт (${has})`
      : p`в ${name} зона ${zone(test.zone)} отказывает (${has})`;
  };
}

const sum = ({ request, mark, besides }: Test): number => request + mark + besides;
/** «больше 48», «не меньше 83» */
const wanted = (test: Test): string => `${test.least > sum(test) ? 'больше' : 'не меньше'} ${digits(sum(test))}`;

function arithmetic(name: string, test: Test): Part[] {
  const more = test.adds === 'marks' ? 'пороги зон до неё' : 'защита зоны';
  const besides = test.besides > 0 ? ` + ${digits(test.besides)} (${more})` : '';
  return p`${name} требует ${wanted(test)} = ${test.request} (запрос) + ${test.mark} (порог)${besides}`;
}

function way(name: string, got: Got): Part[] {
  const what = block(got.pfn, got.order);
  if (got.list !== 'free') {
    const fetched = got.fetched > 0 ? `, сперва добрав из списков двойников ${frames(got.fetched)}` : '';
    return p`${name} отдаёт первый кадр ${CPU_LIST[got.list].genitive} списка процессора, ${what}${fetched}`;
  }
  const from = got.block ? p` порядка ${got.block[1]}` : [];
  const half = got.half ? `, при каждом делении — ${got.half === 'upper' ? 'верхнюю' : 'нижнюю'} половину` : '';
  return p`${name} берёт ${what} из списка свободных блоков${from}${half}`;
}

function split(name: string, got: Got): Part[] {
  const from = got.block ?? [got.pfn, got.order];
  return p`${name} делит ${block(...from)}, и дальше идёт ${HALF[got.half ?? 'lower']} половина: ${block(got.pfn, got.order)}`;
}

const sinceThen = (since: number, { operation }: Sides): string =>
  since < 0 ? '' : ` Начиная с операции ${operation(since)} в их списках лежат разные блоки.`;

function whereTo(name: string, freed: Freed): Part[] {
  if (freed.list === 'free')
    return p`в ${name} — сразу в список свободных блоков порядка ${freed.order}, в составе ${block(freed.pfn, freed.order)}`;
  const drained =
    freed.drained > 0
      ? `; перед этим ${frames(freed.drained)} ${form(freed.drained, 'уходит', 'уходят', 'уходят')} из него к двойникам`
      : '';
  return p`в ${name} ${freed.order === 0 ? 'кадр' : 'блок'} ${frame(freed.pfn)} ждёт следующего запроса в ${CPU_LIST[freed.list].prepositional} списке процессора${drained}`;
}

const merged = (name: string, freed: Freed): Part[] =>
  p`в ${name} становится частью ${block(freed.pfn, freed.order)} порядка ${freed.order}`;

const quiet = (times: [number, number]): 0 | 1 => (times[0] === 0 ? 0 : 1);

const wrongs: Record<TroubleName, (n: number) => string> = {
  'two-lists': (n) => `${frames(n)} ${form(n, 'лежит', 'лежат', 'лежат')} сразу в двух свободных блоках`,
  'ring-null': (n) => `${count(n, 'список обрывается', 'списка обрываются', 'списков обрываются')}`,
  'ring-loop': (n) => `${count(n, 'список замкнут', 'списка замкнуты', 'списков замкнуто')} в кольцо`,
  'ring-elsewhere': (n) => `${count(n, 'список ведёт', 'списка ведут', 'списков ведут')} в другой`,
  counter: () => 'зона неверно считает свои свободные кадры',
  'pcp-counter': () => 'список процессора неверно считает свои кадры',
  'below-zero': (n) => `у ${count(n, 'кадра', 'кадров', 'кадров')} счётчик ниже нуля`,
  lost: (n) => `${form(n, 'потерян', 'потеряны', 'потеряно')} ${frames(n)}`,
  'two-owners': (n) => `у ${count(n, 'кадра', 'кадров', 'кадров')} два владельца`,
  'free-yet-owned': (n) =>
    `${form(n, 'свободен', 'свободны', 'свободно')} ${frames(n)}, хотя у ${n === 1 ? 'него' : 'них'} есть владелец`,
};

const warnings: Record<string, (event: Parameters<typeof num>[0]) => Part[]> = {
  warn_reserved_twice: (e) => p`, что ${span(num(e, 'pfn'), num(e, 'count'))} уже занимали`,
  warn_zone_alignment: () => p` на зону, которая начинается не с границы самого большого блока`,
  warn_bad_page: (e) =>
    p` на плохую страницу, кадр ${frame(num(e, 'pfn'))} со счётчиком ${num(e, 'count')}, исправляет её и идёт дальше`,
  warn_bad_frame: (e) => p` на плохой кадр, ${frame(num(e, 'pfn'))}, и больше не пользуется его блоком`,
  warn_alloc_failed: () => p` на неудавшееся выделение`,
};

export const differences: DifferenceTable = {
  call: (d, { names }) =>
    p`Другой вызов: ${call(callOf(d.lines[0]))} — ${names[0]}, ${call(callOf(d.lines[1]))} — ${names[1]}.`,
  skipped: (d, { names }) => p`В ${names[d.side]} нет ${call(d.lacking)}: там операция пропущена.`,
  'passed-over': (d, { names }) =>
    p`В ${names[d.side]} нет ${call(d.hints)}, и указание остаётся без внимания; ${names[d.side === 0 ? 1 : 0]} его учитывает.`,
  outcome: (d, sides) => {
    const intro = d.ends.some(({ below }) => below < 0)
      ? 'Освобождение лишний раз'
      : 'Один и тот же вызов кончается по-разному';
    return p`${intro}: ${both(ending, sides, d.ends)}.`;
  },
  unnoticed: (d, { names }) => {
    const what = tally(d.troubles).map(([kind, n]) => wrongs[kind](n));
    return p`${names[d.side]} не замечает, что ${what.join(' и что ')}; в ${names[d.side === 0 ? 1 : 0]} такого не происходит.`;
  },
  complaint: (d, { names }) => {
    const silent = quiet(d.times);
    const what = warnings[d.warning]?.(d.event) ?? p` (${d.warning})`;
    if (d.times[silent] > 0)
      return p`${names[0]} жалуется${what}: ${count(d.times[0], 'раз', 'раза', 'раз')}; ${names[1]} — ${d.times[1]}.`;
    return p`${names[silent === 0 ? 1 : 0]} жалуется${what}; ${names[silent]} молчит.`;
  },
  verdict: (d, sides) => p`Пороги решают по-разному: ${both(verdict(sides), sides, d.tests)}.`,
  arithmetic: (d, sides) =>
    p`Порог зоны ${sides.zone(d.tests[0].zone)} проверяется по-разному: ${both(arithmetic, sides, d.tests)}.`,
  frame: (d, sides) => {
    const [a, b] = d.got;
    if (d.why === 'half') return p`Другая половина блока: ${both(split, sides, d.got)}.`;
    const intro = a.pfn === b.pfn ? 'Тот же кадр, но другим путём' : 'Другой кадр';
    const since = d.why === 'blocks' ? sinceThen(d.since, sides) : '';
    return p`${intro}: ${both(way, sides, d.got)}.${since}`;
  },
  'boot-frame': ({ address, search, shared }, { names }) => {
    const from =
      search[0] === search[1]
        ? ''
        : ` Поиск начинается с кадра ${hex(search[0])} и, соответственно, ${hex(search[1])}.`;
    const goesOn = shared[0] === shared[1] ? '' : ` Только ${names[shared[0] ? 0 : 1]} продолжает последнюю страницу.`;
    return p`Загрузочный распределитель даёт другое место: ${names[0]} — ${hex(address[0])}, ${names[1]} — ${hex(address[1])}.${from}${goesOn}`;
  },
  freed: (d, sides) =>
    d.why === 'list'
      ? p`Освобождённое попадает в разные места: ${both(whereTo, sides, d.freed)}.`
      : p`Освобождённое сливается по-разному: ${both(merged, sides, d.freed)}.${sinceThen(d.since, sides)}`,
  orders: ({ orders }, sides) => {
    const says = (name: string, n: number): Part[] =>
      p`в ${name} списки для порядков от 0 до ${n - 1}, блоки до ${largest(n)}`;
    return p`${capital(both(says, sides, orders))}.`;
  },
  'cpu-lists': (d, { names }) =>
    p`${names[d.side]} ставит перед списками зоны горячий и холодный список одиночных кадров для каждого процессора (горячий пополняется при ${d.low}, разгружается при ${d.high}, по ${frames(d.batch)} за раз); в ${names[d.side === 0 ? 1 : 0]} их нет.`,
  tables: ({ tables, bytes: sizes }, { names }) => {
    const takes = (i: 0 | 1): string =>
      tables[i] === 0
        ? 'ничего'
        : `${bytes(sizes[i])} загрузочной памяти за ${count(tables[i], 'приём', 'приёма', 'приёмов')}`;
    return p`Таблицы самого страничного распределителя: ${names[0]} берёт ${takes(0)}, ${names[1]} — ${takes(1)}.`;
  },
  'whole-words': (d, { names }) => {
    const more = d.words[0] > d.words[1] ? 0 : 1;
    const other = d.words[1 - more] ?? 0;
    const rest = other === 0 ? 'передаёт кадры по одному' : `передаёт так ${digits(other)}`;
    return p`${names[more]} передаёт ${count(d.words[more], 'целое слово', 'целых слова', 'целых слов')} загрузочной карты блоками по ${frames(d.bits)}; ${names[more === 0 ? 1 : 0]} ${rest}.`;
  },
  'handed-over': ({ frames: free, onCpus: kept }, { names }) => {
    const has = (i: 0 | 1): string =>
      kept[i] === 0 ? '' : ` (из них ${digits(kept[i])} в собственных списках процессора)`;
    return p`После этого в ${names[0]} ${form(free[0], 'свободен', 'свободны', 'свободно')} ${frames(free[0])}${has(0)}, в ${names[1]} — ${free[1]}${has(1)}.`;
  },
  marks: ({ zone, marks }, sides) => {
    const says = (name: string, [min, low, high]: [number, number, number]): Part[] =>
      p`${name} — min ${min}, low ${low}, high ${high}`;
    return p`У зоны ${sides.zone(zone)} другие пороги: ${both(says, sides, marks)}.`;
  },
  result: ({ op, value }, sides) => {
    const says = (name: string, n: number | null): Part[] => p`${n ?? 'NULL'} в ${name}`;
    return p`${call(op)} возвращает ${both(says, sides, value)}.`;
  },
};
