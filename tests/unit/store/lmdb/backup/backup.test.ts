import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import type { FolderProgress } from '../../../../../src/store/lmdb/index.js';
import { backUpFolder, openLmdbStorage, restoreBackup } from '../../../../../src/store/lmdb/index.js';
import { inspectFolder } from '../../../../../src/store/lmdb/damage/inspect-folder.js';
import { Store } from '../../../../../src/store/store.js';
import { createMemoryStorage } from '../../../../../src/store/index.js';
import { stillHeld } from '../../../garbage.js';
import { useDataFolder } from '../data-folder.js';
import { Patient } from '../damage/patient.js';

const folder = useDataFolder();
const opened: Store[] = [];
const at = (name: string): string => join(folder.path, name);

const open = async (name: string, verify = false): Promise<Store> => {
  const store = new Store({ storage: await openLmdbStorage({ path: at(name), verify }) });
  opened.push(store);
  return store;
};
const put = (store: Store, path: string, value: string) => store.write({ op: 'set', path, value });
const values = (store: Store): unknown[] => store.list({ pattern: '**' }).items.map(({ value }) => value);
const error = (kind: string, message: RegExp, detail?: string) =>
  expect.objectContaining({
    kind,
    message: expect.stringMatching(message),
    ...(detail === undefined ? {} : { detail }),
  });
const names = () => readdirSync(folder.path).sort();

it('a store forgets a backup that is done', async () => {
  const storage = await openLmdbStorage({ path: at('data') });
  const take = (name: string): { readonly done: WeakRef<object>; readonly work: Promise<void> } => {
    const backup = storage.backup?.(at(name)) ?? Promise.reject(new Error('cannot be backed up'));
    return { done: new WeakRef(backup), work: backup.then(() => undefined) };
  };
  const taken = ['one', 'two'].map(take);
  await Promise.all(taken.map(({ work }) => work));
  expect(await stillHeld(taken.map(({ done }) => done))).toBe(0);
  await storage.close();
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

describe('a backup', () => {
  it('holds every write acknowledged before it, while writes go on, and opens anywhere', async () => {
    const store = await open('data');
    for (let i = 0; i < 50; i++) await put(store, `k/${i}`, `v${i}`);
    const backup = store.backup(at('copy'));
    const later = Promise.all([...Array(50).keys()].map((i) => put(store, `late/${i}`, 'x')));
    await Promise.all([backup, later]);
    expect(names()).toEqual(['copy', 'data']);
    expect(readdirSync(at('copy')).sort()).toEqual(['FORMAT', 'data.mdb']);
    const copy = await open('copy', true);
    const copied = new Set(copy.list({ pattern: 'k/*' }).items.map(({ value }) => value));
    expect([...Array(50).keys()].filter((i) => !copied.has(`v${i}`))).toEqual([]);
    await put(copy, 'other', 'apart');
    expect(store.get('other')).toBeNull();
  });

  it('tells how far it is, by the names that folders come to have', async () => {
    const storage = await openLmdbStorage({ path: at('data') });
    const told: string[] = [];
    const onProgress = ({ stage, folder: of }: FolderProgress): void => {
      told.push(`${stage} ${relative(folder.path, of)}`);
    };
    await storage.backup?.(at('copy'), { onProgress });
    await storage.close();
    await backUpFolder(at('data'), at('again'), { onProgress });
    expect([...new Set(told)]).toEqual(['copy data', 'verify copy', 'verify again']);
  });

  it.each([
    ['open', 'copy'],
    ['as it lies in a folder', 'verify'],
  ] as const)('of a store (%s) that is called off in the middle leaves nothing', async (how, stage) => {
    const store = await open('data');
    await put(store, 'a', 'kept');
    await store.close();
    const end = new AbortController();
    const reason = new Error('enough');
    const stages = new Set<string>();
    const work = {
      signal: end.signal,
      onProgress: (progress: FolderProgress) => {
        stages.add(progress.stage);
        if (progress.stage === stage) end.abort(reason);
      },
    };
    if (how === 'open') {
      const storage = await openLmdbStorage({ path: at('data') });
      await expect(storage.backup?.(at('copy'), work)).rejects.toBe(reason);
      await storage.close();
      expect([...stages]).toEqual(['copy']);
    } else await expect(backUpFolder(at('data'), at('copy'), work)).rejects.toBe(reason);
    expect(names()).toEqual(['data']);
  });

  it('is waited for by close', async () => {
    const store = await open('data');
    await put(store, 'a', 'x'.repeat(1_000_000));
    const backup = store.backup(at('copy'));
    await store.close();
    await backup;
    expect(values(await open('copy'))).toEqual(['x'.repeat(1_000_000)]);
    await expect(store.backup(at('other'))).rejects.toEqual(error('closed', /closed/));
  });

  it('of a store in memory is not supported', async () => {
    const store = new Store({ storage: createMemoryStorage() });
    await expect(store.backup(at('copy'))).rejects.toEqual(
      error('not_supported', /Give the data source a `path`/),
    );
    await store.close();
  });

  it.each([
    ['there', 'invalid_options', /something at ".*there" already\. Name/],
    ['file', 'invalid_options', /something at ".*file" already/],
    ['dangling', 'invalid_options', /already/],
    ['data/copy', 'invalid_options', /lies inside the data folder/],
    ['data/sub/copy', 'invalid_options', /lies inside the data folder/],
    ['link/copy', 'invalid_options', /lies inside the data folder/],
    ['nowhere/copy', 'storage', /ENOENT.*Name a folder that is not there yet/],
    ['file/copy', 'storage', /ENOTDIR/],
  ])('to %s is refused, and leaves nothing', async (out, kind, message) => {
    const store = await open('data');
    mkdirSync(at('there'));
    mkdirSync(at('data/sub'));
    writeFileSync(at('file'), '');
    symlinkSync(at('nowhere'), at('dangling'));
    symlinkSync(at('data'), at('link'), 'junction');
    const before = [names(), readdirSync(at('data')).sort(), readdirSync(at('there'))];
    await expect(store.backup(at(out))).rejects.toEqual(error(kind, message));
    expect([names(), readdirSync(at('data')).sort(), readdirSync(at('there'))]).toEqual(before);
  });

  it('beside a folder whose name begins alike is taken', async () => {
    const store = await open('data');
    await store.backup(at('data-copy'));
    mkdirSync(at('..copies'));
    await store.backup(at('..copies/1'));
    expect(names()).toEqual(['..copies', 'data', 'data-copy']);
  });

  it('of a store that was damaged meanwhile is refused, and leaves nothing', async () => {
    const store = await open('data');
    for (let i = 0; i < 200; i++) await put(store, `k/${i}`, 'x'.repeat(300));
    const patient = new Patient(at('data'));
    patient.change(patient.pages('leaf-groups')[1]!, (page) => page.fill(0));
    await expect(store.backup(at('copy'))).rejects.toEqual(
      error('storage', /No backup was made.*damaged.*leaves/, 'corrupt'),
    );
    expect(names()).toEqual(['data']);
  });
});

describe('a restore', () => {
  const backedUp = async (...written: string[]): Promise<void> => {
    const store = await open('data');
    for (const value of written) await put(store, 'a', value);
    await store.backup(at('copy'));
    await store.close();
  };

  it('puts a backup into a folder that is not there', async () => {
    await backedUp('old', 'new');
    expect(await restoreBackup({ backup: at('copy'), path: at('far/off') })).toEqual({
      stores: 1,
      leaves: 1,
    });
    const store = await open('far/off', true);
    expect(values(store)).toEqual(['new']);
    expect(store.status().storeSeq).toBe(2);
    expect(await inspectFolder(at('copy'))).toMatchObject({ leaves: 1 });
  });

  it('replaces a store when it is asked to, a damaged one too', async () => {
    await backedUp('kept');
    const changed = await open('data');
    await put(changed, 'a', 'changed');
    await changed.close();
    const restore = (replace: boolean) => restoreBackup({ backup: at('copy'), path: at('data'), replace });
    await expect(restore(false)).rejects.toEqual(error('invalid_options', /holds a store\. Give `replace`/));
    truncateSync(at('data/data.mdb'), 5000);
    await expect(restore(false)).rejects.toEqual(error('invalid_options', /holds a store/));
    await restore(true);
    expect(values(await open('data', true))).toEqual(['kept']);
    expect(readdirSync(at('data')).sort()).toEqual(['FORMAT', 'data.mdb', 'lock.mdb', 'owner.lock']);
  });

  it('tells how far it is: the backup is verified, then copied, and the copy verified', async () => {
    await backedUp('kept');
    const told: string[] = [];
    const onProgress = ({ stage, folder: of, done, total }: FolderProgress): void => {
      expect(done).toBeLessThanOrEqual(total);
      told.push(`${stage} ${relative(folder.path, of)}`);
    };
    await restoreBackup({ backup: at('copy'), path: at('data'), replace: true, onProgress });
    expect([...new Set(told)]).toEqual(['verify copy', 'copy copy', expect.stringMatching(/^verify data\//)]);
  });

  it.each(['verify', 'copy'] as const)('ends when what hears of its %s throws', async (thrown) => {
    await backedUp('kept');
    const changed = await open('data');
    await put(changed, 'a', 'changed');
    await changed.close();
    const cause = new Error('mine');
    const onProgress = ({ stage }: FolderProgress): void => {
      if (stage === thrown) throw cause;
    };
    const restore = restoreBackup({ backup: at('copy'), path: at('data'), replace: true, onProgress });
    await expect(restore).rejects.toMatchObject({ kind: 'aborted', detail: 'thrown', cause });
    expect(values(await open('data'))).toEqual(['changed']);
  });

  it('puts a store back whose data file is gone', async () => {
    await backedUp('kept');
    rmSync(at('data/data.mdb'));
    await restoreBackup({ backup: at('copy'), path: at('data') });
    expect(values(await open('data'))).toEqual(['kept']);
  });

  it('of a damaged backup touches nothing', async () => {
    await backedUp('kept');
    const before = readFileSync(at('data/data.mdb'));
    const patient = new Patient(at('copy'));
    patient.replace('"kept"', '"ke\u0000t"');
    await expect(restoreBackup({ backup: at('copy'), path: at('data'), replace: true })).rejects.toEqual(
      error('storage', /damaged.*the leaf "a" \(its value cannot be read\)/, 'corrupt'),
    );
    expect(readFileSync(at('data/data.mdb')).equals(before)).toBe(true);
  });

  it.each([
    ['nothing', /no backup in/, 'invalid_options'],
    ['empty', /no backup in/, 'invalid_options'],
    ['file', /ENOTDIR/, 'storage'],
  ])('of %s is refused', async (name, message, kind) => {
    mkdirSync(at('empty'));
    writeFileSync(at('file'), '');
    const backup = at(name);
    await expect(restoreBackup({ backup, path: at('data') })).rejects.toEqual(error(kind, message));
    expect(existsSync(at('data'))).toBe(false);
  });

  it('into or from a folder that is open is refused', async () => {
    await backedUp('kept');
    const store = await open('data');
    const locked = error('storage', /in use by process/, 'locked');
    await expect(restoreBackup({ backup: at('copy'), path: at('data'), replace: true })).rejects.toEqual(
      locked,
    );
    await expect(restoreBackup({ backup: at('data'), path: at('other') })).rejects.toEqual(locked);
    await put(store, 'b', 'still works');
    expect(values(store)).toEqual(['kept', 'still works']);
  });

  it('leaves nothing of an earlier one that was killed', async () => {
    await backedUp('kept');
    mkdirSync(at('data/restoring'));
    writeFileSync(at('data/restoring/data.mdb'), 'half');
    await restoreBackup({ backup: at('copy'), path: at('data'), replace: true });
    expect(existsSync(at('data/restoring'))).toBe(false);
    expect(values(await open('data'))).toEqual(['kept']);
  });

  it('that is called off touches nothing', async () => {
    await backedUp('kept');
    const signal = AbortSignal.abort();
    const before = readFileSync(at('data/data.mdb'));
    const restore = restoreBackup({ backup: at('copy'), path: at('data'), replace: true, signal });
    await expect(restore).rejects.toEqual(error('aborted', /called off/));
    expect(readFileSync(at('data/data.mdb')).equals(before)).toBe(true);
    expect(existsSync(at('data/restoring'))).toBe(false);
  });

  it.each(['verify', 'copy'] as const)(
    'that is called off in the middle of a %s replaces nothing',
    async (stage) => {
      await backedUp('kept');
      const changed = await open('data');
      await put(changed, 'a', 'changed');
      await changed.close();
      const end = new AbortController();
      const onProgress = (progress: FolderProgress): void => {
        if (progress.stage === stage) end.abort();
      };
      const options = { backup: at('copy'), path: at('data'), replace: true, signal: end.signal, onProgress };
      await expect(restoreBackup(options)).rejects.toEqual(error('aborted', /called off/));
      expect(existsSync(at('data/restoring'))).toBe(false);
      expect(values(await open('data'))).toEqual(['changed']);
    },
  );

  it('knows its options', async () => {
    const wrong: object = { replaces: true };
    await expect(restoreBackup({ backup: at('copy'), path: at('data'), ...wrong })).rejects.toEqual(
      error('invalid_options', /replaces.*replace/),
    );
    for (const unnamed of [{ path: '' }, { backup: '' }, { path: 5 as unknown as string }]) {
      await expect(restoreBackup({ backup: at('copy'), path: at('data'), ...unnamed })).rejects.toEqual(
        error('invalid_options', /must name a folder/),
      );
    }
    await expect((await open('data')).backup('')).rejects.toEqual(error('invalid_options', /out must name/));
  });

  it('of a newer format is refused', async () => {
    await backedUp('kept');
    writeFileSync(at('copy/FORMAT'), '4\n');
    await expect(restoreBackup({ backup: at('copy'), path: at('other') })).rejects.toEqual(
      error('storage', /format version 4/, 'newer_version'),
    );
  });
});
