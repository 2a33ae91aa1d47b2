import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DustError } from '../../../../../src/errors.js';
import { inspectFolder, openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const format = () => join(folder.path, 'FORMAT');
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: unknown) => {
      const { kind, detail, message } = error as DustError;
      return `${kind} ${detail}: ${message}`;
    },
  );
const opening = async (): Promise<void> => {
  await (await openLmdbStorage({ path: folder.path })).close();
};

const STRANGE: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a folder': (path) => mkdirSync(path),
  'a device': (path) => symlinkSync('/dev/zero', path),
  'a link to nothing': (path) => symlinkSync('missing', path),
  'a loop of links': (path) => symlinkSync('FORMAT', path),
  '5 GB': (path) => {
    writeFileSync(path, '1\n');
    truncateSync(path, 5e9);
  },
};

describe.each(['of a store', 'of a new folder'])('a FORMAT %s', (whose) => {
  beforeEach(async () => {
    if (whose === 'of a store') await opening();
    rmSync(format(), { force: true });
  });

  it.each(Object.keys(STRANGE))('that is %s is refused at once', async (kind) => {
    STRANGE[kind]!(format());
    expect(await outcome(opening())).toMatch(/^storage unreadable: .*FORMAT|ELOOP/);
    expect(await outcome(inspectFolder(folder.path))).toMatch(/^storage unreadable: .*FORMAT|ELOOP/);
  });
});

it('a FORMAT that the disk had no room for is taken, and so is one that is missing', async () => {
  await opening();
  writeFileSync(format(), '');
  expect(await outcome(opening())).toBe('fine');
  rmSync(format());
  expect(await outcome(opening())).toBe('fine');
});

describe('a folder that is inspected', () => {
  beforeEach(opening);

  it('is told of with what it holds; none is where no store was', async () => {
    expect(await inspectFolder(folder.path)).toMatchObject({ leaves: 0 });
    expect(await inspectFolder(join(folder.path, 'missing'))).toBeUndefined();
  });

  it('is corrupt when its data is gone', async () => {
    rmSync(join(folder.path, 'data.mdb'));
    expect(await outcome(inspectFolder(folder.path))).toMatch(/^storage corrupt: .*data\.mdb is missing/);
  });

  it('of a newer format is for a newer release', async () => {
    writeFileSync(format(), '99\n');
    expect(await outcome(inspectFolder(folder.path))).toMatch(/^storage newer_version: /);
  });

  it("in use is its owner's", async () => {
    const storage = await openLmdbStorage({ path: folder.path });
    expect(await outcome(inspectFolder(folder.path))).toMatch(/^storage locked: /);
    await storage.close();
  });

  it('is left in the middle when nobody wants it any more, with the reason as it was given', async () => {
    const reason = new Error('enough');
    await expect(inspectFolder(folder.path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await opening();
  });
});
