import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../studio/studio-world.js';
import { visit } from '../studio/studio-world.js';
import { CliWorld } from './cli-world.js';
import type { RunOptions } from './cli-world.js';

const world = CliWorld.use();

const addressesIn = (text: string): string[] => text.match(/http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]+/g) ?? [];

/** Runs a command until `work` is done with so many addresses that it printed, then stops it as Ctrl-C does. */
async function until(
  argv: string[],
  work: (addresses: string[]) => Promise<void>,
  options: RunOptions & { addresses?: number } = {},
) {
  let done: Promise<void> | undefined;
  const outcome = await world.run(argv, {
    ...options,
    onOutput: (text, signal) => {
      const addresses = addressesIn(text);
      if (addresses.length < (options.addresses ?? 1)) return;
      done ??= work(addresses).finally(() => signal('SIGINT'));
    },
  });
  await done;
  return outcome;
}

const segmentsIn = ({ json }: Answer): string[] => json.children.map(({ segment }: any) => segment);

it('shows a folder, and gives it free again', async () => {
  await world.run(['put', 'shop/a', '1', '--data', 'd']);
  const { code, err } = await until(['studio', '--data', 'd'], async ([address = '']) => {
    const visitor = await visit(address);
    expect((await visitor.get('/api/store')).json).toMatchObject({
      place: join(world.folder, 'd'),
      writable: false,
      live: true,
      history: true,
      version: '1.2.3',
    });
    expect(segmentsIn(await visitor.get('/api/children'))).toEqual(['shop']);
    expect((await visitor.get('/api/status')).json.figures).toEqual([
      { name: 'On the disk', value: expect.any(Number), unit: 'B' },
    ]);
    expect((await visitor.post('/api/save', { path: 'shop/a', value: 2, revision: 1 })).status).toBe(403);
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect((await world.run(['get', 'shop/a', '--data', 'd'])).out).toBe('1\n');
});

it('shows a server, whose token stays with the command', async () => {
  const url = await world.serve();
  await world.run(['put', 'shop/a', '1']);
  const { out } = await until(['studio', '--write'], async ([address = '']) => {
    const visitor = await visit(address);
    const told = (await visitor.get('/api/store')).json;
    expect(told).toMatchObject({ store: 'acme/reading', place: url, writable: true, live: true });
    const saved = (await visitor.post('/api/save', { path: 'shop/a', value: 2, revision: 1 })).json;
    expect(saved).toMatchObject({ outcome: 'written' });
    for (const path of ['/api/store', '/api/status', '/api/children', '/']) {
      expect((await visitor.get(path)).text).not.toContain(world.env.DUST_TOKEN);
    }
  });
  expect(out).not.toContain(world.env.DUST_TOKEN);
  expect((await world.run(['get', 'shop/a'])).out).toBe('2\n');
});

it('opens the store of a configuration as its program would, also the first time', async () => {
  await writeFile(join(world.folder, 'ormconfig.json'), JSON.stringify({ path: 'data' }));
  await until(['studio', '--config', 'ormconfig.json', '--write', '--json'], async ([address = '']) => {
    const visitor = await visit(address);
    expect((await visitor.get('/api/store')).json).toMatchObject({
      place: join(world.folder, 'data'),
      entities: [],
    });
    expect((await visitor.post('/api/save', { path: 'a', value: 1, revision: 0 })).status).toBe(200);
  });
  expect((await world.run(['get', 'a', '--data', 'data'])).out).toBe('1\n');
});

it('prints another address for each line that is typed, and --json prints them as JSON', async () => {
  await world.run(['put', 'a', '1', '--data', 'd']);
  let type = (): void => {};
  let deaf = false;
  const outcome = await until(
    ['studio', '--data', 'd', '--json'],
    async ([first = '', second = '']) => {
      expect(second).not.toBe(first);
      await expect((await visit(first)).get('/api/store')).resolves.toMatchObject({ status: 401 });
      await expect((await visit(second)).get('/api/store')).resolves.toMatchObject({ status: 200 });
    },
    {
      addresses: 2,
      onLine: (listener) => {
        type = listener;
        setImmediate(() => type());
        return () => {
          deaf = true;
        };
      },
    },
  );
  expect(deaf).toBe(true);
  expect(outcome.lines.map((line) => JSON.parse(line))).toEqual([
    { store: 'local/default', studio: expect.any(String) },
    { store: 'local/default', studio: expect.any(String) },
  ]);
});

it('serve --studio has one for each store, with who is connected', async () => {
  await until(
    ['serve', '--port', '0', '--studio', '--store', 'acme/one', '--store', 'acme/two', '--studio-write'],
    async ([one = '', two = '']) => {
      const [first, second] = [await visit(one), await visit(two)];
      expect((await first.get('/api/store')).json).toMatchObject({ store: 'acme/one', writable: true });
      expect((await second.get('/api/store')).json.store).toBe('acme/two');
      await first.post('/api/save', { path: 'a/b', value: 1, revision: 0 });
      expect(segmentsIn(await first.get('/api/children'))).toEqual(['a']);
      expect(segmentsIn(await second.get('/api/children'))).toEqual([]);
      const { figures, connections } = (await first.get('/api/status')).json;
      expect(figures).toContainEqual({ name: 'Operations in the log', value: 1 });
      expect(connections).toEqual([]);
    },
    { addresses: 2 },
  );
});

it.each([
  [['studio'], 'DUST_BASE_URL'],
  [['studio', '--data', 'nowhere'], 'nowhere'],
  [['studio', '--data', 'd', '--port', '99999'], '--port must be a whole number from 0 to 65535'],
])('%j is refused', async (argv, reason) => {
  const { code, err } = await world.run(argv);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(reason) });
});

it('a port that is taken is named', async () => {
  await world.run(['put', 'a', '1', '--data', 'd']);
  const url = await world.serve();
  const { code, err } = await world.run(['studio', '--data', 'd', '--port', new URL(url).port]);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('EADDRINUSE') });
});
