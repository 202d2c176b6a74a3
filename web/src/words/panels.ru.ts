import type { panels as english, Waiting } from './panels.en.ts';
import { signed } from './panels.en.ts';
import { p, span, type Translated } from './parts.ts';
import { digits } from './ui.en.ts';
import { many } from './ui.ru.ts';

const frames = (count: number): string => many(count, 'кадр', 'кадра', 'кадров');
/** «кадра», «кадров»: при «из». */
const ofFrames = (count: number): string =>
  `${digits(count)}\u00a0${count % 10 === 1 && count % 100 !== 11 ? 'кадра' : 'кадров'}`;
const pieces = (count: number): string => many(count, 'кусок', 'куска', 'кусков');
const kept = (waiting: readonly Waiting[]): string =>
  waiting.map(({ cpu, frames }) => `ЦП ${cpu} (${signed(frames)})`).join(', ');

export const panels: Translated<typeof english> = {
  state: {
    begins: (frames) =>
      `До первой операции: ${many(frames, 'страничный кадр', 'страничных кадра', 'страничных кадров')} по 4\u00a0КиБ в том состоянии, с которого начинается прогон.`,
    chosen: {
      order: 'Порядок внутри списков неизвестен: блоки стоят по возрастанию адресов.',
      types: 'Какого типа каждый блок страниц, неизвестно: о нём судили по его кадрам.',
      pcp: 'Какие кадры лежат в списках процессоров, неизвестно: списки пусты, кадры считаются занятыми.',
    },
  },
  frame: {
    noVirtual: 'нет: такой кадр ядро отображает, только когда об этом просят',
    directMap: (physical) => `база прямого отображения + ${physical}`,
    links: 'связи',
    linked: (next, prev) => `next: ${next}, prev: ${prev}`,
    head: (list, zone) => `голова списка (${list}, ${zone})`,
  },
  lanes: {
    table: (lists) => `${lists}: блоки по типам и порядкам`,
    type: 'тип',
    more: (blocks) => `и ещё ${digits(blocks)}`,
    back: (broken, frame) => `${broken}, обратно к ${frame}`,
  },
  cpus: {
    name: (cpu) => `ЦП ${cpu}`,
    holds: (count, high) => `${frames(count)}; high ${digits(high)}`,
    limits: (batch, factor, diff, threshold) =>
      `batch ${digits(batch)}, free_factor ${factor}: при следующем переполнении вернётся до ${ofFrames(batch * 2 ** factor)}; vm_stat_diff ${diff === 0 ? 0 : signed(diff)} из ±${digits(threshold)}`,
    disagree: (counter, lists) => `по счётчику ${digits(counter)}, в списках ${digits(lists)}`,
    shared: (order, types) => `Порядок ${order}: у ${types} общий список.`,
    why: (list, place, length) =>
      `Блок ${digits(place)} из ${digits(length)} в списке (${list}), свободный только для этого процессора: в free_pages его нет, ни с чем он не сливается, и другие процессоры его не видят.`,
    exact: (pages) =>
      `По счётчику зоны свободно ${digits(pages)}, столько же и в её списках: ни один процессор ничего не держит при себе.`,
    lags: (pages, held, waiting, threshold) =>
      `По счётчику зоны свободно ${digits(pages)}, а в её списках ${digits(held)}: разница в ${digits(Math.abs(held - pages))} ждёт в vm_stat_diff: ${kept(waiting)}. Процессор добавит своё к счётчику, когда накопится больше ${digits(threshold)}; с порогами сравнивают только счётчик.`,
    even: (pages, waiting) =>
      `По счётчику зоны свободно ${digits(pages)}, столько же и в её списках, хотя в vm_stat_diff ещё кое-что ждёт: ${kept(waiting)}. Одно уравновешивает другое.`,
    wrong: (counted, held) =>
      `Счётчик вместе с тем, что процессоры держат при себе, даёт ${digits(counted)}, а в списках ${digits(held)}. Ядро этого не замечает.`,
    underWay: 'Внутри операции счётчик и списки ещё в пути и сходиться не обязаны.',
    torn: 'Один из списков порван: сколько в них кадров, не сказать, и сравнить со счётчиком нечего.',
  },
  marks: {
    reserveKey: (zones) => `lowmem_reserve для запросов, которым можно подняться до ${zones}`,
    boost: (boost, most, marks) => `надбавка boost ${digits(boost)} из ${digits(most)}: с ней ${marks}`,
    noBoost: (most) => `надбавка boost 0 из ${digits(most)}`,
    never: 'без надбавки boost',
    told: 'boosted: следующий запрос должен разбудить kswapd',
    whyBoost:
      'Каждый захват меньше блока страниц поднимает пороги на число его кадров. При возврате памяти надбавка таяла бы, но он не моделируется: убирает её только новая установка порогов.',
    reserve: (pages, limit) => `nr_reserved_highatomic ${digits(pages)}, предел ${digits(limit)}`,
    whyReserve: (share, pageblock) =>
      `Предел — ${share === 100 ? '1\u00a0%' : `1/${share}`} кадров зоны и ещё один блок страниц. Резерв растёт на блок страниц (${frames(pageblock)}), из которого запрос GFP_ATOMIC порядка 1 и выше получил своё ниже порога low; вернуть его мог бы только возврат памяти, а он не моделируется.`,
    lag: (frames) => `счётчик на ${digits(Math.abs(frames))} ${frames < 0 ? 'меньше' : 'больше'}, чем в списках`,
  },
  fallback: {
    title: 'Кто у кого занимает',
    first: 'сначала',
    after: 'потом',
    type: 'Кончились блоки',
    alone: (types) => `${types}: не занимают ни у кого, и у них здесь не занимает никто.`,
    how: (half, pageblock) =>
      `Берётся самый большой блок, какой есть взаймы: один крупный захват смешивает меньше, чем много мелких. Вместе с ним уходит всё свободное в его блоке страниц. Если этого вместе с занятыми кадрами, которые подходят типу, не меньше ${digits(half)} из ${digits(pageblock)}, блок страниц меняет тип; иначе освобождённое в нём по-прежнему идёт его типу.`,
    events: (count) => `Займов до сих пор: ${digits(count)}`,
    latest: (shown) => `Последние ${digits(shown)}:`,
    none: 'Занимать пока никому не пришлось.',
    operation: (number) => `операция ${digits(number)}`,
  },
  memblock: {
    title: 'memblock: диапазоны памяти',
    memory: 'memblock.memory',
    reserved: 'memblock.reserved',
    free: 'память без занятого, целыми кадрами',
    range: (node, nodes) => (nodes > 1 ? `, узел ${node}` : ''),
    ranges: (count) => many(count, 'диапазон', 'диапазона', 'диапазонов'),
    more: (count) => `и ещё ${digits(count)}`,
    before: (count, pages) => `memblock_free_all передаст ${pieces(count)}, всего ${frames(pages)}.`,
    under: (first, count, done, all, pages) =>
      p`Передаётся ${span(first, count)}, кусок ${digits(done)} из ${digits(all)}; до сих пор — ${frames(pages)}.`,
    after: (count, pages) =>
      `Передано: ${pieces(count)}, ${frames(pages)}. Занятое осталось у хозяев; таблицы самого memblock больше не нужны.`,
    blocks: 'Блоки до сих пор: каждый — самый большой, что выровнен и помещается; в конец своего списка:',
    order: (order) => `порядок ${order}`,
    against:
      'bootmem держал по биту на каждый кадр и, уходя на покой, освобождал по одному кадру (2.4) или по слову битовой карты (2.6), каждый в начало списка, а последними — кадры самой карты. memblock помнит одни диапазоны: сразу освобождает самые большие выровненные блоки, каждый в конец списка, и потому адреса в списках сначала идут по возрастанию.',
  },
  hangs: {
    lists:
      'Из-за неверного вызова счётчики или метки расходятся со списками: ядро без конца ищет то, чего нет. Оно зависло.',
    boot: 'Места нет, а поиск с выравниванием никогда не начинается с первого кадра узла и потому, вместо того чтобы сдаться, начинается заново: это не кончится никогда, ядро зависло.',
    fallback:
      'Взятое взаймы забрать нельзя: из-за неверного вызова у него нет отметки «свободен». Ядро находит свой список пустым, занимает снова, и так без конца. Оно зависло.',
    drain:
      'По счётчику процессора в его списках больше кадров, чем есть: ядро без конца обходит пустые списки. Оно зависло.',
  },
};
