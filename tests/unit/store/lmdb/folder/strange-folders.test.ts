import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { DustError } from '../../../../../src/errors.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const refusal = (path: string) =>
  openLmdbStorage({ path }).then(
    async (storage) => {
      await storage.close();
      return 'opened';
    },
    (error: unknown) => {
      const { kind, detail, message } = error as DustError;
      return `${kind} ${detail}: ${message}`;
    },
  );
const UNREADABLE = /^storage unreadable: The data folder ".*" cannot be used: .*\. Name a folder/;

describe('a path where no folder can be', () => {
  const onLinux =
    process.platform === 'linux' ? ['/proc/x', '/proc/x/y/z', '/sys/x', '/proc', '/proc/self'] : [];

  it.each([...onLinux, '/dev/null', '/dev/null/x', '/dev/null/x/y', 'with\0nul', 'x'.repeat(5000)])(
    '%j is refused at once',
    async (path) => {
      expect(await refusal(path)).toMatch(UNREADABLE);
    },
  );

  it('is refused when it is a pipe, a socket, a loop of links or a link to nothing', async () => {
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    const server = createServer().listen(join(folder.path, 'socket'));
    await once(server, 'listening');
    symlinkSync('loop', join(folder.path, 'loop'));
    symlinkSync('missing', join(folder.path, 'dangling'));
    try {
      for (const name of ['pipe', 'socket', 'loop', 'dangling']) {
        expect(await refusal(join(folder.path, name))).toMatch(UNREADABLE);
        expect(await refusal(join(folder.path, name, 'below'))).toMatch(UNREADABLE);
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(existsSync(join(folder.path, 'missing'))).toBe(false);
  });

  it('is used when it is a link to a folder', async () => {
    mkdirSync(join(folder.path, 'real'));
    symlinkSync('real', join(folder.path, 'link'));
    expect(await refusal(join(folder.path, 'link', 'below'))).toBe('opened');
    expect(readdirSync(join(folder.path, 'real', 'below'))).toContain('data.mdb');
  });
});

describe.each(['data.mdb', 'lock.mdb'])('a folder whose %s', (name) => {
  const path = () => join(folder.path, name);

  it('is a pipe is refused, and not waited for', async () => {
    execFileSync('mkfifo', [path()]);
    expect(await refusal(folder.path)).toMatch(UNREADABLE);
  });

  it('is a socket, a folder, a loop of links or a link to nothing is refused', async () => {
    const server = createServer().listen(path());
    await once(server, 'listening');
    expect(await refusal(folder.path)).toMatch(UNREADABLE);
    await new Promise((resolve) => server.close(resolve));
    for (const target of ['missing', name]) {
      const next = join(folder.path, `to-${target}`);
      mkdirSync(next);
      symlinkSync(target, join(next, name));
      expect(await refusal(next)).toMatch(UNREADABLE);
      expect(readdirSync(next)).toEqual([name]);
    }
    const last = join(folder.path, 'last');
    mkdirSync(join(last, name), { recursive: true });
    expect(await refusal(last)).toMatch(UNREADABLE);
  });
});

it('a folder in which an earlier process ended while it made the store is a new one', async () => {
  mkdirSync(join(folder.path, 'making', 'deep'), { recursive: true });
  expect(await refusal(folder.path)).toBe('opened');
  expect(readdirSync(folder.path)).toContain('data.mdb');
  expect(readdirSync(folder.path)).not.toContain('making');
});
