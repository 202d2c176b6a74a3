/** What is said of pageblocks beside the map. Their types have the kernel's own names. */
export const pageblocks = {
  name: 'Pageblocks',
  toggle: 'Draw pageblocks on the map: blocks whose free frames belong to one migratetype',
  only: 'Show only pageblocks of this type, or again all',
  mixed: 'mixed',
  onlyMixed: 'Show only pageblocks whose frames belong to several types, or again all',
  block: 'pageblock',
  /** `others`: types of frames in it that are not its own. */
  is: (type: string, others: string): string => (others === '' ? type : `${type}, mixed: also ${others}`),
  type: 'Type',
};
export type PageblockWords = typeof pageblocks;
