import { type FrameView, NONE, type Trouble } from '../protocol.ts';
import type { List } from './facts.ts';
import { listName } from './lists.ru.ts';
import { capital, frame, hex, type Part, p, small, span } from './parts.ts';
import type { Loss, TroubleTable } from './troubles.en.ts';

const rules = new Intl.PluralRules('ru');
const form = (n: number, one: string, few: string, many: string): string => {
  const rule = rules.select(n);
  return rule === 'one' ? one : rule === 'few' ? few : many;
};
const some = ({ pfn, count }: Trouble, one: string, many: string): Part[] =>
  count === 1 ? p`Кадр ${frame(pfn)} ${one}` : p`Кадры ${span(pfn, count)} ${many}`;
const named = (list: List): Part[] => capital(listName(list, 'nominative'));
const at = ({ pfn }: Trouble, word: string): Part[] => (pfn === NONE ? [] : p` ${word} ${frame(pfn)}`);

const LOSS: Record<Loss, [string, string]> = {
  order: ['вернули с меньшим порядком, чем взяли; ', 'вернули с меньшим порядком, чем взяли; '],
  stopped: ['ядро остановилось, не успев его забрать; ', 'ядро остановилось, не успев их забрать; '],
  '': ['', ''],
};

export const troubles: TroubleTable = {
  'two-lists': (t) => p`${some(t, 'свободен', 'свободны')} сразу в двух местах: одну и ту же память получат двое.`,
  'ring-null': (t, list) =>
    p`${named(list)} обрывается${at(t, 'после кадра')} на ссылке в никуда: кто пойдёт дальше, упадёт.`,
  'ring-loop': (t, list) =>
    p`${named(list)} замкнулся${at(t, 'на кадре')} и к своей голове не возвращается: до блоков за ним не дойти.`,
  'ring-elsewhere': (t, list) => p`${named(list)} переходит${at(t, 'после кадра')} в другой список.`,
  counter: (t, { zone }) =>
    p`По счётчику зоны ${zone} ${form(t.pfn, 'свободен', 'свободны', 'свободно')} ${t.pfn} ${form(t.pfn, 'кадр', 'кадра', 'кадров')}, а в её списках ${t.count}.`,
  'pcp-counter': (t, list) =>
    p`По своему счётчику ${listName(list, 'nominative')} держит ${t.pfn} ${form(t.pfn, 'кадр', 'кадра', 'кадров')}, а в нём ${t.count}.`,
  'below-zero': (t) =>
    p`${t.count === 1 ? 'Счётчик кадра' : 'Счётчики кадров'} ${span(t.pfn, t.count)} ниже нуля: освободили лишний раз, а ядро промолчало.`,
  lost: (t, _list, loss) =>
    p`${some(t, 'потерян', 'потеряны')}: ${LOSS[loss][t.count === 1 ? 0 : 1]}${t.count === 1 ? 'его' : 'их'} нет ни у кого и ни в одном списке.`,
  'two-owners': (t) =>
    p`У ${t.count === 1 ? 'кадра' : 'кадров'} ${span(t.pfn, t.count)} два владельца: ${t.count === 1 ? 'его' : 'их'} выдали, когда ${t.count === 1 ? 'он ещё был занят' : 'они ещё были заняты'}.`,
  'free-yet-owned': (t) =>
    p`${some(t, 'свободен', 'свободны')}, а кто-то всё ещё считает ${t.count === 1 ? 'его своим' : 'их своими'}.`,
};

export const newTroubles = (said: readonly Part[][], more: number, stopped: boolean): Part[] =>
  p`${stopped ? ' Вот что осталось после этого:' : ' Ядро этого не замечает:'} ${said.flatMap((parts, i) => (i > 0 ? p` ${parts}` : small(parts)))}${more > 0 ? ` И ещё ${more}.` : ''}`;

const times = (n: number): string =>
  n === 1 ? 'один лишний раз' : `${n} ${form(n, 'лишний раз', 'лишних раза', 'лишних раз')}`;

export function why(state: string, frame: FrameView, marks: readonly string[], latest: string, boot: number): string {
  const number = frame.owner;
  if (marks.includes('two-owners')) return `Выдан операции ${number}, когда его ещё держал кто-то другой.`;
  if (marks.includes('free-yet-owned')) return `Ядро забрало его, хотя операция ${number} его не возвращала.`;
  if (frame.count !== undefined && frame.count < 0) return `Освобождён ${times(-frame.count)}; ядро промолчало.`;
  switch (state) {
    case 'hole':
      return 'Памяти здесь нет.';
    case 'reserved':
      if (boot > 0)
        return `Его выдал загрузочный распределитель, операция ${boot}; ${frame.zone ? 'страничному распределителю его не отдавали' : 'его бит в загрузочной карте — 1'}.`;
      return frame.zone ? 'Занят: страничному распределителю его не отдавали.' : 'Его бит в загрузочной карте — 1.';
    case 'boot-free':
      return 'Его бит в загрузочной карте — 0: загрузочный распределитель может его выдать.';
    case 'buddy':
      return 'Ничей: входит в блок из свободных списков.';
    case 'pcp':
      return 'Ничей: процессор держит его про запас, вне списков двойников.';
    case 'lost':
      return latest === 'given_up'
        ? 'Ссылок на него больше нет, но ядро его не забрало: его нет ни у кого и ни в одном списке.'
        : 'Его блок вернули с меньшим порядком, чем взяли: его нет ни у кого и ни в одном списке.';
    case 'allocated':
      if (number <= 0) return 'Занят; кем, неизвестно.';
      return frame.order > 0
        ? `Взят операцией ${number} в блоке из ${2 ** frame.order} кадров с ${hex(frame.head)} и не возвращён.`
        : `Взят операцией ${number} и не возвращён.`;
    default:
      return 'О нём ещё не сказало ни одно событие.';
  }
}
