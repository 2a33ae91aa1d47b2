import { execFileSync } from 'node:child_process';
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DustError } from '../../../../../src/errors.js';
import { backUpFolder, openLmdbStorage, restoreBackup } from '../../../../../src/store/lmdb/index.js';
import { Store } from '../../../../../src/store/store.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const at = (name: string): string => join(folder.path, name);
const open = async (name: string): Promise<Store> =>
  new Store({ storage: await openLmdbStorage({ path: at(name) }) });
const fill = async (name: string, value = 'kept'): Promise<void> => {
  const store = await open(name);
  await store.write({ op: 'set', path: 'a', value });
  await store.close();
};
const valueIn = async (name: string): Promise<unknown> => {
  const store = await open(name);
  try {
    return store.get('a')?.value;
  } finally {
    await store.close();
  }
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      const { kind, detail, message } = error as DustError;
      return `${kind} ${detail ?? '-'}: ${message}`;
    },
  );
const restore = (options: object) =>
  refusal(restoreBackup({ backup: at('copy'), path: at('target'), ...options }));

beforeEach(() => fill('data'));
afterEach(() => {
  jest.restoreAllMocks();
});

describe('through a link to a folder', () => {
  beforeEach(() => {
    mkdirSync(at('disk'));
    symlinkSync(at('disk'), at('link'), 'junction');
  });

  it('a backup is made', async () => {
    await backUpFolder(at('data'), at('link/copy'));
    expect(await valueIn('disk/copy')).toBe('kept');
    const store = await open('data');
    await store.backup(at('link/other'));
    await store.close();
    expect(readdirSync(at('disk')).sort()).toEqual(['copy', 'other']);
  });

  it('a backup is restored, and read', async () => {
    await backUpFolder(at('data'), at('disk/copy'));
    mkdirSync(at('there'));
    symlinkSync(at('there'), at('target'), 'junction');
    expect(await restore({ backup: at('link/copy') })).toBe('done');
    expect(await valueIn('there')).toBe('kept');
  });

  it('stores are found, each once', async () => {
    mkdirSync(at('served/acme'), { recursive: true });
    await fill('disk/notes', 'elsewhere');
    symlinkSync(at('disk/notes'), at('served/acme/notes'), 'junction');
    symlinkSync(at('served'), at('served/acme/loop'), 'junction');
    expect(await backUpFolder(at('served'), at('copy'))).toBe(1);
    expect(await valueIn('copy/acme/notes')).toBe('elsewhere');
  });
});

describe('when the disk fails once the name is given', () => {
  /** Lets what is opened as one of these paths refuse to be synced. */
  const failSyncsOf = (isFailing: (path: string) => boolean): void => {
    const openSync = fs.openSync;
    const failing = new Set<number>();
    jest.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
      const file = openSync(path, ...rest);
      if (isFailing(String(path))) failing.add(file);
      else failing.delete(file);
      return file;
    });
    const fsyncSync = fs.fsyncSync;
    jest.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
      if (failing.has(file)) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
      fsyncSync(file);
    });
  };

  it.each([
    ['mark', 'FORMAT', 'open'],
    ['mark', 'FORMAT', 'as it lies'],
    ['data', 'data.mdb', 'open'],
    ['data', 'data.mdb', 'as it lies'],
  ])('a backup without its %s on the disk is none (%s, %s)', async (_, file, way) => {
    failSyncsOf((path) => path.endsWith(file) && path.includes('copy'));
    if (way === 'as it lies') {
      jest.spyOn(fs, 'accessSync').mockImplementation(() => {
        throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
      });
    }
    expect(await refusal(backUpFolder(at('data'), at('copy')))).toMatch(/^storage write_failed: .*EIO/);
    expect(readdirSync(folder.path)).not.toContainEqual(expect.stringContaining('copy'));
  });

  it('a backup says that it is there', async () => {
    failSyncsOf((path) => path === folder.path && existsSync(at('copy')));
    const said = await refusal(backUpFolder(at('data'), at('copy')));
    expect(said).toMatch(/^storage write_failed: The backup at ".*copy" was made, .*EIO/);
    expect(said).not.toContain('nothing was left');
    jest.restoreAllMocks();
    expect(await valueIn('copy')).toBe('kept');
  });

  it('a restore puts nothing in place that is not on the disk', async () => {
    await backUpFolder(at('data'), at('copy'));
    await fill('target', 'before');
    failSyncsOf((path) => path.endsWith('data.mdb') && path.includes('restoring'));
    expect(await restore({ replace: true })).toMatch(/^storage write_failed: .*EIO/);
    jest.restoreAllMocks();
    expect(await valueIn('target')).toBe('before');
  });

  it('a restore says that it is done', async () => {
    await backUpFolder(at('data'), at('copy'));
    failSyncsOf((path) => path === at('target'));
    expect(await restore({})).toMatch(/^storage write_failed: The backup was put into ".*target".*EIO/);
    jest.restoreAllMocks();
    expect(await valueIn('target')).toBe('kept');
  });
});

describe('a restore into the backup', () => {
  it.each(['copy', 'copy/below', 'copy/sub/deep', 'link', 'link/below'])(
    'at %s is refused, and leaves it as it is',
    async (name) => {
      await backUpFolder(at('data'), at('copy'));
      symlinkSync(at('copy'), at('link'), 'junction');
      const said = await restore({ path: at(name), replace: true });
      expect(said).toMatch(/^invalid_options -: Nothing was restored: .* lies in the backup/);
      expect(readdirSync(at('copy')).sort()).toEqual(['FORMAT', 'data.mdb']);
    },
  );

  it('is not one beside it', async () => {
    await backUpFolder(at('data'), at('copy'));
    expect(await restore({ path: at('copy-2') })).toBe('done');
    expect(await restore({ path: at('..copy/copy') })).toBe('done');
  });

  it('is not one of a folder that holds it', async () => {
    mkdirSync(at('home'));
    await backUpFolder(at('data'), at('home/copy'));
    expect(await restore({ backup: at('home/copy'), path: at('home') })).toBe('done');
    expect(await valueIn('home')).toBe('kept');
  });
});

describe.each(['data.mdb', 'FORMAT'])('a backup whose %s', (name) => {
  const spoil = async (make: (path: string) => void): Promise<void> => {
    await backUpFolder(at('data'), at('copy'));
    rmSync(at(`copy/${name}`));
    make(at(`copy/${name}`));
  };
  const kinds: Readonly<Record<string, (path: string) => void>> = {
    'a folder': (path) => mkdirSync(path),
    'a pipe': (path) => execFileSync('mkfifo', [path]),
    'a device': (path) => symlinkSync('/dev/zero', path),
    'a loop of links': (path) => symlinkSync(name, path),
    'a link to nothing': (path) => symlinkSync('missing', path),
  };

  it.each(Object.keys(kinds))('is %s is refused in its own name', async (kind) => {
    await spoil(kinds[kind]!);
    expect(await restore({})).toMatch(/^storage (unreadable|corrupt): .*copy"/);
    expect(existsSync(at('target'))).toBe(false);
  });
});

it('a backup whose data file is gone is damaged, and not none', async () => {
  await backUpFolder(at('data'), at('copy'));
  rmSync(at('copy/data.mdb'));
  expect(await restore({})).toMatch(/^storage corrupt: .*copy".*data\.mdb is missing/);
  expect(existsSync(at('target'))).toBe(false);
});

it('a store whose data file is gone is not left out of a backup', async () => {
  await fill('data/stores/acme/notes');
  rmSync(at('data/stores/acme/notes/data.mdb'));
  expect(await refusal(backUpFolder(at('data'), at('copy')))).toMatch(/^storage corrupt: .*notes".*missing/);
  expect(existsSync(at('copy'))).toBe(false);
});

describe.each(['data.mdb', 'FORMAT', 'lock.mdb'])('a restore where %s', (name) => {
  it.each(['a folder', 'a link to nothing'])('is %s is refused, and writes nothing', async (kind) => {
    await backUpFolder(at('data'), at('copy'));
    mkdirSync(at('target'));
    if (kind === 'a folder') mkdirSync(at(`target/${name}`));
    else symlinkSync('missing', at(`target/${name}`));
    expect(await restore({ replace: true })).toMatch(/^storage unreadable: .*target"/);
    expect(existsSync(at('target/restoring'))).toBe(false);
  });
});

it.each([
  [{ signal: 1 }, /signal must be an AbortSignal/],
  [{ signal: null }, /signal must be an AbortSignal/],
  [{ takeOver: 'no' }, /takeOver must be true or false/],
  [{ replace: 'yes' }, /replace must be true or false/],
  [{ replace: null }, /replace must be true or false/],
  [{ backup: ' ' }, /backup must name a folder/],
  [{ path: '\t' }, /path must name a folder/],
  [{ path: 'file:///srv/data' }, /path must name a folder.*fileURLToPath/],
])('a restore with %j is refused', async (options, message) => {
  await backUpFolder(at('data'), at('copy'));
  const said = await restore(options);
  expect(said).toMatch(/^invalid_options/);
  expect(said).toMatch(message);
  expect(existsSync(at('target'))).toBe(false);
});

it.each(['', ' ', 'file:///srv/copy', 5, null])('a backup to %j is refused', async (out) => {
  writeFileSync(at('before'), '');
  const store = await open('data');
  expect(await refusal(store.backup(out as string))).toMatch(/^invalid_options -: out must name a folder/);
  await store.close();
  expect(readdirSync(folder.path).sort()).toEqual(['before', 'data']);
});

describe('a folder that cannot be written to', () => {
  const readOnly = () =>
    jest.spyOn(fs, 'accessSync').mockImplementation(() => {
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
    });

  it('is copied as it lies, and free again afterwards', async () => {
    const mounted = readOnly();
    await backUpFolder(at('data'), at('copy'));
    mounted.mockRestore();
    expect(await valueIn('data')).toBe('kept');
    expect(await valueIn('copy')).toBe('kept');
  });

  it('is free again when what lies there is damaged', async () => {
    truncateSync(at('data/data.mdb'), 3 * 8192);
    const mounted = readOnly();
    expect(await refusal(backUpFolder(at('data'), at('copy')))).toMatch(/^storage corrupt: /);
    mounted.mockRestore();
    expect(await refusal(open('data'))).toMatch(/^storage corrupt: /);
  });
});
