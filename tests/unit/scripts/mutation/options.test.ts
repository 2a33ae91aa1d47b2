import { readOptions } from '../../../../scripts/mutation/options.js';

describe('the options of a mutation run', () => {
  it('are 150 mutants of four folders, 40 of them releases, with the seed of the day', () => {
    expect(readOptions([], 20_000 * 86_400_000 + 5)).toMatchObject({
      folders: ['src/store', 'src/sync', 'src/repository', 'src/realtime'],
      releaseFolders: expect.arrayContaining(['src/sync', 'src/server', 'src/transport']),
      mutants: 150,
      releases: 40,
      seed: 20_000,
      least: 95,
    });
  });

  it('draw from the folders that are given, and keep the proportion of releases', () => {
    expect(readOptions(['src/sync/', '--mutants', '15', '--seed', '7'], 0)).toMatchObject({
      folders: ['src/sync'],
      releaseFolders: ['src/sync'],
      mutants: 15,
      releases: 4,
      seed: 7,
    });
    expect(readOptions(['--mutants', '3', '--releases', '9'], 0)).toMatchObject({ releases: 3 });
  });

  it.each([[['--mutants', 'many']], [['--seed', '-1']], [['--nonsense']]])('refuse %j', (args) => {
    expect(() => readOptions(args, 0)).toThrow();
  });
});
