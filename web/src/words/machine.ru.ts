import type { MachineWords } from './machine.en.ts';
import { many, size } from './ui.ru.ts';

/** What the dialog of kernels and machines says, in Russian. */
export const machine: MachineWords = {
  machineTitle: 'Выберите ядро и машину',
  machineBeside: 'Сравнить с прогоном на другой машине',
  machineBesideHint: 'Тот же прогон бок о бок: выберите машину, на которой он пройдёт для сравнения.',
  kernelStays: (kernel) =>
    `Этот прогон не начинается с загрузки или называет кадры по номерам, а каждое ядро выдаёт другие кадры, поэтому он остаётся на ${kernel}. Машина, выбранная ниже, запустится на отмеченном ядре.`,
  kernelOfTrace: 'Трасса остаётся какой есть. Машина, выбранная ниже, запустится на отмеченном ядре.',
  ownMachine: 'Своя',
  ownHint: 'Размеры с единицей: 64 МиБ, 640 КиБ, или в байтах: 0x100000.',
  nodesTitle: 'Узлы',
  reservedTitle: 'Занято при загрузке',
  addNode: 'Добавить узел',
  addReserved: 'Добавить занятый диапазон',
  startField: 'начало',
  sizeField: 'размер',
  processors: 'Процессоры',
  cpusField: 'сколько',
  bitsField: 'адреса',
  bits: (width) => many(width, 'бит', 'бита', 'бит'),
  remove: (what) => `Убрать: ${what}`,
  startMachine: 'Запустить эту машину',
  formWrong: 'Такой машины не сделать: смотрите поля.',
  fieldErrors: {
    size: (found) => `Нужен размер с единицей, например 64 МиБ, а здесь «${found}».`,
    aligned: (found) => `Нужно кратное 4 КиБ, а здесь «${found}».`,
    empty: () => 'Нужно больше 0.',
    overlap: (found) => `Узел не может начинаться до конца предыдущего, а здесь «${found}».`,
    end: (found, most) => `Конец должен быть не дальше ${size(most)}, а размер — «${found}».`,
    cpus: (found) => `Нужно число от 1 до 256, а здесь «${found}».`,
  },
};
