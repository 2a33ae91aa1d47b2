import { request } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import type { DustError } from '../../../src/index.js';
import { DataSource, silentLogger } from '../../../src/index.js';
import { FILE_HEADER, FILE_ROUTE } from '../../../src/share/wire-names.js';
import { Store } from '../../../src/store/store.js';
import { Link, link } from '../repository/support.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const MEBIBYTE = 2 ** 20;

const folder = useDataFolder();
const open: DataSource[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
});

async function shared(): Promise<DataSource> {
  const options = { path: folder.path, share: true, entities: [Link], logger: silentLogger };
  const dataSource = new DataSource(options);
  open.push(dataSource);
  return dataSource.initialize();
}

const links = (dataSource: DataSource) => dataSource.getRepository(Link);

describe('a file of a shared folder', () => {
  it.each(['owner', 'member'])('may be longer than any message when it comes from its %s', async (role) => {
    const [owner, member] = [await shared(), await shared()];
    const [writer, reader] = role === 'owner' ? [owner, member] : [member, owner];
    const { storeSeq } = await links(writer).insert(link('dust'));
    const content = Buffer.alloc(50 * MEBIBYTE, 'dust');
    const label = { filename: 'Staub – ☃.bin', contentType: 'application/x-dust' };
    await links(writer).putFile('dust', 'icon', content, label);
    // Whoever wrote it sees it at once.
    const own = await links(writer).findOneByOrFail({ slug: 'dust' });
    expect(own.icon).toMatchObject({ ...label, size: content.byteLength });
    await reader.transport.barrier?.({ minSeq: storeSeq! + 1 });
    const read = await links(reader).openFile('dust', 'icon');
    expect(content.equals(read!.content)).toBe(true);
  });

  it('is told to all as written by who wrote it, once', async () => {
    const [owner, member] = [await shared(), await shared()];
    await links(member).insert(link('dust'));
    const told: unknown[] = [];
    owner.transport.watch('**').subscribe(({ operations }) => told.push(...operations));
    const put = jest.spyOn(Store.prototype, 'putFile');
    await links(member).putFile('dust', 'icon', Buffer.from('a'), { filename: 'a' });
    await links(owner).increment('dust', 'views', 1);
    expect(told).toContainEqual(
      expect.objectContaining({ op: 'put_file', deviceId: member.transport.deviceId }),
    );
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('counts once when it is asked for again under its id', async () => {
    const [, member] = [await shared(), await shared()];
    const { transport } = member;
    const file = { filename: 'a', clientOpId: 'the-same' };
    const first = await transport.putFile('links/dust/icon', Buffer.from('a'), file);
    expect(await transport.putFile('links/dust/icon', Buffer.from('a'), file)).toEqual(first);
    expect((await transport.status()).storeSeq).toBe(first.storeSeq);
  });

  it('is written to no more after it was given', async () => {
    const [, member] = [await shared(), await shared()];
    const content = Buffer.from('as it was');
    const stored = member.transport.putFile('links/dust/icon', content, { filename: 'a' });
    content.fill('x');
    const { hash } = await stored;
    expect(Buffer.from((await member.transport.getFile(hash))!.content).toString()).toBe('as it was');
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a name that is none', 'links/dust/icon', { filename: '' }],
    ['a path that is none', 'links//icon', { filename: 'a' }],
    ['a media type that is none', 'links/dust/icon', { filename: 'a', contentType: 'x' }],
  ])('is refused for %s as in a folder that is not shared', async (_what, path, file) => {
    const [, member] = [await shared(), await shared()];
    const alone = await new DataSource({ entities: [Link], logger: silentLogger }).initialize();
    open.push(alone);
    const refusalOf = ({ transport }: DataSource): Promise<unknown> =>
      transport.putFile(path, Buffer.from('a'), file as { filename: string }).then(
        () => 'stored',
        (error: unknown) => {
          const { kind, detail, message } = error as DustError;
          return { kind, detail, message };
        },
      );
    expect(await refusalOf(member)).toEqual(await refusalOf(alone));
  });

  it('ends before the folder is given back, when its bytes have come', async () => {
    const [owner, member] = [await shared(), await shared()];
    await links(member).insert(link('dust'));
    const writes = Array.from({ length: 5 }, (_, n) =>
      links(member).putFile('dust', 'icon', Buffer.alloc(MEBIBYTE, n), { filename: `${n}` }),
    );
    await owner.destroy();
    await Promise.all(writes);
    expect((await links(member).findOneByOrFail({ slug: 'dust' })).icon).toBeDefined();
  });

  it.each([{}, { [FILE_HEADER]: 'no note' }])('that comes without a note is refused: %j', async (headers) => {
    await shared();
    const socketPath = join(folder.path, 'share', 'socket');
    const asked = request({ socketPath, path: FILE_ROUTE, method: 'POST', headers }).end('bytes');
    const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    expect(await json(response)).toMatchObject({
      failed: { kind: 'invalid_params', detail: 'malformed_file' },
    });
  });
});
