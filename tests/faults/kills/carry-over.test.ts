import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Leaf } from '../../../src/protocol/values/value.js';
import { inspectFolder, openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { openBeside } from '../../unit/store/lmdb/behind-its-back.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { expected, makeOldFolder } from '../../unit/store/lmdb/format-2/folder.js';
import { useCompiledStore } from '../compiled-sources.js';
import { MessagingProcess } from '../messaging-process.js';
import { OLD_LEAVES, addOldLeaves } from '../old-leaves.js';
import { randomInts } from '../random-ints.js';

type OpenerMessage =
  { readonly type: 'turn' | 'opened' } | { readonly type: 'refused'; readonly message: string };

const RECORDS = 10_000;

const compiled = useCompiledStore();
const data = useDataFolder();

const opener = () =>
  new MessagingProcess<OpenerMessage>(join(__dirname, 'opener.mjs'), [compiled.folder, data.path]);

/** How many leaves still lie where a release of format 2 put them, and the format that it would find. */
async function oldState(): Promise<{ readonly left: number; readonly format: unknown }> {
  const root = openBeside(data.path);
  const left = [...root.getKeys()].includes('leaves')
    ? root.openDB('leaves', OLD_LEAVES).getKeysCount({ start: '\u0000' })
    : 0;
  const format: unknown = root.openDB('dust-orm', { encoding: 'json' }).get('format');
  await root.close();
  return { left, format };
}

it('a folder of format 2 loses nothing when whoever carries it over is killed, and the next one goes on', async () => {
  const random = randomInts(20_261_129);
  makeOldFolder('store', data.path);
  const added = await addOldLeaves(data.path, RECORDS);
  const all = expected.leaves.length + added.length;
  let { left } = await oldState();
  expect(left).toBe(all);
  let interruptions = 0;
  for (let run = 0; left > 0 && run < 100; run++) {
    const process = opener();
    try {
      const turns = 1 + random(12);
      await process.first(
        (message): message is OpenerMessage => message.type !== 'turn' || process.messages.length >= turns,
      );
    } finally {
      await process.kill();
    }
    expect(process.messages.filter(({ type }) => type === 'refused')).toEqual([]);
    const state = await oldState();
    if (state.left < all) {
      expect(state.format).toBe(3);
      expect(readFileSync(join(data.path, 'FORMAT'), 'utf8')).toBe('3\n');
    }
    if (state.left < left && state.left > 0) interruptions++;
    ({ left } = state);
    const report = await inspectFolder(data.path);
    expect([report?.lost.told, report?.leaves]).toEqual([[], all]);
  }
  expect(left).toBe(0);
  expect(interruptions).toBeGreaterThan(3);
  const storage = await openLmdbStorage({ path: data.path });
  try {
    expect(storage.measure?.().leafCount).toBe(all);
    const found = new Map(Array.from(storage.leaves.range({}), (leaf) => [leaf.path, leaf]));
    expect(found.size).toBe(all);
    const isOther = (leaf: Leaf): boolean =>
      JSON.stringify(found.get(leaf.path)) !== JSON.stringify(storedAs(leaf));
    expect([...expected.leaves, ...added].filter(isOther)).toEqual([]);
  } finally {
    await storage.close();
  }
}, 120_000);

/** With its parts in the order in which a storage gives them. */
const storedAs = ({ path, value, type, revision }: Leaf): Leaf => ({ path, value, type, revision });
