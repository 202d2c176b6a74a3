/** The kernel's names of migratetypes are English words already. */
export const typeName = (name: string): string => name;
