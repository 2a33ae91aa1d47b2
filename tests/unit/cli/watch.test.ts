import { DataSource } from '../../../src/index.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliWorld } from './cli-world.js';
import type { Outcome } from './cli-world.js';

const world = CliWorld.use();

/** Watches while `work` is done, until so many lines are there; then Ctrl-C ends it. */
async function watched(argv: readonly string[], lines: number, work: () => Promise<void>): Promise<Outcome> {
  let stop = (): void => {};
  let working = Promise.resolve();
  const outcome = await world.run(['watch', ...argv], {
    isTTY: true,
    onStart: (signal) => {
      stop = () => signal('SIGINT');
    },
    onError: (text) => {
      if (text.endsWith('Ctrl-C stops it.\n')) working = work();
    },
    onOutput: (text) => {
      if (text.split('\n').length > lines) stop();
    },
  });
  await working;
  return outcome;
}

async function put(path: string, value: unknown): Promise<void> {
  expect((await world.run(['put', path, JSON.stringify(value)])).code).toBe(0);
}

async function writeAll(): Promise<void> {
  await put('other/x', 1);
  await put('links/a', { title: 'A', n: 1 });
  await put('links/a/n', 2);
  await world.run(['rm', 'links/a']);
}

describe('on a server', () => {
  beforeEach(() => world.serve());

  it('tells what is written, and ends well at Ctrl-C', async () => {
    const { code, lines, err } = await watched([], 4, writeAll);
    expect(code).toBe(0);
    expect(lines.map((line) => line.replace(/^\d+\t/, ''))).toEqual([
      'set\tother/x\t1',
      'set\tlinks/a\t{"title":"A","n":1}',
      'set\tlinks/a/n\t2',
      'delete\tlinks/a\tnull',
    ]);
    expect(err).toBe('Watching all of the store. Ctrl-C stops it.\n');
  });

  it('tells of what a pattern matches, also what was removed above it', async () => {
    const { lines } = await watched(['links/*/title', '--json'], 2, writeAll);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ op: 'set', path: 'links/a', value: { title: 'A', n: 1 } }),
      expect.objectContaining({ op: 'delete', path: 'links/a', value: null, storeSeq: 4 }),
    ]);
  });

  it('tells of what is below a prefix', async () => {
    const { lines } = await watched(['--prefix', 'links/a/n'], 3, writeAll);
    expect(lines.map((line) => line.split('\t')[2])).toEqual(['links/a', 'links/a/n', 'links/a']);
  });
});

it('takes the store of a configuration', async () => {
  await world.run(['put', 'a', '1', '--data', 'data']);
  const path = join(world.folder, 'data');
  await writeFile(
    join(world.folder, 'ormconfig.mjs'),
    `export default { entities: [], path: ${JSON.stringify(path)} };`,
  );
  const other = new DataSource({ entities: [], path, share: true });
  const { code, lines } = await watched(['--config', 'ormconfig.mjs'], 1, async () => {
    await other.initialize();
    await other.transport.set('b', 2);
    await other.destroy();
  });
  expect({ code, lines }).toEqual({ code: 0, lines: ['2\tset\tb\t2'] });
});

it('tells of a folder what others who share it write', async () => {
  await world.run(['put', 'a', '1', '--data', 'data']);
  const other = new DataSource({ entities: [], path: join(world.folder, 'data'), share: true });
  const { code, lines } = await watched(['--data', 'data'], 1, async () => {
    await other.initialize();
    await other.transport.set('b', 2);
    await other.destroy();
  });
  expect({ code, lines }).toEqual({ code: 0, lines: ['2\tset\tb\t2'] });
});

it.each([
  [['watch', 'a', '--prefix', 'b', '--data', 'x'], '--prefix must be left out beside a pattern'],
  [['watch', '**/a', '--data', 'x'], 'may only be the last segment'],
  [['watch', '--prefix', 'a//b', '--data', 'x'], 'a segment may not be empty'],
  [['watch', '--data', 'nowhere'], 'There is no store in'],
  [['watch'], 'Nothing says where the store is'],
])('%j is refused', async (argv, reason) => {
  expect(await world.run(argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(reason) });
});
