import { type BugText, PAGE_SIZE, type StateName, SYSCTLS } from '../generated/tables.ts';
import type { Ev } from '../protocol.ts';
import type { BugNotes, Headline, HeadlineTable, SentenceTable } from './en.ts';
import {
  borrowing,
  cpuListOf,
  element,
  type Facts,
  faultAt,
  framesOf,
  freesNothing,
  hangsAt,
  isUnused,
  limitOf,
  type Mark,
  markOfRound,
  markTest,
  mayWait,
  namesNoNode,
  needOf,
  num,
  ranges,
  refill,
  refusals,
  reserve,
  takenFromCpu,
  text,
  typeName,
  WHOLE_PAGEBLOCKS,
} from './facts.ts';
import type { Words } from './index.ts';
import { listName } from './lists.ru.ts';
import { panels } from './panels.ru.ts';
import { call, capital, frame, hex, type Part, p, span } from './parts.ts';
import { newTroubles, troubles, why } from './troubles.ru.ts';
import { digits } from './ui.en.ts';
import { ui } from './ui.ru.ts';

const rules = new Intl.PluralRules('ru');
/** Форма слова при числе: 1 кадр, 2 кадра, 5 кадров. */
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
const one = (n: number, singular: string, plural: string): string => (n === 1 ? singular : plural);
const framesAt = (pfn: number, n: number): Part[] => p`${one(n, 'кадр', 'кадры')} ${span(pfn, n)}`;
const blockAt = (pfn: number, order: number): Part[] => framesAt(pfn, 2 ** order);
const size = (order: number): string =>
  order === 0 ? 'один кадр' : `2^${order} = ${count(2 ** order, 'кадр', 'кадра', 'кадров')} подряд`;

function spans(list: readonly [number, number][]): Part[] {
  const shown = list.slice(0, 4).map(([pfn, n]) => span(pfn, n));
  const out: Part[] = [];
  shown.forEach((part, i) => {
    if (i > 0) out.push({ text: i === list.length - 1 ? ' и ' : ', ' });
    out.push(part);
  });
  const more = list.length - shown.length;
  if (more > 0) out.push({ text: ` и ещё ${count(more, 'диапазон', 'диапазона', 'диапазонов')}` });
  return out;
}

const total = (list: readonly [number, number][]): number => list.reduce((sum, [, n]) => sum + n, 0);

/** Чем ядро остановило вызов, если остановило. */
function stopped(facts: Facts): Part[] {
  const bug = facts.bug;
  const note = bug === '' ? '' : ` (${bugs[bug as keyof BugNotes] ?? bug})`;
  if (facts.outcome === 'bug') return p` Здесь ядро останавливается по BUG(): ${bug}${note}.`;
  if (facts.outcome === 'oops') return p`${fault(facts)} Здесь ядро падает: ${bug}${note}.`;
  if (facts.outcome === 'panic') return p` Ядро паникует: ${bug}${note}.`;
  if (facts.outcome === 'hang') return p` ${panels.hangs[hangsAt(facts)]}`;
  if (facts.outcome === 'stall') return p` Вызывающему разрешено ждать, а память никто не освободит: он ждёт вечно.`;
  return [];
}

function fault(facts: Facts): Part[] {
  const at = faultAt(facts);
  const what = block(num(at, 'pfn'), num(at, 'order'));
  const list = facts.list(at);
  const isPoisoned = facts.bug === 'poisoned link';
  if (!at) return [];
  return at.kind === 'list_del'
    ? p` Чтобы вынуть ${what} из ${listName(list, 'genitive')}, ядро идёт по ссылкам, а ${isPoisoned ? 'они отравлены' : 'там NULL'}.`
    : p` Чтобы вставить ${what} в ${listName(list, 'accusative')}, ядро идёт по ссылке, а ${isPoisoned ? 'она отравлена' : 'там NULL'}.`;
}

function partial(event: Ev, facts: Facts): Part[] {
  const pfn = num(event, 'pfn');
  const n = num(event, 'bytes');
  const start = facts.arg('addr') ?? 0;
  const from = Math.floor(start / PAGE_SIZE) === pfn ? start : pfn * PAGE_SIZE;
  return p`Байты с ${hex(from)} по ${hex(from + n - 1)} — лишь часть кадра ${frame(pfn)}, поэтому его бит остаётся прежним.`;
}

function alreadyFree(facts: Facts): Part[] {
  const bug = facts.first('bug');
  const before = ranges(facts.all('boot_bits_cleared'));
  const stays = before.length > 0 ? p` Освобождённое до этого, ${spans(before)}, остаётся свободным.` : [];
  return p`Бит ${frame(num(bug, 'pfn'))} уже 0. Это двойное освобождение, и ядро останавливается по BUG().${stays}`;
}

const bitsBecome = (list: readonly [number, number][], value: string): Part[] =>
  p`${one(total(list), 'бит', 'биты')} ${spans(list)} ${one(total(list), 'становится', 'становятся')} ${value}`;

const nothingFreed: Record<ReturnType<typeof freesNothing>, string> = {
  narrow: 'ни один кадр не лежит в диапазоне целиком',
  wraps: 'конец диапазона переходит через 2^32, и об этом никто не узнаёт',
  below: 'диапазон начинается до узла, и об этом никто не узнаёт',
};

function freeBootmem(facts: Facts): Part[] {
  if (facts.bug === 'free_bootmem: page is already free') return p`${facts.call}: ${alreadyFree(facts)}`;
  const cleared = ranges(facts.all('boot_bits_cleared'));
  const partials = facts.all('boot_partial').map((event) => p` ${partial(event, facts)}`);
  const freed =
    cleared.length === 0
      ? facts.outcome === 'done'
        ? p`${facts.call} ничего не освобождает: ${nothingFreed[freesNothing(facts)]}.`
        : p`${facts.call}.`
      : p`${facts.call} отдаёт загрузочному распределителю ${frames(total(cleared))}: ${bitsBecome(cleared, '0')}.`;
  return p`${freed}${partials.flat()}${stopped(facts)}`;
}

function reserveBootmem(facts: Facts): Part[] {
  const set = ranges(facts.all('boot_bits_set'));
  const twice = facts.all('warn_reserved_twice').map((event) => p` ${warnReservedTwice(event)}`);
  const reserved =
    set.length === 0
      ? p`${facts.call} не ставит ни одного нового бита.`
      : p`${facts.call} округляет наружу и занимает каждый кадр, которого касается диапазон: ${bitsBecome(set, '1')}.`;
  return facts.outcome === 'bug' ? p`${facts.call}.${stopped(facts)}` : p`${reserved}${twice.flat()}`;
}

function goesOn(event: Ev): Part[] {
  const pfn = frame(num(event, 'pfn'));
  const offset = num(event, 'offset');
  if (offset === 0)
    return p`При align 0 новое выделение ложится в начало последней занятой страницы ${pfn}, поверх того, что там есть.`;
  if (offset >= PAGE_SIZE)
    return p`Прошлое выделение кончилось внутри кадра ${pfn}; после выравнивания новое начинается сразу за ним.`;
  return p`Прошлое выделение кончилось внутри кадра ${pfn}, поэтому новое начинается там же, со смещения ${offset}.`;
}

function allocBootmem(facts: Facts): Part[] {
  const asks = p`${facts.call} просит ${bytes(facts.arg('size') ?? 0)}.`;
  const out = facts.first('boot_handed_out');
  if (!out || facts.value === null) return p`${asks}${stopped(facts)}`;
  const shared = facts.first('boot_page_shared');
  const search = facts.all('boot_search').at(-1);
  const how = shared
    ? goesOn(shared)
    : p`Начиная с бита ${frame(num(search, 'pfn'))}, первый подходящий ряд нулей начинается с кадра ${frame(num(out, 'pfn'))}.`;
  const set = ranges(facts.all('boot_bits_set'));
  const marked = set.length === 0 ? [] : p` ${capital(bitsBecome(set, '1'))}.`;
  return p`${asks} ${how}${marked} Память по адресу ${hex(facts.value)} заполняется нулями и теперь принадлежит вызывающему.${wiped(facts)}`;
}

function wiped(facts: Facts): Part[] {
  const cleared = ranges(facts.all('boot_bits_cleared'));
  if (cleared.length === 0) return [];
  return p` Но там лежит сама битовая карта, ведь её никто не занял: нули стирают её, и ${spans(cleared)} ${one(total(cleared), 'считается свободным', 'считаются свободными')}.`;
}

function freeAllBootmem(facts: Facts): Part[] {
  const first = p`${facts.call}: загрузочный распределитель уходит на покой.`;
  if (facts.outcome !== 'done') return p`${first}${stopped(facts)}`;
  const way = facts.kernel?.hasPcp
    ? p`снизу вверх: если в слове битовой карты одни нули и начало узла это позволяет, все кадры слова разом, иначе по одному, через горячие списки процессора ${facts.cpu}`
    : p`по одному снизу вверх, и сливается со своим двойником, как только свободны оба`;
  return p`${first} Каждый кадр с битом 0 переходит к страничному распределителю, ${way}; за ними идут кадры самой битовой карты. Всего ${frames(facts.value ?? 0)}; что ещё занято, занятым и останется.`;
}

const hasFrames = (zone: Ev): boolean => num(zone, 'size') > 0;

function freeAreaInit(facts: Facts): Part[] {
  const zones = facts
    .all('zone_set_up')
    .filter(hasFrames)
    .map((event) => {
      const marks = facts.all('zone_marks_set').find((other) => num(other, 'zone') === num(event, 'zone'));
      const says = marks
        ? p`, пороги min ${num(marks, 'pages_min')}, low ${num(marks, 'pages_low')}, high ${num(marks, 'pages_high')}`
        : [];
      return p` В зоне ${facts.zone(num(event, 'zone'))} ${frames(num(event, 'size'))}, начиная с ${frame(num(event, 'start_pfn'))}${says}.`;
    });
  const own = facts.kernel?.hasPcp
    ? ' В каждой зоне у каждого процессора появляются свои списки, горячий и холодный.'
    : '';
  return p`${call('free_area_init')} готовит страничный распределитель.${zones.flat()}${own} Списки пусты: каждый кадр числится занятым, пока загрузочный распределитель его не передаст.${stopped(facts)}`;
}

function belowLow(facts: Facts): Part[] {
  if (facts.first('kswapd_woken')) return p` Выше порогов low взять нечего: ядро будит kswapd и пробует пороги пониже.`;
  if (facts.first('walk_begins')) return p` Выше порогов low не даёт ни одна зона: теперь пороги пониже.`;
  const round = facts.all('zone_round').at(-1);
  return round ? p` Выше порогов low взять нечего: теперь порог — ${roundMarks(round, facts)}.` : [];
}

function inVain(facts: Facts): Part[] {
  const slow = belowLow(facts);
  const tried = refusals(facts);
  const marks = tried.findLastIndex((event) => event.kind !== 'zone_empty') + 1;
  const each = tried.map((event) => {
    const zone = facts.zone(num(event, 'zone'));
    if (event.kind === 'zone_empty')
      return p` Зона ${zone} дать может, но ни в одном её списке нет блока порядка ${num(event, 'order')} или выше.`;
    if (event.kind === 'mark_tested') return refusedMark(event, facts);
    const needs =
      event.kind === 'zone_refused'
        ? `не меньше ${digits(needOf(event, facts).need)}`
        : `больше ${digits(num(event, 'limit'))}`;
    return p` В зоне ${zone} ${freeFrames(event)}, а нужно ${needs}: она отказывает.`;
  });
  const last = reserve(facts)
    ? p` Вызывающему с PF_MEMALLOC или PF_MEMDIE можно отдать и последние кадры: пороги не действуют.`
    : [];
  const blocked = each.slice(0, marks).flat();
  return p`${slow}${blocked}${last}${each.slice(marks).flat()}`;
}

function refusedMark(event: Ev, facts: Facts): Part[] {
  const { min, reserve, result, ...test } = markTest(event, facts);
  const free = digits(test.free);
  const zone = facts.zone(num(event, 'zone'));
  return result === 0
    ? p` В зоне ${zone} осталось бы свободных кадров ${free}, а нужно больше ${min + reserve}: она отказывает.`
    : p` В зоне ${zone} свободного хватает, но в списках, доступных запросу, нет достаточно большого блока: она отказывает.`;
}

function borrowed(facts: Facts): Part[] {
  const found = borrowing(facts);
  if (!found) return [];
  const { asked, taken, isWhole, more } = found;
  const lends = p` У типа ${ofType(asked, facts)} таких блоков не осталось, и он занимает у ${ofType(asked, facts, 'from')}`;
  const all = more > 0 ? ` Занимать приходится ещё ${count(more, 'раз', 'раза', 'раз')}.` : '';
  if (!taken) return p`${lends}.`;
  const where = frame(num(taken, 'pfn'));
  if (taken.kind === 'pageblock_stolen')
    return isWhole
      ? p`${lends}: блок страниц ${where} становится ${ofType(taken, facts)}.${all}`
      : p`${lends}: свободное в блоке страниц ${where} переходит в другие списки, а тип его прежний.${all}`;
  const what = block(num(taken, 'pfn'), num(taken, 'order'));
  return isWhole
    ? p`${lends}: ${what}, целые блоки страниц, и они становятся ${ofType(taken, facts)}.${all}`
    : p`${lends}: только ${what}, а тип блока страниц прежний.${all}`;
}

function refused(facts: Facts): Part[] {
  const tried = inVain(facts);
  if (tried.length > 0) return tried;
  const largest = (facts.kernel?.nrOrders ?? 0) - 1;
  return (facts.arg('order') ?? 0) > largest
    ? p` Самый большой порядок — ${largest}: ядро даже не ищет.`
    : p` Ни одна зона такого блока дать не может.`;
}

/** «свободно 5 кадров» */
const freeFrames = (event: Ev): string =>
  `${form(num(event, 'free_pages'), 'свободен', 'свободны', 'свободно')} ${frames(num(event, 'free_pages'))}`;

function fromCpu(taken: Ev, facts: Facts): Part[] {
  const list = facts.list(taken);
  const isFrame = list.order === 0;
  const gives = p`отдаёт свой первый ${isFrame ? 'кадр' : 'блок'}, ${block(num(taken, 'pfn'), list.order)}`;
  const fetched = refill(facts);
  if (!fetched) return p` ${capital(listName(list, 'nominative'))} ${gives}.`;
  const n = num(fetched.why, 'count');
  const left =
    n === 0 ? (isFrame ? 'кадров нет' : 'блоков нет') : `${form(n, 'остался', 'осталось', 'осталось')} ${frames(n)}`;
  const come =
    fetched.moved === 0
      ? 'но добавить из списков двойников нечего'
      : `поэтому в его конец ${form(fetched.moved, 'добавлен', 'добавлены', 'добавлено')} ${isFrame ? frames(fetched.moved) : count(fetched.moved, 'блок', 'блока', 'блоков')} из списков двойников`;
  return p` В ${listName(list, 'prepositional')} ${left}, ${come}. Затем он ${gives}.`;
}

function found(facts: Facts, order: number): Part[] {
  const taken = takenFromCpu(facts);
  if (taken) return fromCpu(taken, facts);
  const at = facts.first('block_found');
  if (!at) return [];
  const from = num(at, 'order');
  const list = p` Список порядка ${from} зоны ${facts.zone(num(at, 'zone'))} отдаёт свой первый блок, ${block(num(at, 'pfn'), from)}.`;
  if (from === order) return list;
  const [back, on] = halves(facts.first('split'));
  const times = from === order + 1 ? '' : ` ${count(from - order, 'раз', 'раза', 'раз')}`;
  return p`${list} Его делят пополам${times}: ${back} половина возвращается в список, ${on} идёт дальше.`;
}

function halves(split: Ev | undefined): ['нижняя', 'верхняя'] | ['верхняя', 'нижняя'] {
  return num(split, 'pfn') > num(split, 'buddy') ? ['верхняя', 'нижняя'] : ['нижняя', 'верхняя'];
}

function allocPages(facts: Facts): Part[] {
  const order = facts.arg('order') ?? 0;
  const asks = p`${facts.call} просит ${size(order)}.`;
  const out = facts.first('handed_out');
  if (!out) {
    const complains = facts.first('warn_alloc_failed') ? ', а ядро жалуется в консоль' : '';
    const end =
      facts.outcome === 'failed' ? p`${refused(facts)} Вызывающий получает NULL${complains}.` : stopped(facts);
    return p`${asks}${facts.outcome === 'failed' ? [] : inVain(facts)}${borrowed(facts)}${found(facts, order)}${end}`;
  }
  const what = blockAt(num(out, 'pfn'), num(out, 'order'));
  const way = p`${asks}${inVain(facts)}${borrowed(facts)}${found(facts, order)}`;
  if (facts.outcome === 'failed')
    return p`${way} Ядро выделяет ${what}, но у HighMem нет адреса в ядре: вызывающий получает NULL, и вернуть эту память некому.`;
  if (facts.outcome !== 'done') return p`${way} Вызывающий получает ${what}.${stopped(facts)}`;
  return p`${way} Вызывающий получает ${what}${address(facts)}.`;
}

function address(facts: Facts): string {
  if (facts.result !== 'addr' || facts.value === null) return '';
  return `, физический адрес ${hex(facts.value)}${virtual(facts, facts.value)}`;
}

function virtual(facts: Facts, addr: number): string {
  const offset = facts.kernel?.pageOffset ?? 0;
  return offset === 0 ? '' : `, виртуальный адрес ядра ${hex(addr + offset)}`;
}

function freePages(facts: Facts): Part[] {
  if (facts.first('nothing_to_do')) return p`${facts.call}: NULL, освобождать нечего.`;
  const ignored = facts.first('free_ignored');
  if (ignored) return p`${facts.call}: ${freeIgnored(ignored, facts)}`;
  const rest = facts.first('rest_freed');
  if (rest) return p`${facts.call}: ${restFreed(rest)}${badPages(facts)}${stopped(facts)}`;
  const given = facts.first('given_up');
  const order = num(given, 'order');
  const drops = given
    ? p`${facts.call}: последней ссылки на ${blockAt(num(given, 'pfn'), order)} больше нет.`
    : p`${facts.call}.`;
  const taken = facts.first('taken_back');
  if (!taken) return p`${drops}${badPages(facts)}${stopped(facts)}`;
  const way = text(taken, 'state') === 'pcp' ? toCpu(facts) : merges(facts);
  return p`${drops}${badPages(facts)}${way}${stopped(facts)}`;
}

function badPages(facts: Facts): Part[] {
  const bad = facts.all('warn_bad_page');
  const n = bad.length;
  if (n === 0) return badFrames(facts);
  return p` Но ${one(n, 'кадр', 'кадры')} ${spans(framesOf(bad))} ещё ${one(n, 'используется', 'используются')}: ядро жалуется на плохую страницу, обнуляет ${one(n, 'счётчик', 'счётчики')} и всё равно ${one(n, 'его', 'их')} освобождает.`;
}

function badFrames(facts: Facts): Part[] {
  const bad = facts.all('warn_bad_frame');
  const n = bad.length;
  if (n === 0) return [];
  const reasons = [...new Set(bad.map((event) => text(event, 'reason')))].join(', ');
  return p` Но ${one(n, 'кадр', 'кадры')} ${spans(framesOf(bad))} в негодном состоянии (${reasons}): ядро сообщает об этом и больше не пользуется всем блоком.`;
}

function restFreed(event: Ev): Part[] {
  const [pfn, left] = [frame(num(event, 'pfn')), num(event, 'count')];
  return left < 0
    ? p`Счётчик кадра ${pfn} падает с ${left + 1} до ${left}: ссылок на него ни у кого не было. Это не 0, и ядро считает, что первый кадр ещё кто-то держит, а остальное освобождает, половинами: во второй раз и молча.`
    : p`У первого кадра, ${pfn}, ещё ${count(left, 'ссылка', 'ссылки', 'ссылок')}, и он остаётся. Остальное освобождается сейчас, половинами.`;
}

function toSharedCpu(facts: Facts): Part[] {
  const added = facts.all('list_add').find((event) => facts.list(event).cpu !== null);
  const list = facts.list(added);
  const held = num(facts.first('pcp_count_set'), 'count');
  const over = facts.first('pcp_overflow');
  const then = over ? p` ${events.pcp_overflow(over, facts)}` : '';
  return p` ${list.order === 0 ? 'Кадр' : 'Блок'} встаёт в начало ${listName(list, 'genitive')}; всего в списках этого процессора там теперь ${frames(held)}, ${one(held, 'свободный', 'свободных')} только для него.${then}`;
}

function toCpu(facts: Facts): Part[] {
  if (facts.kernel?.nrPcps === 1) return toSharedCpu(facts);
  const list = facts.list(facts.all('list_add').at(-1));
  const n = num(facts.all('pcp_count_set').at(-1), 'count');
  const has = `там теперь ${frames(n)}, ${one(n, 'свободный', 'свободных')} только для этого процессора`;
  if (!facts.first('pcp_drain')) return p` Кадр встаёт в начало ${listName(list, 'genitive')}, ${has}.`;
  const back = facts.all('moved').length;
  return p` ${capital(listName(list, 'nominative'))} полон: сначала ${frames(back)} с его конца ${form(back, 'возвращается', 'возвращаются', 'возвращаются')} в списки двойников. Затем кадр встаёт в его начало, ${has}.`;
}

function freeToCpu(facts: Facts): Part[] {
  const given = facts.first('given_up');
  const says = given
    ? p`${facts.call}: по словам вызывающего, кадр ${named(num(given, 'pfn'), facts)} больше никому не нужен.`
    : p`${facts.call}.`;
  return p`${says}${badPages(facts)}${facts.first('taken_back') ? toCpu(facts) : []}${stopped(facts)}`;
}

function pagevecFree(facts: Facts): Part[] {
  const n = facts.all('taken_back').length;
  const list = facts.arg('cold') ? 'холодного' : 'горячего';
  if (n === 0) return p`${facts.call} ничего не освобождает.${badPages(facts)}${stopped(facts)}`;
  const back = facts.all('moved').length;
  const drained =
    back > 0
      ? ` Полные списки сначала отдают с конца в списки двойников то, что лежит там дольше всего: ${frames(back)}.`
      : '';
  return p`${facts.call} освобождает ${frames(n)}, от последнего к первому: каждый встаёт в начало ${list} списка процессора ${facts.cpu} в своей зоне.${drained}${badPages(facts)}${stopped(facts)}`;
}

function putPage(facts: Facts): Part[] {
  const at = facts.first('count_set');
  if (!at) return p`${facts.call}.${stopped(facts)}`;
  const pfn = named(num(at, 'pfn'), facts);
  const left = num(at, 'count');
  return left === 0
    ? p`${facts.call}: последней ссылки на кадр ${pfn} больше нет. Вызов возвращает true: теперь вызвавший должен освободить кадр.`
    : p`${facts.call}: на кадр ${pfn} стало ссылкой меньше, теперь их ${left}. Вызов возвращает false: кадр остаётся занятым.`;
}

/** Номер кадра и, если такой памяти нет, слова об этом. */
function named(pfn: number, facts: Facts): Part[] {
  return p`${frame(pfn)}${facts.isOutside(pfn) ? ' (за концом памяти)' : ''}`;
}

function marksSet(facts: Facts): Part[] {
  const marks = facts.all('zone_marks_set').map((event) => p` ${zoneMarks(event, facts)}`);
  const kept = facts
    .all('protection_set')
    .filter((event) => num(event, 'normal') + num(event, 'highmem') > 0)
    .map((event) => p` ${protection(event, facts)}`);
  return [...marks, ...kept].flat();
}

function zoneMarks(event: Ev, facts: Facts): Part[] {
  return p`Пороги зоны ${facts.zone(num(event, 'zone'))} в кадрах: min ${num(event, 'pages_min')}, low ${num(event, 'pages_low')}, high ${num(event, 'pages_high')}.`;
}

function protection(event: Ev, facts: Facts): Part[] {
  const kept = [
    ['Normal', num(event, 'normal')],
    ['HighMem', num(event, 'highmem')],
  ] as const;
  const from = kept
    .filter(([, n]) => n > 0)
    .map(([zone, n]) => `${frames(n)} от запросов, которые начинаются с ${zone}`);
  return from.length === 0
    ? p`Зона ${facts.zone(num(event, 'zone'))} ничего не бережёт для себя.`
    : p`Зона ${facts.zone(num(event, 'zone'))} бережёт ${from.join(', и ')}.`;
}

function sysctl(facts: Facts): Part[] {
  const set = facts.first('sysctls_set');
  const n = num(set, 'lower_zone_protection');
  const times = n === 1 ? '' : `, взятые ${count(n, 'раз', 'раза', 'раз')}`;
  const what =
    facts.arg('name') === SYSCTLS.indexOf('min_free_kbytes')
      ? p`свободными должны оставаться ${bytes(num(set, 'min_free_kbytes') * 1024)}, поделённые между зонами по размеру.`
      : p`от запросов, которым хватило бы зон выше, зона бережёт столько кадров, сколько дают пороги low этих зон${times}.`;
  return p`${facts.call}: ${what}${marksSet(facts)}`;
}

function merges(facts: Facts): Part[] {
  const merged = facts.all('merge');
  const added = facts.all('list_add');
  const at = added[added.length - 1];
  const tail = facts.first('tail_chosen');
  const ends = facts.first('merge_ends');
  const onto = at
    ? p` ${block(num(at, 'pfn'), num(at, 'order'))} теперь первый блок в списке порядка ${num(at, 'order')}.`
    : tail
      ? p` ${events.tail_chosen(tail, facts)}`
      : [];
  if (merged.length === 0) {
    const why =
      ends && ends.top !== true
        ? p` ${bySign(facts)} двойник ${block(num(ends, 'buddy'), num(ends, 'order'))} занят, сливаться не с кем.`
        : [];
    return p`${why}${onto}`;
  }
  const why = ends?.top === true ? ', до самого большого порядка' : ends ? '; следующий двойник занят' : '';
  return p` ${bySign(facts)} двойник свободен, и двое становятся одним блоком: ${count(merged.length, 'слияние', 'слияния', 'слияний')}${why}.${onto}`;
}

function freeIgnored(event: Ev, facts: Facts): Part[] {
  const pfn = named(num(event, 'pfn'), facts);
  const left = num(event, 'count');
  if (event.reserved === true) return p`Кадр ${pfn} зарезервирован: ядро его не трогает.`;
  if (left < 0) {
    return p`Счётчик кадра ${pfn} падает с ${left + 1} до ${left}: ссылок на него не было. Ядро забирает кадр только при нуле, поэтому молча не происходит ничего.`;
  }
  return p`На кадр ${pfn} ещё есть ${count(left, 'ссылка', 'ссылки', 'ссылок')}: он остаётся на месте.`;
}

function warnReservedTwice(event: Ev): Part[] {
  const n = num(event, 'count');
  return p`${capital(framesAt(num(event, 'pfn'), n))} уже ${one(n, 'был занят', 'были заняты')}: ядро предупреждает и продолжает.`;
}

const traced =
  (say: (facts: Facts, what: Part[], order: number) => Part[], kind: string): Headline =>
  (facts) => {
    const event = facts.first(kind);
    const order = num(event, 'order');
    return say(facts, blockAt(num(event, 'pfn'), order), order);
  };

function initBootmem(f: Facts): Part[] {
  const at = f.first('boot_map_set_up');
  if (!at) return p`${f.call}.${stopped(f)}`;
  const n = num(at, 'end') - num(at, 'start');
  return p`${f.call} создаёт загрузочную битовую карту: по биту на каждый из ${count(n, 'кадра', 'кадров', 'кадров')} ${span(num(at, 'start'), n)}, ${bytes(f.value ?? 0)} в кадре ${frame(num(at, 'mapstart'))}. Все биты — 1, занято, пока кто-нибудь не освободит диапазон.`;
}

const headlines: HeadlineTable = {
  boot: (f) =>
    p`Машина загружается: начинает работу загрузочный распределитель, берёт нужное прошивке и ядру, а остальное передаёт страничному.${stopped(f)}`,
  init_bootmem: initBootmem,
  reserve_bootmem: reserveBootmem,
  free_bootmem: freeBootmem,
  alloc_bootmem: allocBootmem,
  free_all_bootmem: freeAllBootmem,
  free_area_init: freeAreaInit,
  free_boot_range: (f) => {
    const first = f.arg('start') ?? 0;
    const n = (f.arg('end') ?? 0) - first;
    const way = f.arg('dir') === 1 ? 'сверху вниз' : 'снизу вверх';
    const then = f.kernel?.hasPcp
      ? `, через горячие списки процессора ${f.cpu}; что в них не помещается, идёт дальше, в списки двойников, и сливается там`
      : '; каждый сливается со своим двойником, как только свободны оба';
    return p`При загрузке ${frames(n)} ${span(first, n)} ${form(n, 'переходит', 'переходят', 'переходят')} к страничному распределителю, по одному ${way}${then}.${stopped(f)}`;
  },
  alloc_pages: allocPages,
  get_zeroed_page: (f) => p`${allocPages(f)}${f.outcome === 'done' ? ' Кадр заполняется нулями.' : ''}`,
  __free_pages: freePages,
  get_page: (f) => {
    const at = f.first('count_set');
    return at
      ? p`${f.call}: на кадр ${named(num(at, 'pfn'), f)} стало ссылкой больше, теперь их ${num(at, 'count')}. Свободным он будет, лишь когда снимут все.`
      : p`${f.call}.${stopped(f)}`;
  },
  free_hot_page: freeToCpu,
  put_page_testzero: putPage,
  pagevec_free: pagevecFree,
  drain_local_pages: (f) =>
    p`${f.call}: все кадры горячих и холодных списков процессора ${f.cpu} возвращаются в списки двойников и сливаются там.${stopped(f)}`,
  init_per_zone_pages_min: (f) =>
    p`${f.call} вычисляет, сколько памяти держать свободной: min_free_kbytes — ${num(f.first('sysctls_set'), 'min_free_kbytes')}.${marksSet(f)}`,
  sysctl,
  mm_page_alloc: traced(
    (f, what, order) => p`Процессор ${f.cpu} получает ${size(order)}: ${what}${requested(f)}.`,
    'handed_out',
  ),
  mm_page_free: traced((f, what, order) => {
    const own = text(f.first('taken_back'), 'state') === 'pcp';
    const list = own ? 'в собственный список процессора, чтобы вскоре пригодиться снова' : 'в списки двойников';
    return p`Процессор ${f.cpu} освобождает ${what} (порядок ${order}): ${one(2 ** order, 'он идёт', 'они идут')} ${list}.`;
  }, 'taken_back'),
  mm_page_alloc_zone_locked: traced(
    (f, what, order) =>
      p`Процессор ${f.cpu} под блокировкой зоны берёт ${what} (порядок ${order}) из списков двойников: пополнить свой список или сразу отдать.`,
    'moved',
  ),
  mm_page_pcpu_drain: traced(
    (f, what, order) =>
      p`У процессора ${f.cpu} своих свободных кадров достаточно: ${what} (порядок ${order}) ${one(2 ** order, 'возвращается', 'возвращаются')} в списки двойников.`,
    'moved',
  ),
  events_lost: (f) => lostEvents(num(f.first('lost_events'), 'count')),
  alloc_pages_bulk: (f) => {
    const n = f.arg('n') ?? 0;
    const got = f.value === 0 ? p`ничего` : spans(framesOf(f.all('handed_out')));
    return p`${f.call}: ${form(n, 'запрошен', 'запрошены', 'запрошено')} сразу ${count(n, 'отдельный кадр', 'отдельных кадра', 'отдельных кадров')}; вызывающий получает ${got}.${stopped(f)}`;
  },
  put_page: (f) => p`${freePages(f)}`,
  split_page: (f) => {
    const n = 2 ** (f.arg('order') ?? 0);
    return p`${f.call}: блок становится отдельными кадрами, у каждого свой счётчик (${frames(n)}). Освобождают их по одному.${stopped(f)}`;
  },
  drain_all_pages: (f) =>
    p`${f.call}: списки всех процессоров пустеют; в списки двойников возвращается и может там сливаться ${frames(blocksOf(f.all('moved')))}.${stopped(f)}`,
  memblock_free_all: (f) =>
    p`${f.call}: memblock уходит на покой. Вся память, которая не зарезервирована, переходит к страничному распределителю самыми большими выровненными блоками: ${frames(f.value ?? 0)}.${stopped(f)}`,
  set_min_free_kbytes: (f) =>
    p`${f.call}: свободными должны оставаться ${bytes((f.arg('value') ?? 0) * 1024)}.${marksSet(f)}`,
  set_watermark_boost_factor: (f) =>
    p`${f.call}: захват чужого блока страниц может поднять пороги не больше чем на ${(f.arg('value') ?? 0) / 100} % от порога high.`,
  set_watermark_scale_factor: (f) =>
    p`${f.call}: между порогами не меньше ${(f.arg('value') ?? 0) / 100} % зоны.${marksSet(f)}`,
  set_percpu_pagelist_high_fraction: (f) =>
    f.arg('value')
      ? p`${f.call}: в списках процессоров может лежать 1/${f.arg('value') ?? 0} кадров зоны.`
      : p`${f.call}: предел для списков процессоров снова определяется порогом low.`,
  vmstat_fold: (f) => p`${f.call}: процессор ${f.cpu} переносит накопленные у себя разности в счётчики зон.`,
};

const isTyped = (facts: Facts): boolean => (facts.kernel?.typeNames?.length ?? 0) > 0;
/** По чему ядро судит, свободен ли двойник. */
const bySign = (facts: Facts): string => (isTyped(facts) ? 'Судя по метке,' : 'По биту пары');
const blocksOf = (all: readonly Ev[]): number => all.reduce((sum, event) => sum + 2 ** num(event, 'order'), 0);
const ofType = (event: Ev, facts: Facts, field = 'type'): string => typeName(num(event, field), facts.kernel);

const rightNames: readonly [number, string][] = [
  [2, 'типы не смешивать'],
  [4, 'хватит половины порога (__GFP_HIGH)'],
  [8, 'ждать нельзя'],
  [16, 'можно взять из атомарного резерва'],
  [32, 'хватит половины порога (жертва OOM killer)'],
  [64, 'порогов нет'],
];
function rights(mask: number): string {
  const names = rightNames.filter(([bit]) => mask & bit).map(([, name]) => name);
  return names.length > 0 ? names.join(', ') : 'особых прав нет';
}

const stolenAlone = [
  'его блок страниц принадлежит атомарному резерву и там остаётся',
  'это целые блоки страниц',
  'перемещаемый запрос, которому достались одни крохи, берёт самую малую, а блоку страниц оставляет и тип, и остальное',
  'ничего в его блоке страниц переместить нельзя, и тип у него прежний',
];

function requested(facts: Facts): string {
  const mask = num(facts.first('handed_out'), 'gfp');
  return mask === 0 ? '' : `, флаги ${facts.gfp(mask)}`;
}

function lostEvents(n: number): Part[] {
  const what =
    n === 0
      ? 'часть событий потеряна'
      : `${form(n, 'потеряно', 'потеряны', 'потеряно')} ${count(n, 'событие', 'события', 'событий')}`;
  return p`Здесь ${what}: буфер трассировки переполнился. Дальше о каждом кадре ничего не известно, пока о нём не скажет новое событие.`;
}

/** осталось бы 7561 = 8076 − 3 (…) − 512 (…), больше, чем 351 = 282 (…) + 69 (lowmem_reserve): она может дать. */
function markTested(event: Ev, facts: Facts): string {
  const { rest, aside, counted, min, reserve, mark, boost, which, part, result, ...test } = markTest(event, facts);
  const free = digits(test.free);
  const asked = rest > 0 ? ` − ${digits(rest)} (остаток блока)` : '';
  const kept = aside > 0 ? ` − ${digits(aside)} (отложены для атомарных запросов)` : '';
  const bulk = facts.op === 'alloc_pages_bulk' && which === 'low' ? ', а при выделении пачкой и её кадры' : '';
  const name = which === 'low' ? `порог low${bulk}` : 'порог min';
  const raised =
    boost > 0 ? `${digits(mark)} (${name}) + ${digits(boost)} (надбавка boost)` : `${digits(mark)} (${name})`;
  const left = part ? `${digits(min)} (${part === 'half' ? 'половина' : 'три восьмых'} от ${raised})` : raised;
  const has = `осталось бы свободных кадров ${free}${asked + kept === '' ? '' : ` = ${digits(counted)}${asked}${kept}`}`;
  const need = `${digits(min + reserve)} = ${left} + ${digits(reserve)} (lowmem_reserve)`;
  if (result === 0) return `${has}, не больше, чем ${need}: её пропускают.`;
  return result === 1
    ? `${has}, больше, чем ${need}: она может дать.`
    : `${has}, больше, чем ${need}, но ни в одном списке, доступном запросу, нет достаточно большого блока: её пропускают.`;
}

const pageblockFrames = (facts: Facts): number => 2 ** (facts.kernel?.pageblockOrder ?? 0);

const events: SentenceTable = {
  op_begin: (_e, f) => (f.op === '' ? p`Начинается операция.` : p`Начинается ${call(f.op)}.`),
  op_arg: (e, f) => {
    if (isUnused(e)) return p`${element(e)} не используется.`;
    if (namesNoNode(e)) return p`Узел в вызове не назван: его выберет ядро.`;
    return p`${text(e, 'arg')} = ${f.argText(text(e, 'arg'))}${argNote(e, f)}.`;
  },
  op_end: (_e, f) => opEnd(f),
  frames_are: (e) =>
    p`Новое состояние ${one(num(e, 'count'), 'кадра', 'кадров')} ${span(num(e, 'pfn'), num(e, 'count'))}: ${ui.states[text(e, 'state') as StateName] ?? text(e, 'state')}.`,
  handed_out: (e, f) =>
    p`У ${one(2 ** num(e, 'order'), 'кадра', 'кадров')} ${block(num(e, 'pfn'), num(e, 'order'))} новый владелец${f.kernel ? '' : requested(f)}.`,
  boot_handed_out: (e) =>
    p`Вызывающему принадлежат ${bytes(num(e, 'bytes'))}, начиная с байта ${num(e, 'offset')} кадра ${frame(num(e, 'pfn'))}.`,
  given_up: (e) => p`На ${blockAt(num(e, 'pfn'), num(e, 'order'))} больше никто не ссылается.`,
  taken_back: (e, f) =>
    p`${capital(blockAt(num(e, 'pfn'), num(e, 'order')))} снова ${one(2 ** num(e, 'order'), 'свободен', 'свободны')}, ${place(e, f)}.`,
  moved: (e, f) => p`${capital(blockAt(num(e, 'pfn'), num(e, 'order')))} теперь ${place(e, f)}.`,
  lost_events: (e) => lostEvents(num(e, 'count')),
  boot_map_set_up: (e) => {
    const n = num(e, 'end') - num(e, 'start');
    return p`Битовая карта из ${count(n, 'бита', 'бит', 'бит')}, все 1, лежит в кадре ${frame(num(e, 'mapstart'))}. Сам этот кадр никто ещё не занял.`;
  },
  boot_bits_set: (e) =>
    p`${one(num(e, 'count'), 'Бит', 'Биты')} ${span(num(e, 'pfn'), num(e, 'count'))}: 1, ${one(num(e, 'count'), 'кадр занят', 'кадры заняты')}.`,
  boot_bits_cleared: (e) =>
    p`${one(num(e, 'count'), 'Бит', 'Биты')} ${span(num(e, 'pfn'), num(e, 'count'))}: 0, ${one(num(e, 'count'), 'кадр свободен', 'кадры свободны')}.`,
  boot_last_set: (e) =>
    num(e, 'last_offset') === 0
      ? p`Загрузочный распределитель запоминает: последняя выданная страница, с индексом ${num(e, 'last_pos')}, заполнена целиком.`
      : p`Загрузочный распределитель запоминает: в последней выданной странице, с индексом ${num(e, 'last_pos')}, использовано ${bytes(num(e, 'last_offset'))}. Следующий мелкий запрос может продолжить оттуда.`,
  boot_last_success_set: (e) =>
    p`Загрузочный распределитель запоминает в last_success: ${hex(num(e, 'last_success_hi') * 2 ** 32 + num(e, 'last_success'))}. Поиск с указанным goal начнётся не ниже этого смещения от начала узла.`,
  boot_map_gone: () => p`Битовой карты больше нет. Загрузочный распределитель своё дело сделал.`,
  zone_set_up: (e, f) => {
    if (!hasFrames(e)) return p`В зоне ${f.zone(num(e, 'zone'))} кадров нет.`;
    const holes = num(e, 'holes') > 0 ? `, из них дыр: ${digits(num(e, 'holes'))}` : '';
    return p`Зона ${f.zone(num(e, 'zone'))}: ${frames(num(e, 'size'))}, начиная с ${frame(num(e, 'start_pfn'))}${holes}. Все заняты, все списки пусты.`;
  },
  zone_marks_set: zoneMarks,
  free_pages_set: (e, f) =>
    p`По счётчику зоны ${f.zone(num(e, 'zone'))} ${form(num(e, 'free_pages'), 'свободен', 'свободны', 'свободно')} ${frames(num(e, 'free_pages'))}.`,
  need_balance_set: (e, f) =>
    p`need_balance зоны ${f.zone(num(e, 'zone'))} — ${num(e, 'need_balance')}${num(e, 'need_balance') ? ': kswapd пора освобождать страницы' : ''}.`,
  reserved_cleared: (e) => p`Кадр ${frame(num(e, 'pfn'))} больше не зарезервирован.`,
  count_set: (e, f) => p`Счётчик кадра ${named(num(e, 'pfn'), f)} — ${num(e, 'count')}${countNote(num(e, 'count'))}.`,
  list_add: (e, f) =>
    p`${capital(blockAt(num(e, 'pfn'), num(e, 'order')))} ${one(2 ** num(e, 'order'), 'встаёт', 'встают')} в начало ${listName(f.list(e), 'genitive')}.`,
  list_del: (e, f) =>
    p`${capital(blockAt(num(e, 'pfn'), num(e, 'order')))} ${one(2 ** num(e, 'order'), 'уходит', 'уходят')} из ${listName(f.list(e), 'genitive')}.`,
  pair_flipped: (e) =>
    p`Бит пары ${num(e, 'index')} порядка ${num(e, 'order')} — ${e.bit === true ? '1: в списке ровно один из двойников' : '0: свободны оба двойника или ни один'}.`,
  list_add_tail: (e, f) =>
    p`${capital(blockAt(num(e, 'pfn'), num(e, 'order')))} ${one(2 ** num(e, 'order'), 'встаёт', 'встают')} в конец ${listName(f.list(e), 'genitive')}.`,
  links_poisoned: (e) =>
    p`По пути назад кадр ${frame(num(e, 'pfn'))} проходит через временный список вызова: его ссылки переписаны, а затем отравлены. Если к нему ещё ведёт другой список, тот с этого места испорчен.`,
  mapped_cleared: (e, f) => p`Кадр ${named(num(e, 'pfn'), f)} больше не числится отображённым в процесс.`,
  pcp_set_up: (e, f) => {
    const low = num(e, 'low') === 0 ? 'пуст' : `в нём не больше ${digits(num(e, 'low'))}`;
    return p`${e.cold === true ? 'Холодный' : 'Горячий'} список зоны ${f.zone(num(e, 'zone'))} у каждого процессора: пополняется, когда ${low}, отдаёт, когда в нём ${num(e, 'high')}; каждый раз по ${num(e, 'batch')}.`;
  },
  pcp_count_set: (e, f) =>
    isTyped(f)
      ? p`У процессора ${num(e, 'cpu')} в списках зоны ${f.zone(num(e, 'zone'))} теперь ${frames(num(e, 'count'))}.`
      : p`По счётчику в ${listName(f.list(e), 'prepositional')} ${frames(num(e, 'count'))}.`,
  protection_set: protection,
  sysctls_set: (e) =>
    p`min_free_kbytes — ${num(e, 'min_free_kbytes')}, lower_zone_protection — ${num(e, 'lower_zone_protection')}.`,
  calls: (e) => {
    const n = num(e, 'count');
    const inner = p`Внутри вызывается ${call(text(e, 'op'))}`;
    if (text(e, 'op') === 'alloc_bootmem') return p`${inner}, не больше чем на ${frames(n)}.`;
    return n === 0 ? p`${inner}.` : p`${inner}: ${framesAt(num(e, 'pfn'), n)}.`;
  },
  boot_whole_word: (e) => {
    const n = num(e, 'count');
    return p`Все ${n} бита слова — 0, и начало узла кратно этому числу кадров: ${span(num(e, 'pfn'), n)} переходят одним блоком, прямо в списки двойников.`;
  },
  boot_search: (e) => {
    const step = num(e, 'step');
    return p`Поиск начинается с бита ${frame(num(e, 'pfn'))}${step > 1 ? `, с шагом ${step}` : ''}; нужно подряд ${count(num(e, 'pages'), 'ноль', 'нуля', 'нулей')}.`;
  },
  boot_scanned: (e) => {
    const bits = p`${one(num(e, 'count'), 'Бит', 'Биты')} ${span(num(e, 'pfn'), num(e, 'count'))}`;
    return e.fits === true ? p`${bits}: одни нули, подходит.` : p`${bits}: здесь места нет.`;
  },
  boot_page_shared: (e) => p`${goesOn(e)} Там оставалось ${bytes(num(e, 'room'))}.`,
  boot_partial: partial,
  zone_tried: (e, f) => {
    const has = p`В зоне ${f.zone(num(e, 'zone'))} ${freeFrames(e)}`;
    return e.passed === true
      ? p`${has}, больше чем ${limit(e, f)}: она может дать.`
      : p`${has}, не больше чем ${limit(e, f)}: её пропускают.`;
  },
  zone_round: (e, f) =>
    num(e, 'round') < 2
      ? p`Зоны пробуют по очереди: порог — ${roundMarks(e, f)}.`
      : p`Зоны пробуют ещё раз, с первой: теперь порог — ${roundMarks(e, f)}.`,
  zone_passed: (e, f) =>
    p`В зоне ${f.zone(num(e, 'zone'))} ${freeFrames(e)}, не меньше чем ${need(e, f)}: она может дать.`,
  zone_refused: (e, f) =>
    p`В зоне ${f.zone(num(e, 'zone'))} ${freeFrames(e)}, меньше чем ${need(e, f)}: её пропускают.`,
  pcp_refill: (e, f) => {
    const n = num(e, 'batch');
    const low =
      num(e, 'count') === 0 ? 'кадров нет' : `${frames(num(e, 'count'))}, а это не больше ${digits(num(e, 'low'))}`;
    return p`В ${listName(f.list(e), 'prepositional')} ${low}: в его конец надо добавить ${frames(n)} из списков двойников.`;
  },
  pcp_drain: (e, f) => {
    const n = num(e, 'batch');
    return p`В ${listName(f.list(e), 'prepositional')} ${frames(num(e, 'count'))}, а предел — ${num(e, 'high')}: ${frames(n)} с конца ${form(n, 'возвращается', 'возвращаются', 'возвращаются')} в списки двойников.`;
  },
  pcp_drain_all: (e, f) =>
    num(e, 'count') === 0
      ? p`${capital(listName(f.list(e), 'nominative'))} пуст.`
      : p`В ${listName(f.list(e), 'prepositional')} ${frames(num(e, 'count'))}: всё, начиная с последнего, возвращается в списки двойников.`,
  pcp_taken: (e, f) =>
    p`${capital(listName(f.list(e), 'nominative'))} отдаёт свой первый кадр, ${frame(num(e, 'pfn'))}.`,
  pcp_empty: (e, f) => p`${capital(listName(f.list(e), 'nominative'))} пуст: кадр ищут прямо в списках двойников.`,
  zone_empty: (e, f) =>
    p`В зоне ${f.zone(num(e, 'zone'))} нет блока порядка ${num(e, 'order')} или выше${num(e, 'order') > 0 ? ': свободное лежит порознь' : ': списки пусты'}.`,
  block_found: (e) =>
    p`В списке порядка ${num(e, 'order')} блок есть, берётся первый: ${block(num(e, 'pfn'), num(e, 'order'))}.`,
  split: (e) => {
    const order = num(e, 'order');
    const [back, on] = halves(e);
    return p`Блок делится на два порядка ${order}: ${back} половина ${block(num(e, 'pfn'), order)} встаёт в список, ${on} ${block(num(e, 'buddy'), order)} идёт дальше.`;
  },
  merge: (e, f) => {
    const order = num(e, 'order');
    return p`${isTyped(f) ? 'Метка' : 'Бит пары'} говорит, что двойник ${block(num(e, 'buddy'), order)} свободен тоже: вместе с ${block(num(e, 'pfn'), order)} он становится одним блоком порядка ${order + 1}.`;
  },
  merge_ends: (e, f) =>
    e.top === true
      ? p`Порядок ${num(e, 'order')} самый большой: слияние окончено.`
      : p`${bySign(f)} двойник ${block(num(e, 'buddy'), num(e, 'order'))} занят: слияние кончается на порядке ${num(e, 'order')}.`,
  free_ignored: freeIgnored,
  kswapd_woken: (e, f) =>
    p`Выше порога low не может дать ни одна зона: ядро будит kswapd для зоны ${f.zone(num(e, 'zone'))}, чтобы тот освобождал страницы в фоне, и снова пробует все зоны, с порогами пониже.`,
  limits_lifted: () =>
    p`Вызывающий сам освобождает память или завершается (PF_MEMALLOC, PF_MEMDIE): зоны пробуют ещё раз, уже без всякого порога.`,
  reclaim_asked: () =>
    p`Вызывающему разрешено ждать, и он сам пробует освободить страницы; здесь ничего не находится никогда. Все зоны пробуют ещё раз.`,
  nothing_to_do: (e) => p`${call(text(e, 'op'))} получает NULL: делать нечего.`,
  bug: (e) => p`BUG(): ${said(e)}`,
  oops: (e) => p`Oops: ${said(e)}`,
  panic: (e) => p`Kernel panic: ${said(e)}`,
  hang: (_e, f) =>
    hangsAt(f) === 'boot'
      ? p`Поиск начинается снова с того же места, и так без конца: ядро зависло.`
      : p`${panels.hangs[hangsAt(f)]}`,
  stall: (e) =>
    p`При порядке ${num(e, 'order')} ждать можно, и вызов ждёт: ядро пробует снова и снова, а памяти не прибавляется.`,
  warn_reserved_twice: (e) => p`Предупреждение: ${warnReservedTwice(e)}`,
  warn_bad_page: (e, f) => {
    const has = [
      ...(num(e, 'count') === 0 ? [] : [`его счётчик — ${digits(num(e, 'count'))}`]),
      ...(e.mapped === true ? ['он отображён в процесс'] : []),
    ];
    return p`Плохая страница: освобождают кадр ${named(num(e, 'pfn'), f)}, а ${has.join(' и ') || 'он в плохом состоянии'}. Ядро исправляет это и продолжает.`;
  },
  warn_alloc_failed: (e, f) =>
    p`Не удалось выделить память: порядок ${num(e, 'order')}, ${f.gfp(num(e, 'gfp'))}. Вызывающий получает NULL.`,
  skipped: (e, f) =>
    p`В ${f.kernel?.name ?? 'этом ядре'} нет ${call(text(e, 'op'))} или флага, с которым его вызывают: ничего не делается.`,
  warn_zone_alignment: (e) =>
    p`Предупреждение: ${count(num(e, 'zones'), 'зона начинается', 'зоны начинаются', 'зон начинаются')} не на границе самого большого блока.`,
  block_cut: (e) =>
    num(e, 'order') === num(e, 'piece')
      ? p`${capital([...blockAt(num(e, 'pfn'), num(e, 'order'))])} — отныне ${one(2 ** num(e, 'order'), 'сам', 'сами')} по себе.`
      : p`${capital([...blockAt(num(e, 'pfn'), num(e, 'order'))])} — теперь части порядка ${num(e, 'piece')}, каждая сама по себе.`,
  free_mark_set: (e) => p`Кадр ${frame(num(e, 'pfn'))} получает метку свободного блока порядка ${num(e, 'order')}.`,
  free_mark_cleared: (e) => p`С кадра ${frame(num(e, 'pfn'))} снята метка свободного блока.`,
  type_remembered: (e, f) => p`Кадр ${frame(num(e, 'pfn'))} запоминает тип: ${ofType(e, f)}.`,
  compound_set: (e) =>
    p`Кадр ${frame(num(e, 'pfn'))} помечен как начало составной страницы порядка ${num(e, 'order')}.`,
  compound_cleared: (e) => p`Кадр ${frame(num(e, 'pfn'))} больше не начало составной страницы.`,
  pageblocks_set: (e, f) => {
    const n = num(e, 'blocks');
    const what = p`${count(n, 'блок страниц', 'блока страниц', 'блоков страниц')}, начиная с кадра ${frame(num(e, 'pfn'))}`;
    return num(e, 'type') >= (f.kernel?.typeNames?.length ?? 15)
      ? p`${what}: такой памяти нет.`
      : p`${what}: теперь тип ${ofType(e, f)}. Освобождённое там идёт в списки этого типа.`;
  },
  nr_free_set: (e, f) =>
    p`В зоне ${f.zone(num(e, 'zone'))} теперь ${count(num(e, 'nr_free'), 'свободный блок', 'свободных блока', 'свободных блоков')} порядка ${num(e, 'order')}.`,
  boost_set: (e, f) =>
    num(e, 'boost') === 0
      ? p`Пороги зоны ${f.zone(num(e, 'zone'))} не подняты.`
      : p`Пороги зоны ${f.zone(num(e, 'zone'))} подняты на ${frames(num(e, 'boost'))}${e.boosted === true ? ', об этом надо сообщить kswapd' : ''}.`,
  reclaim_active_set: (e, f) =>
    e.active === true
      ? p`В зоне ${f.zone(num(e, 'zone'))} работает kswapd: процессоры раньше возвращают кадры.`
      : p`В зоне ${f.zone(num(e, 'zone'))} kswapd не работает.`,
  highatomic_set: (e, f) =>
    p`В зоне ${f.zone(num(e, 'zone'))} для атомарных запросов отложено ${frames(num(e, 'nr_reserved_highatomic'))}.`,
  managed_set: (e, f) => p`Под управлением зоны ${f.zone(num(e, 'zone'))} ${frames(num(e, 'managed'))}.`,
  vm_stat_diff_set: (e, f) =>
    num(e, 'vm_stat_diff') === 0
      ? p`Процессор ${num(e, 'cpu')} ничего не скрывает от счётчика зоны ${f.zone(num(e, 'zone'))}.`
      : p`Процессор ${num(e, 'cpu')} держит у себя разность ${num(e, 'vm_stat_diff')}: счётчик зоны ${f.zone(num(e, 'zone'))} её ещё не видит.`,
  pcp_limits_set: (e, f) =>
    p`Процессор ${num(e, 'cpu')} в зоне ${f.zone(num(e, 'zone'))}: предел его списков — ${frames(num(e, 'high'))}, пачка — ${num(e, 'batch')}; разность больше ${num(e, 'stat_threshold')} переносится в счётчик.`,
  free_factor_set: (e, f) =>
    p`При следующем переполнении в зоне ${f.zone(num(e, 'zone'))} процессор ${num(e, 'cpu')} вернёт пачек: ${2 ** num(e, 'free_factor')}.`,
  reserve_set: (e, f) =>
    p`Зона ${f.zone(num(e, 'zone'))} не отдаст ${frames(num(e, 'pages'))} запросам, которым доступны зоны до номера ${num(e, 'highest')}.`,
  tunables_set: (e) =>
    p`watermark_boost_factor — ${num(e, 'watermark_boost_factor')}, watermark_scale_factor — ${num(e, 'watermark_scale_factor')}, percpu_pagelist_high_fraction — ${num(e, 'percpu_pagelist_high_fraction')}.`,
  reserved_set: (e) => {
    const n = num(e, 'count');
    const now = form(n, 'зарезервирован', 'зарезервированы', 'зарезервированы');
    return p`${capital([...framesAt(num(e, 'pfn'), n)])} ${e.reserved === true ? '' : 'больше не '}${n === 1 ? 'зарезервирован' : now}.`;
  },
  held_set: (e) =>
    num(e, 'held') === 0
      ? p`Больше никому не ${one(num(e, 'count'), 'нужен', 'нужны')} ${framesAt(num(e, 'pfn'), num(e, 'count'))}.`
      : p`Другим ещё ${one(num(e, 'count'), 'нужен', 'нужны')} ${framesAt(num(e, 'pfn'), num(e, 'count'))}: освобождать было бы ошибкой.`,
  lru_set: (e) =>
    p`${capital([...framesAt(num(e, 'pfn'), num(e, 'count'))])}: ${e.lru === true ? 'в списках вытеснения' : 'в списках вытеснения нет'}.`,
  counts_set: (e) => p`Счётчик: ${num(e, 'count')}, ${framesAt(num(e, 'pfn'), num(e, 'frames'))}.`,
  memblock_piece: (e) =>
    p`memblock передаёт ${framesAt(num(e, 'pfn'), num(e, 'count'))}: от начала, каждый раз самым большим блоком, который выровнен и помещается.`,
  walk_begins: (e, f) => {
    const from = p`Зоны пробуют снова, начиная с ${f.zone(num(e, 'zone'))}`;
    const mask = num(e, 'rights');
    return mask & 64 ? p`${from}; пороги больше не действуют.` : p`${from}, по порогу min: ${rights(mask)}.`;
  },
  nofragment_dropped: (_e, f) =>
    p`Не смешивая типов, ${f.call} ушёл бы на другой узел или ни с чем: поиск начинается сначала, и смешивать можно.`,
  mark_rule: (e, f) => {
    const aside = num(e, 'nr_reserved_highatomic');
    const boost = num(e, 'boost') > 0 ? ` и надбавка ${digits(num(e, 'boost'))}` : '';
    return p`Порог зоны ${f.zone(num(e, 'zone'))} — ${num(e, 'mark')}${boost}; права запроса: ${rights(num(e, 'rights'))}.${aside > 0 ? ` Не в счёт ${frames(aside)}, отложенные для атомарных запросов.` : ''}`;
  },
  mark_tested: (e, f) => p`Зона ${f.zone(num(e, 'zone'))}: ${markTested(e, f)}`,
  pcp_list_taken: (e, f) =>
    p`${capital(listName(f.list(e), 'nominative'))} отдаёт свой первый блок, ${frame(num(e, 'pfn'))}.`,
  pcp_list_refill: (e, f) => {
    const n = num(e, 'n');
    return p`${capital(listName(f.list(e), 'nominative'))} пуст: из списков двойников надо взять ${count(n, 'блок', 'блока', 'блоков')}.`;
  },
  pcp_overflow: (e, f) => {
    const has = p`В списках процессора ${f.cpu} в зоне ${f.zone(num(e, 'zone'))} ${frames(num(e, 'count'))}`;
    return num(e, 'limit') === 0
      ? p`${has}, и он освобождает подряд: всё возвращается в списки двойников.`
      : p`${has}, а предел — ${num(e, 'limit')}: в списки двойников надо вернуть ${frames(num(e, 'n'))}.`;
  },
  pcp_list_drain: (e, f) =>
    p`С конца ${listName(f.list(e), 'genitive')} блоки возвращаются; осталось вернуть ${frames(num(e, 'n'))}.`,
  pcp_drain_cpu: (e, f) =>
    p`В списках процессора ${num(e, 'cpu')} в зоне ${f.zone(num(e, 'zone'))} ${frames(num(e, 'count'))}: из них надо вернуть ${num(e, 'n')}.`,
  extfrag: (e, f) =>
    p`Тип ${ofType(e, f)} просит порядок ${num(e, 'order')}, а своих таких блоков не осталось. Взаймы даёт ${ofType(e, f, 'from')}: первый блок своего списка порядка ${num(e, 'found')}, ${block(num(e, 'pfn'), num(e, 'found'))}.`,
  pageblock_stolen: (e, f) => {
    const [free, alike] = [num(e, 'free'), num(e, 'alike')];
    const half = pageblockFrames(f) / 2;
    const sum = `${digits(free)} + ${digits(alike)} занятых, которые подходят типу, = ${digits(free + alike)}`;
    return free + alike >= half
      ? p`Всё свободное в блоке страниц ${frame(num(e, 'pfn'))}, ${frames(free)}, уходит в списки ${ofType(e, f)}. ${sum}, не меньше половины от ${2 * half}: весь блок страниц становится ${ofType(e, f)}.`
      : p`Всё свободное в блоке страниц ${frame(num(e, 'pfn'))}, ${frames(free)}, уходит в списки ${ofType(e, f)}. ${sum}, меньше половины от ${2 * half}: тип блока страниц прежний, и освобождённое в нём вернётся к этому типу.`;
  },
  block_stolen: (e, f) => {
    const what = block(num(e, 'pfn'), num(e, 'order'));
    return num(e, 'why') === WHOLE_PAGEBLOCKS
      ? p`${what} — это целые блоки страниц: они уходят в список ${ofType(e, f)} и становятся ${ofType(e, f)}.`
      : p`В список ${ofType(e, f)} уходит только ${what}: ${stolenAlone[num(e, 'why')] ?? ''}.`;
  },
  merge_barred: (e, f) =>
    p`Двойник ${block(num(e, 'buddy'), num(e, 'order'))} свободен, но его тип ${ofType(e, f)}: за пределами блока страниц такие типы не сливаются.`,
  tail_chosen: (e) =>
    p`Старший двойник ${block(num(e, 'upper'), num(e, 'order') + 1)} уже свободен, и скоро можно будет слиться дальше: ${block(num(e, 'pfn'), num(e, 'order'))} встаёт в конец списка и ждёт.`,
  rest_freed: restFreed,
  warn_bad_frame: (e, f) =>
    p`Плохая страница: кадр ${named(num(e, 'pfn'), f)}, ${text(e, 'reason')}. Ядро сообщает об этом и больше блоком не пользуется.`,
  block_lost: (e) =>
    p`${capital([...blockAt(num(e, 'pfn'), num(e, 'order'))])} ${one(2 ** num(e, 'order'), 'потерян: его', 'потеряны: их')} нет ни в одном списке и ни у кого.`,
};

const markNames: Record<Mark, string> = {
  low: 'её порог low',
  min: 'её порог min',
  quarter: 'четверть её порога min',
  half: 'половина её порога min',
  'three-quarters': 'три четверти её порога min',
  'three-eighths': 'три восьмых её порога min',
};

function roundMarks(round: Ev, facts: Facts): string {
  const harder = mayWait(facts) ? 'это задача реального времени' : 'ждать нельзя';
  const says: Record<Mark, string> = {
    low: 'low',
    min: 'min',
    quarter: 'четверть min',
    half: 'половина min (__GFP_HIGH)',
    'three-quarters': `три четверти min (${harder})`,
    'three-eighths': `три восьмых min (__GFP_HIGH, и ${harder})`,
  };
  return says[markOfRound(round)];
}

function need(event: Ev, facts: Facts): string {
  const { need: all, request, mark, protection: kept, which } = needOf(event, facts);
  return `${digits(all)} = ${digits(mark)} (${markNames[which]}) + ${digits(request)} (сам запрос) + ${digits(kept)} (её защита)`;
}

function limit(event: Ev, facts: Facts): string {
  const { request, before, mark, which } = limitOf(event, facts);
  const zones = before > 0 ? ` + ${digits(before)} (пороги зон до неё)` : '';
  return `${digits(num(event, 'limit'))} = ${digits(request)} (сам запрос)${zones} + ${digits(mark)} (${markNames[which]})`;
}

function argNote(event: Ev, facts: Facts): string {
  const value = facts.arg(text(event, 'arg'));
  if (text(event, 'arg') === 'order' && value !== null) return `: ${frames(2 ** value)}`;
  if (text(event, 'arg') === 'size' && value !== null) return ` ${form(value, 'байт', 'байта', 'байт')}`;
  return '';
}

function place(event: Ev, facts: Facts): Part[] {
  const list = cpuListOf(event, facts);
  if (list) return p`в ${listName(list, 'prepositional')}`;
  return text(event, 'state') === 'pcp' ? p`в собственном списке процессора` : p`в списках двойников`;
}

function countNote(n: number): string {
  if (n < 0) return ': освобождён лишний раз, и никто этого не замечает';
  if (n === 0) return ': никем не используется';
  if (n === 1) return ': один пользователь';
  return `: ${count(n, 'пользователь', 'пользователя', 'пользователей')}`;
}

function said(event: Ev): Part[] {
  const bug = text(event, 'bug') as BugText;
  const note = bug === '' ? undefined : bugs[bug];
  return note ? p`${bug}. ${capital([{ text: note }])}.` : p`${bug}.`;
}

function opEnd(facts: Facts): Part[] {
  const end = stopped(facts);
  if (end.length > 0) return p`${(end[0]?.text ?? '').trimStart()}${end.slice(1)}`;
  if (facts.outcome === 'failed') return p`Вызов возвращает NULL. Кто этого не проверит, тот упадёт.`;
  if (facts.outcome === 'nothing') return p`Ничего не сделано.`;
  if (facts.value === null) return p`Готово.`;
  if (facts.result === 'bool') return p`Вызов возвращает ${facts.value === 0 ? 'false' : 'true'}.`;
  if (facts.result === 'addr') {
    return p`Вызов возвращает ${hex(facts.value)}${virtual(facts, facts.value)}. Вызывающий проверяет: это не NULL, значит, память его.`;
  }
  if (facts.result === 'pfn') {
    return p`Вызов возвращает кадр ${frame(facts.value)}. Вызывающий проверяет: это не NULL.`;
  }
  return facts.result === 'bytes'
    ? p`Вызов возвращает ${bytes(facts.value)}.`
    : p`Вызов возвращает ${frames(facts.value)}.`;
}

const bugs: BugNotes = {
  'reserve_bootmem: size is zero': 'диапазон в ноль байт',
  'reserve_bootmem: first index not below last index': 'диапазон пуст или начинается до узла',
  'reserve_bootmem: address not below the end of the node': 'диапазон начинается за концом узла',
  'reserve_bootmem: end past the end of the node': 'диапазон кончается за концом узла',
  'free_bootmem: size is zero': 'диапазон в ноль байт',
  'free_bootmem: end past the end of the node': 'диапазон кончается за концом узла',
  'free_bootmem: page is already free': 'бит уже 0, двойное освобождение',
  'alloc_bootmem: size is zero': 'запрошено ноль байт',
  'alloc_bootmem: align is not a power of two': 'выравнивание должно быть степенью двойки',
  'free_all_bootmem: no bitmap': 'загрузочный распределитель уже ушёл на покой или не начинал работу',
  'rmqueue: listed block outside the zone': 'испорченный список привёл туда, где нет кадров зоны',
  'expand: block outside the zone': 'делимый блок не лежит в зоне',
  'expand: rest outside the zone': 'остаток от деления не лежит в зоне',
  '__free_pages: frame outside the memory map': 'такого кадра нет',
  '__free_pages: frame not aligned to the order': 'блок такого порядка здесь начинаться не может, кадр потерян',
  '__free_pages: order past the last list': 'таких больших блоков не бывает',
  '__free_pages: buddy outside the zone': 'бит пары указывает на двойника, которого в зоне нет',
  '__free_pages: block outside the zone': 'блок не лежит в зоне',
  'null pointer': 'ядро пошло по указателю, равному NULL',
  'out of memory': 'места нет, а отказать загрузочный распределитель не умеет',
  'alloc_bootmem: start past the end of the node': 'за концом битовой карты читаются нули, там поиск и кончился',
  'alloc_bootmem: page is already reserved': 'бит, который поиск счёл нулём, равен 1',
  '__free_pages: page count is already zero': 'ссылок на кадр нет: двойное освобождение или не первый кадр блока',
  'put_page_testzero: page count is already zero': 'снимать нечего: ссылок нет',
  'get_zeroed_page: mask asks for high memory': 'у высокой памяти нет адреса, по которому её обнулить',
  'free_pages: address not valid': 'по этому адресу памяти нет',
  'poisoned link': 'ядро вынимает из списка кадр, которого нет ни в одном',
  'list_add: next->prev should be prev': 'там, куда встаёт блок, ссылки списка расходятся',
  'list_add: prev->next should be next': 'там, куда встаёт блок, ссылки списка расходятся',
  'list_add: double add': 'блок уже стоит в этом списке первым',
  'list_del: next is LIST_POISON1': 'блока нет ни в одном списке',
  'list_del: prev is LIST_POISON2': 'блока нет ни в одном списке',
  'list_del: prev->next should be entry': 'предыдущий блок ведёт не сюда: список разорван',
  'list_del: next->prev should be entry': 'следующий блок ведёт не сюда: список разорван',
};

export const ru: Words = {
  headlines,
  events,
  noOperation: (facts) => (facts.events.length === 0 ? p`Ещё ничего не произошло.` : p`Отсюда начинается источник.`),
  lacking: (name, kernel) => p`В ${kernel} нет ${call(name)}: операция пропущена, прогон идёт дальше.`,
  passedOver: (names, kernel) => p` В ${kernel} нет ${call(names)}: это указание оставлено без внимания.`,
  bugs,
  fork: { now: '«стало»', before: '«было»' },
  machineSize: ui.machineSize,
  zoneOfNode: (zone, node) => `${zone} узла ${node}`,
  limit,
  need,
  troubles,
  newTroubles,
  why,
  panels,
};
