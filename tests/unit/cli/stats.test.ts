import { join } from 'node:path';
import { LeafCounts } from '../../../src/cli/target/count-leaves.js';
import { comparePaths } from '../../../src/protocol/paths/order.js';
import { CliWorld } from './cli-world.js';

const world = CliWorld.use();

const put = async (...places: string[]): Promise<void> => {
  for (const id of ['a', 'b']) {
    await world.run(['put', `reading/links/${id}`, '{"title":"Dust","views":1}', ...places]);
  }
  await world.run(['put', 'reading/notes/one', '"x"', ...places]);
  await world.run(['put', 'version', '1', ...places]);
};

const TABLE = [
  'prefix         below  leaves',
  'reading/links      2       4',
  'reading/notes      1       1',
  'version            0       1',
];

describe('stats', () => {
  it('count what lies below each prefix of a folder, and say what it takes', async () => {
    const data = ['--data', join(world.folder, 'data')];
    await put(...data);
    const { code, lines } = await world.run(['stats', ...data]);
    expect(code).toBe(0);
    expect(lines.slice(0, -1)).toEqual(TABLE);
    expect(lines.at(-1)).toMatch(
      /^6 leaves, operation 4, the log kept from operation 1 on, 0 indexes, [\d,]+ bytes on the disk$/,
    );
    expect(JSON.parse((await world.run(['stats', '--depth', '1', '--json', ...data])).out)).toEqual({
      leaves: 6,
      prefixes: [
        { prefix: 'reading', below: 2, leaves: 5 },
        { prefix: 'version', below: 0, leaves: 1 },
      ],
      otherPrefixes: 0,
      storeSeq: 4,
      log: { firstSeq: 1 },
      indexes: 0,
      storedBytes: expect.any(Number),
    });
  });

  it.each([undefined, '0.1'] as const)('count a store on a server, of version %s', async (imitate) => {
    await world.serve(imitate === undefined ? {} : { imitate });
    await put();
    const { code, lines, err } = await world.run(['stats', 'reading/**']);
    expect([code, err]).toEqual([0, '']);
    expect(lines.slice(0, -1)).toEqual(TABLE.slice(0, 3));
    expect(lines.at(-1)).toMatch(/^5 leaves, operation \d+, the log kept from operation 1 on/);
  });

  it('refuse a depth that is none', async () => {
    const { code, err } = await world.run(['stats', '--depth', '0']);
    expect([code, err]).toEqual([2, expect.stringContaining('--depth must be a whole number')]);
  });
});

describe('what is counted', () => {
  it('is what a map of all paths says, and no more prefixes are kept than are wanted', () => {
    const paths = ['a', 'a-b/x', 'a/b', 'a/b/c', 'a/b/d/e', 'a/c/~1', 'a~1b/c/d', 'b/c', 'b/d'].sort(
      comparePaths,
    );
    for (const depth of [1, 2, 3]) {
      const counts = new LeafCounts(depth, 3);
      const naive = new Map<string, { below: Set<string>; leaves: number }>();
      for (const path of paths) {
        counts.add(path);
        const segments = path.split('/');
        const prefix = segments.slice(0, depth).join('/');
        const entry = naive.get(prefix) ?? { below: new Set(), leaves: 0 };
        naive.set(prefix, entry);
        entry.leaves += 1;
        if (segments.length > depth) entry.below.add(segments[depth]!);
      }
      const all = [...naive].map(([prefix, { below, leaves }]) => ({ prefix, below: below.size, leaves }));
      expect(counts.prefixes).toEqual(all.slice(0, 3));
      expect(counts.others).toBe(Math.max(0, all.length - 3));
      expect(counts.leaves).toBe(paths.length);
    }
  });
});
