import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOTHING_APPLIED, storedMark } from '../../../src/cluster/apply/cluster-mark.js';
import { snapshotBytes } from '../../../src/cluster/snapshots/snapshot-format.js';
import type { BatchOperation, StatePiece } from '../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { heldState } from '../../../src/store/copying/held-state.js';
import { inspectFolder, openLmdbStorage } from '../../../src/store/lmdb/index.js';
import type { CopiedStore } from '../../unit/store/copying/copied-store.js';
import { copiedStore, read, stateOf } from '../../unit/store/copying/copied-store.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { refusalOf } from '../../unit/store/open-store.js';
import { useCompiledCluster } from '../compiled-sources.js';
import { MessagingProcess } from '../messaging-process.js';
import { randomInts } from '../random-ints.js';

type RestorerMessage =
  { readonly type: 'committed' | 'restored' } | { readonly type: 'refused'; readonly message: string };

const RECORDS = 12_000;

const compiled = useCompiledCluster();
const data = useDataFolder();
const shelf = useDataFolder();

async function write(source: CopiedStore, position: number, operations: BatchOperation[]): Promise<void> {
  for (let at = 0; at < operations.length; at += 1_000) await source.apply(operations.slice(at, at + 1_000));
  const mark = storedMark({ ...NOTHING_APPLIED, position });
  await source.copy.apply({ time: 1, requests: [], markOf: () => mark });
}

async function fileOf(source: CopiedStore): Promise<string> {
  const file = join(shelf.path, 'snapshot');
  const pieces: Uint8Array[] = [];
  for await (const piece of snapshotBytes(source.copy.hold())) pieces.push(piece);
  writeFileSync(file, Buffer.concat(pieces));
  return file;
}

/** What the folder holds: undefined when it was left in the middle. */
async function found(): Promise<readonly StatePiece[] | undefined> {
  const report = await inspectFolder(data.path);
  expect(report?.lost.told ?? []).toEqual([]);
  const storage = await openLmdbStorage({ path: data.path, verify: true });
  try {
    if (storage.readCounters().restoring !== true) return read(heldState(storage.hold()));
    const alone = await refusalOf(() => new Store({ storage }));
    expect(alone.detail).toBe('half_restored');
    return undefined;
  } finally {
    await storage.close();
  }
}

/** Has it restored again and again, and killed, until it is done. Returns how often it was found in the middle. */
async function restoreWithKills(
  file: string,
  position: number,
  random: (below: number) => number,
): Promise<number> {
  let interruptions = 0;
  for (let run = 0; run < 100; run++) {
    const restorer = new MessagingProcess<RestorerMessage>(join(__dirname, 'restorer.mjs'), [
      compiled.folder,
      data.path,
      file,
      String(position),
    ]);
    const commits = 1 + random(12 + run * 3);
    try {
      await restorer.first(
        (message): message is RestorerMessage =>
          message.type !== 'committed' || restorer.messages.length >= commits,
      );
    } finally {
      await restorer.kill();
    }
    expect(restorer.messages.filter(({ type }) => type === 'refused')).toEqual([]);
    if (restorer.messages.some(({ type }) => type === 'restored')) return interruptions;
    if ((await found()) === undefined) interruptions++;
  }
  throw new Error('it never came to its end');
}

it('a node that is killed while it takes a snapshot takes it again, and is never taken for a store before', async () => {
  const random = randomInts(20_261_129);
  const source = copiedStore(createMemoryStorage());
  const text = 'x'.repeat(200);
  await write(
    source,
    7,
    Array.from({ length: RECORDS }, (_, i) => ({ op: 'set', path: `r/${i}`, value: { u: `u${i}`, text } })),
  );
  expect(await restoreWithKills(await fileOf(source), 7, random)).toBeGreaterThan(2);
  expect(await found()).toEqual(stateOf(source));
  // The second one lies beside the first in the folder, which holds much that is to go or to be another.
  await write(
    source,
    9,
    Array.from({ length: RECORDS }, (_, i): BatchOperation => {
      if (i % 3 === 0) return { op: 'delete', path: `r/${i}` };
      return i % 3 === 1
        ? { op: 'set', path: `r/${i}/u`, value: 'other' }
        : { op: 'set', path: `s/${i}`, value: text };
    }),
  );
  expect(await restoreWithKills(await fileOf(source), 9, random)).toBeGreaterThan(2);
  expect(await found()).toEqual(stateOf(source));
  await source.store.close();
}, 300_000);
