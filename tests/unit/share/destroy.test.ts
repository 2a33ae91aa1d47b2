import type { DataSourceOptions, DustError } from '../../../src/index.js';
import { DataSource, silentLogger } from '../../../src/index.js';
import { Link, link } from '../repository/support.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const WRITES = 50;

const folder = useDataFolder();
const open: DataSource[] = [];
const shared = () => ({ path: folder.path, share: true });

afterEach(async () => {
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
});

async function opened(options: Partial<DataSourceOptions>): Promise<DataSource> {
  const dataSource = new DataSource({
    entities: [Link],
    logger: silentLogger,
    ...options,
  });
  open.push(dataSource);
  return dataSource.initialize();
}

/** What becomes of each kind of write that was called before `destroy()`, by how often. */
async function outcomes(work: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(work)) {
    const word = outcome.status === 'fulfilled' ? 'written' : (outcome.reason as DustError).kind;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

const repeat = (write: () => Promise<unknown>): Promise<unknown>[] => Array.from({ length: WRITES }, write);

describe('what was called before the owner of a shared folder is destroyed', () => {
  it('ends in the owner as in a folder that is not shared, and goes on in the others', async () => {
    const alone = await opened({});
    const [owner, member] = [await opened(shared()), await opened(shared())];
    const begun = (dataSource: DataSource) => ({
      sent: outcomes(repeat(() => dataSource.transport.increment('reading/links/dust/views', 1))),
      prepared: outcomes(repeat(() => dataSource.getRepository(Link).increment('dust', 'views', 1))),
    });
    for (const dataSource of [alone, owner]) await dataSource.getRepository(Link).insert(link('dust'));
    await member.transport.barrier?.();
    const [byAlone, byOwner, byMember] = [begun(alone), begun(owner), begun(member)];
    await Promise.all([alone.destroy(), owner.destroy()]);
    // What has been sent is written; what is still read or checked before it is sent is closed, and nothing of it is written.
    for (const by of [byAlone, byOwner]) {
      expect(await by.sent).toEqual({ written: WRITES });
      expect(await by.prepared).toEqual({ closed: WRITES });
    }
    expect(await byMember.sent).toEqual({ written: WRITES });
    expect(await byMember.prepared).toEqual({ written: WRITES });
    expect(await member.getRepository(Link).findOneByOrFail({ slug: 'dust' })).toMatchObject({
      views: 3 * WRITES,
    });
  });
});
