/* A large machine's trace, made up: a starting state in patches, and calls that take blocks of it and give them back. */

/** Flags of kpageflags. */
const FREE = '400';
const RESERVED = '100000000';
const USED = '0';
const FRAMES_A_GIB = 1 << 18;
const LARGEST = 1 << 10;
const ORDERS = 9;

/** Numbers from 0 to n - 1, the same on every run. */
function dice(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
}

/** A third of the patches are small; the aligned largest blocks in the free ones are pushed to `free`. */
function startOf(frames, roll, free) {
  const lines = [];
  for (let pfn = 0; pfn < frames; ) {
    const isSmall = roll(3) === 0;
    const count = Math.min(isSmall ? 1 << roll(ORDERS) : LARGEST * (1 + roll(8)), frames - pfn);
    const flags = pfn === 0 ? RESERVED : roll(5) < 3 ? FREE : USED;
    lines.push(`${pfn.toString(16)} ${count} ${flags}\n`);
    const end = pfn + count;
    for (let at = (pfn + LARGEST - 1) & -LARGEST; flags === FREE && at + LARGEST <= end; at += LARGEST) free.push(at);
    pfn = end;
  }
  return lines.join('');
}

/** Texts of kpageflags and of the trace, as tracefs writes them: `events` calls, of which a third gives back what another took. */
export function bigMachine(gib, events) {
  const roll = dice(12345);
  const free = [];
  const start = startOf(gib * FRAMES_A_GIB, roll, free);
  const lines = ['# tracer: nop\n'];
  const taken = [];
  for (let i = 0; i < events; i++) {
    const before = `bench-1 [000] ..... ${(10 + i / 1000).toFixed(6)}: `;
    if (i % 3 === 2) {
      const [pfn, order] = taken.splice(roll(taken.length), 1)[0];
      lines.push(`${before}mm_page_free: page=0 pfn=0x${pfn.toString(16)} order=${order}\n`);
      continue;
    }
    const order = i % (ORDERS + 1);
    const [pfn] = free.splice(roll(free.length), 1);
    if (pfn === undefined) throw new Error(`${gib} GiB are too little for ${events} events`);
    taken.push([pfn, order]);
    lines.push(
      `${before}mm_page_alloc: page=0 pfn=0x${pfn.toString(16)} order=${order} migratetype=0 gfp_flags=GFP_KERNEL\n`,
    );
  }
  return { start, trace: lines.join('') };
}
