/** Типы подвижности: «список порядка 3, перемещаемые». */
const NAMES: Readonly<Record<string, string>> = {
  Unmovable: 'неперемещаемые',
  Movable: 'перемещаемые',
  Reclaimable: 'высвобождаемые',
  HighAtomic: 'атомарный резерв',
  Isolate: 'изолированные',
};

export const typeName = (name: string): string => NAMES[name] ?? name;
