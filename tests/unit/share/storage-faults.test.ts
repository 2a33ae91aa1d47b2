import { DustError } from '../../../src/errors.js';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, EmbeddedTransport, silentLogger } from '../../../src/index.js';
import { SharedFolderTransport } from '../../../src/share/index.js';
import { writeFailed } from '../../../src/store/lmdb/errors.js';
import { Store } from '../../../src/store/store.js';
import { Link, link } from '../repository/support.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const folder = useDataFolder();
const open: DataSource[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
});

async function opened(options: Partial<DataSourceOptions>): Promise<DataSource> {
  const dataSource = new DataSource({ ...options, entities: [Link], logger: silentLogger });
  open.push(dataSource);
  return dataSource.initialize();
}

/** Writes of each kind, by the ways that they go over a shared folder. */
const WRITES: readonly (readonly [title: string, write: (dataSource: DataSource) => Promise<unknown>])[] = [
  ['an insert', (dataSource) => dataSource.getRepository(Link).insert(link('new'))],
  [
    'a guarded insert',
    (dataSource) => dataSource.getRepository(Link).insert(link('new'), { ifAbsent: true }),
  ],
  ['an update', (dataSource) => dataSource.getRepository(Link).update('dust', { title: 'Changed' })],
  ['an increment', (dataSource) => dataSource.getRepository(Link).increment('dust', 'views', 1)],
  ['an addition to a set', (dataSource) => dataSource.getRepository(Link).addTo('dust', 'tags', 'a')],
  ['a deletion', (dataSource) => dataSource.getRepository(Link).delete('dust')],
  [
    'a file',
    (dataSource) =>
      dataSource
        .getRepository(Link)
        .putFile('dust', 'icon', Buffer.from('an icon'), { filename: 'icon.png' }),
  ],
  ['a lease', (dataSource) => dataSource.manager.lease('locks/one')],
  [
    'a batch',
    (dataSource) =>
      dataSource.manager.batch((batch) => {
        batch.insert(Link, link('first'));
        batch.insert(Link, link('second'));
      }),
  ],
];

/** What the medium of the folder refuses from now on. */
function fail(): DustError {
  const error = writeFailed('/a/data/folder', new Error('No space left on device'));
  for (const write of ['write', 'writeBatch', 'putFile', 'lease'] as const) {
    jest.spyOn(Store.prototype, write).mockRejectedValue(error);
  }
  return error;
}

describe.each(['owner', 'member'])('what the disk of a shared folder refuses, in its %s', (role) => {
  it.each(WRITES)('fails as in a folder of its own: %s', async (_title, write) => {
    const shared = { path: folder.path, share: true };
    const sources = [await opened(shared), await opened(shared)];
    const asked = role === 'owner' ? sources[0]! : sources[1]!;
    await asked.getRepository(Link).insert(link('dust'));
    const { kind, detail, message, retryable } = fail();
    const refused: unknown = await write(asked).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(DustError);
    expect(refused).toMatchObject({ kind, detail, message, retryable });
    // Nothing was written, and nothing stands in the way of what is written when there is room.
    jest.restoreAllMocks();
    await write(asked);
  });
});

it('a shared folder promises before it is connected what a store of this process can do', async () => {
  const embedded = new EmbeddedTransport();
  const shared = new SharedFolderTransport({ path: folder.path, logger: silentLogger });
  expect(shared.capabilities).toEqual(embedded.capabilities);
  await shared.connect();
  expect(shared.capabilities).toEqual(embedded.capabilities);
  await shared.close();
});
