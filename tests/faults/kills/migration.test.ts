import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, silentLogger } from '../../../src/index.js';
import type { RunningServer } from '../../../src/server/index.js';
import { serve } from '../../../src/server/index.js';
import { Customer } from '../../fixtures/older-store/customers.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import { MessagingProcess } from '../messaging-process.js';

/** Each process loads the whole package. */
jest.setTimeout(120_000);

const NAME = 'Upgrade1700000000000';
const STORE = 'acme/shop';
const SLUGS = Array.from({ length: 12 }, (_, i) => `c${String(i + 1).padStart(2, '0')}`);

type Options = Pick<DataSourceOptions, 'path' | 'share' | 'url' | 'store' | 'realtime'> & {
  readonly token?: string;
};

interface Halt {
  readonly record?: string;
  readonly end?: true;
  /** Records between two places that are kept. */
  readonly every?: number;
}

type Message =
  | { readonly type: 'open' | 'waiting' }
  | { readonly type: 'standing'; readonly at: string }
  | { readonly type: 'done'; readonly executed: readonly string[]; readonly seen: readonly string[] }
  | { readonly type: 'failed'; readonly kind: string; readonly seen: readonly string[] };

const is =
  <Type extends Message['type']>(type: Type) =>
  (message: Message): message is Extract<Message, { readonly type: Type }> =>
    message.type === type;

const compiled = useCompiledPackage();
const data = useDataFolder();
const started: MessagingProcess<Message>[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.kill()));
});

function start(options: Options, halt: Halt | null = null): MessagingProcess<Message> {
  const args = [compiled.folder, JSON.stringify(options), JSON.stringify(halt)];
  const migrator = new MessagingProcess<Message>(join(__dirname, 'migrator.mjs'), args);
  started.push(migrator);
  return migrator;
}

/** The store as the older program left it. */
async function fill(options: Options): Promise<void> {
  const dataSource = await opened(options);
  const dump = readFileSync(join(__dirname, '../../fixtures/older-store/customers.jsonl'), 'utf8');
  for (const line of dump.trimEnd().split('\n')) {
    const { path, value } = JSON.parse(line);
    if (path !== undefined) await dataSource.transport.set(path, value);
  }
  await dataSource.destroy();
}

function opened(options: Options): Promise<DataSource> {
  const { token, ...others } = options;
  return new DataSource({
    ...others,
    ...(token === undefined ? {} : { token }),
    entities: [Customer],
    migrations: [{ name: NAME, up: () => Promise.reject(new Error('it is done')) }],
    logger: silentLogger,
  }).initialize();
}

/** How the store stands: the versions of its records, and the migration. */
async function standing(options: Options) {
  const dataSource = await opened(options);
  const records = await dataSource.transport.subtree('shop/customers');
  const versions = records.filter(({ path }) => path.endsWith('/_schema')).map(({ value }) => value);
  const old = records.filter(({ path }) => path.endsWith('/full_name'));
  const [status] = await dataSource.migrationStatus();
  await dataSource.destroy();
  return { versions, old: old.length, status };
}

const upgraded = { versions: SLUGS.map(() => 2), old: 0 };

describe('a migration whose process is killed', () => {
  it('comes to its end in the third run, each of which goes on where the one before had kept its place', async () => {
    const options = { path: data.path };
    await fill(options);
    for (const record of ['c06', 'c09']) {
      const migrator = start(options, { record });
      expect(await migrator.first(is('standing'))).toMatchObject({ at: record });
      await migrator.kill();
    }
    expect(await standing(options)).toMatchObject({
      old: 4,
      status: { state: 'running', walks: [{ processed: 8, written: 8, isDone: false }] },
    });
    const last = await start(options).first(is('done'));
    // Two are in a page: c09 had been read when the process was killed, and nothing was written of it.
    expect(last).toMatchObject({ executed: [NAME], seen: SLUGS.slice(8) });
    expect(await standing(options)).toMatchObject({
      ...upgraded,
      status: { state: 'done', attempts: 3, walks: [{ processed: 12, written: 12, isDone: true }] },
    });
  });

  it('sees records again whose place was not kept, and writes nothing twice', async () => {
    const options = { path: data.path };
    await fill(options);
    const first = start(options, { record: 'c08', every: 1000 });
    await first.first(is('standing'));
    await first.kill();
    expect(await start(options).first(is('done'))).toMatchObject({ seen: SLUGS });
    expect(await standing(options)).toMatchObject({
      ...upgraded,
      // Six had been written by the one that was killed.
      status: { state: 'done', walks: [{ processed: 12, written: 6 }] },
    });
  });

  it('sees nothing again when all was walked and only the end was missing', async () => {
    const options = { path: data.path };
    await fill(options);
    const first = start(options, { end: true });
    await first.first(is('standing'));
    await first.kill();
    expect(await start(options).first(is('done'))).toMatchObject({ executed: [NAME], seen: [] });
    expect(await standing(options)).toMatchObject({ ...upgraded, status: { state: 'done', attempts: 2 } });
  });
});

describe.each(['a shared folder', 'the channel', 'HTTP'])('two processes at once, over %s', (way) => {
  let server: RunningServer | undefined;
  let options: Options;

  beforeEach(async () => {
    if (way === 'a shared folder') {
      options = { path: data.path, share: true };
    } else {
      const served = await serve({ port: 0, stores: [STORE] });
      server = served;
      options = {
        url: served.url,
        token: served.token,
        store: STORE,
        realtime: way === 'the channel',
      };
    }
    await fill(options);
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.kill()));
    await server?.close();
    server = undefined;
  });

  it('run a migration once, and the other one finds it done', async () => {
    const first = start(options, { record: 'c05' });
    await first.first(is('standing'));
    const second = start(options);
    await second.first(is('waiting'));
    first.tell('go on');
    expect(await first.first(is('done'))).toMatchObject({ executed: [NAME], seen: SLUGS });
    expect(await second.first(is('done'))).toMatchObject({ executed: [], seen: [] });
    expect(await standing(options)).toMatchObject({ ...upgraded, status: { state: 'done', attempts: 1 } });
  });

  it('and the other one goes on when the first is killed', async () => {
    const first = start(options, { record: 'c05' });
    await first.first(is('standing'));
    const second = start(options);
    await second.first(is('waiting'));
    await first.kill();
    expect(await second.first(is('done'))).toMatchObject({ executed: [NAME], seen: SLUGS.slice(4) });
    expect(await standing(options)).toMatchObject({ ...upgraded, status: { state: 'done', attempts: 2 } });
  });
});
