import { Socket } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.js';
import { DustError } from '../../../src/errors.js';
import { FolderShare, LOOK_AGAIN } from '../../../src/share/folder-share.js';
import type { FolderIdentity } from '../../../src/share/folder-identity.js';
import type { ServedFolder } from '../../../src/share/served-folder.js';
import type { NamedOwner, ShareParts } from '../../../src/share/share-parts.js';
import { newOwnerRecord } from '../../../src/store/lmdb/ownership/owner-record.js';
import { TestClock } from '../../../src/testing/index.js';

const PATH = join(tmpdir(), 'a-folder-that-is-not-there');
const locked = () => new DustError('storage', 'in use', { detail: 'locked' });
const corrupt = () => new DustError('storage', 'damaged', { detail: 'corrupt' });

/** A folder as the processes that share it see it: who has its lock, who is named, who listens. */
class ScriptedFolder {
  readonly clock = new TestClock();
  readonly logged: string[] = [];
  /** What listening again fails with. */
  healing: Error | undefined;
  /** What opening the folder fails with. */
  fault: DustError | undefined;
  /** Whether who has the lock listens yet. */
  isListening = true;
  owner: NamedOwner | undefined;
  holder: object | undefined;
  /** What is noted in the folder. */
  identity: FolderIdentity = { id: 'the first' };
  attempts = 0;
  connections = 0;
  /** Whether each opening verified. */
  readonly verified: boolean[] = [];
  #serving: (() => void) | undefined;
  #serves = Promise.resolve();

  /** Openings wait until {@link served} is called. */
  slow(): void {
    this.#serves = new Promise((resolve) => {
      this.#serving = resolve;
    });
  }

  served(): void {
    this.#serving?.();
  }

  readonly parts: ShareParts = {
    prepare: () => Promise.resolve(),
    serve: async ({ verify }): Promise<ServedFolder> => {
      this.attempts++;
      if (this.fault !== undefined) throw this.fault;
      if (this.holder !== undefined) throw locked();
      const holder = {};
      this.holder = holder;
      this.isListening = true;
      this.owner = { record: newOwnerRecord('/outside'), isElsewhere: false };
      this.verified.push(verify);
      await this.#serves;
      return {
        socket: '/inside',
        identity: this.identity,
        heal: () => {
          if (this.healing !== undefined) return Promise.reject(this.healing);
          const wasRemoved = !this.isListening;
          this.isListening = true;
          return Promise.resolve(wasRemoved);
        },
        backup: () => Promise.resolve(),
        close: () => {
          if (this.holder === holder) this.die();
          return Promise.resolve();
        },
      };
    },
    owner: () => this.owner,
    identity: () => this.identity,
    sockets: () => ['/inside', '/outside'],
    connect: (path) => {
      const isThere = path === '/inside' && this.holder !== undefined && this.isListening;
      if (!isThere) return Promise.resolve(undefined);
      this.connections++;
      return Promise.resolve(new Socket());
    },
  };

  /** The owner ends by force: its name stays where it is. */
  die(): void {
    this.holder = undefined;
  }

  /** Somebody else takes the folder. */
  takenBy(share: string | undefined, isElsewhere = false): void {
    this.holder = {};
    this.owner = { record: newOwnerRecord(share), isElsewhere };
  }

  share(verify = false): FolderShare {
    const log = (message: string): void => void this.logged.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    return new FolderShare({ path: PATH, verify, clock: this.clock, logger, random: () => 0.5 }, this.parts);
  }
}

/** Moves the clock on until the promise is settled, by at most `ms`. */
async function within<T>(clock: TestClock, ms: number, work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  for (let passed = 0; ; passed += 10) {
    for (let i = 0; i < 20; i++) await turn();
    if (isOver) return work;
    if (passed >= ms) throw new Error(`not within ${ms} ms`);
    await clock.advance(10);
  }
}

describe('a folder that is not the one that was opened', () => {
  it.each<[string, FolderIdentity]>([
    ['was removed', 'missing'],
    ['was replaced', { id: 'another' }],
  ])('since it %s is neither taken over nor made', async (_how, identity) => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    await two.open();
    folder.die();
    folder.identity = identity;
    await expect(two.dial()).rejects.toMatchObject({ kind: 'storage', detail: 'gone' });
    expect(folder.attempts).toBe(1);
    // For good: whoever has come by something of the one must not go on with the other.
    folder.identity = { id: 'the first' };
    await expect(two.dial()).rejects.toMatchObject({ kind: 'storage', detail: 'gone' });
    await Promise.all([one.close(), two.close()]);
  });

  it('is not reached through who has it now', async () => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    await two.open();
    folder.die();
    folder.identity = { id: 'another' };
    folder.takenBy('/outside');
    await expect(two.dial()).rejects.toMatchObject({ kind: 'storage', detail: 'gone' });
    await Promise.all([one.close(), two.close()]);
  });

  it('is given back when it was replaced while it was taken', async () => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    await two.open();
    folder.die();
    folder.slow();
    const { serve } = folder.parts;
    jest.spyOn(folder.parts, 'serve').mockImplementation((options) => {
      folder.identity = { id: 'another' };
      return serve(options);
    });
    const dialled = two.dial();
    folder.served();
    await expect(dialled).rejects.toMatchObject({ kind: 'storage', detail: 'gone' });
    expect([folder.holder, two.role]).toEqual([undefined, 'member']);
    await Promise.all([one.close(), two.close()]);
  });

  it.each<[string, FolderIdentity, FolderIdentity]>([
    ['notes nothing', 'missing', { id: 'the first' }],
    ['cannot be read just now', { id: 'the first' }, undefined],
  ])('cannot be told while it %s', async (_why, first, second) => {
    const folder = new ScriptedFolder();
    folder.identity = first;
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    await two.open();
    folder.die();
    folder.identity = second;
    (await two.dial()).destroy();
    expect(two.role).toBe('owner');
    await Promise.all([one.close(), two.close()]);
  });
});

describe('a socket that was removed', () => {
  it('is made anew within a second by who has the folder, which goes on', async () => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    folder.isListening = false;
    await within(folder.clock, 2000, two.open());
    expect([one.role, two.role]).toEqual(['owner', 'member']);
    expect(folder.logged.join()).toContain('was removed; there is a new one');
    await Promise.all([two.close(), one.close()]);
    expect(folder.clock.pending).toBe(0);
  });
});

describe('who has a shared folder', () => {
  it('is the first who opens it; the others connect to that one', async () => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    await two.open();
    expect([one.role, two.role]).toEqual(['owner', 'member']);
    expect(folder.attempts).toBe(1);
    (await two.dial()).destroy();
    expect(folder.connections).toBe(3);
    await Promise.all([two.close(), one.close()]);
    expect(folder.holder).toBeUndefined();
  });

  it('is asked once, however many want to connect, and asked for by nobody while it answers', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    folder.slow();
    const opening = Promise.all([share.open(), share.dial(), share.dial()]);
    await turn();
    folder.served();
    for (const socket of (await opening).slice(1)) (socket as Socket).destroy();
    expect(folder.attempts).toBe(1);
    await share.close();
  });

  it('keeps the process alive while it shares the folder, connected or not', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    const clock: Clock = folder.clock;
    const schedule = jest.spyOn(clock, 'schedule');
    await share.open();
    expect(schedule.mock.calls.filter(([, , how]) => how?.keepAlive === true)).toHaveLength(1);
    // And one that keeps nothing alive looks after the socket.
    expect(folder.clock.pending).toBe(2);
    await share.close();
    expect(folder.clock.pending).toBe(0);
  });

  it('keeps it, whoever found nobody a moment before it took it', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    let late!: () => void;
    const { connect } = folder.parts;
    const first = jest.spyOn(folder.parts, 'connect').mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          late = () => {
            resolve(undefined);
          };
        }),
    );
    const slow = share.dial();
    await turn();
    first.mockImplementation(connect);
    await share.open();
    late();
    (await slow).destroy();
    expect(folder.attempts).toBe(1);
    expect(folder.logged.join()).not.toContain('is gone');
    await share.close();
  });

  it('is the next who misses it, at once, and without another walk over all of the data', async () => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(true), folder.share(true)];
    await one.open();
    await two.open();
    const roles: string[] = [];
    two.roles$.subscribe({ next: (role) => roles.push(role), complete: () => roles.push('end') });
    folder.die();
    (await two.dial()).destroy();
    expect(two.role).toBe('owner');
    expect(folder.verified).toEqual([true, false]);
    expect(folder.logged.at(-1)).toContain('this process has the shared folder');
    await two.close();
    expect(roles).toEqual(['member', 'owner', 'end']);
    await one.close();
  });

  it('is waited for while it opens the folder, by looks that are drawn by chance', async () => {
    const folder = new ScriptedFolder();
    folder.takenBy('/outside');
    folder.isListening = false;
    const share = folder.share();
    const opening = share.open();
    for (let i = 0; i < 10; i++) await within(folder.clock, LOOK_AGAIN, turn());
    const before = folder.clock.now();
    await expect(within(folder.clock, LOOK_AGAIN * 3, opening)).rejects.toThrow('not within');
    const looks = folder.attempts;
    expect(looks).toBeGreaterThan((folder.clock.now() - before) / LOOK_AGAIN);
    folder.isListening = true;
    await within(folder.clock, LOOK_AGAIN, opening);
    expect(share.role).toBe('member');
    await share.close();
  });

  it('is given up when it has not answered for a minute', async () => {
    const folder = new ScriptedFolder();
    folder.takenBy('/outside');
    folder.isListening = false;
    const share = folder.share();
    await expect(within(folder.clock, 61_000, share.open())).rejects.toMatchObject({
      ...{ kind: 'timeout', detail: 'owner_silent', retryable: true },
    });
    await share.close();
  });

  it.each([
    ['has said so', () => newOwnerRecord()],
    ['has said nothing', () => undefined],
  ])('refuses the others when it does not share it and %s', async (_, record) => {
    const folder = new ScriptedFolder();
    folder.takenBy(undefined);
    folder.isListening = false;
    const found = record();
    folder.owner = found && { record: found, isElsewhere: false };
    const share = folder.share();
    await expect(within(folder.clock, 100, share.open())).rejects.toMatchObject({
      ...{ kind: 'storage', detail: 'locked', message: expect.stringContaining('does not share it') },
    });
    expect(folder.attempts).toBe(1);
    await share.close();
  });

  it('is not taken for one that does not share the folder, in the moment between lock and name', async () => {
    const folder = new ScriptedFolder();
    folder.takenBy(undefined);
    folder.isListening = false;
    const share = folder.share();
    const opening = share.open();
    await turn();
    folder.takenBy('/outside');
    folder.isListening = true;
    await within(folder.clock, 200, opening);
    expect(share.role).toBe('member');
    await share.close();
  });

  it('is not waited for where it is another machine, of which no socket is reached', async () => {
    const folder = new ScriptedFolder();
    folder.takenBy('/outside', true);
    folder.isListening = false;
    const share = folder.share();
    await expect(within(folder.clock, 100, share.open())).rejects.toThrow('in use');
    await share.close();
  });

  it('begins anew when it cannot listen again', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    await share.open();
    folder.isListening = false;
    folder.healing = new Error('no room');
    (await share.dial()).destroy();
    expect(folder.attempts).toBe(2);
    expect(share.role).toBe('owner');
    expect(folder.logged.join()).toMatch(/no room.*is gone/);
    await share.close();
    expect(folder.holder).toBeUndefined();
  });

  it('makes a new socket when its own was removed', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    await share.open();
    folder.isListening = false;
    (await share.dial()).destroy();
    expect(folder.attempts).toBe(1);
    expect(share.role).toBe('owner');
    expect(folder.logged.join()).toContain('there is a new one');
    await share.close();
  });
});

describe('a shared folder that cannot be opened', () => {
  it('is told of at once, and left alone for a while', async () => {
    const folder = new ScriptedFolder();
    folder.fault = corrupt();
    const share = folder.share();
    await expect(share.open()).rejects.toBe(folder.fault);
    await expect(share.open()).rejects.toBe(folder.fault);
    expect(folder.attempts).toBe(1);
    await folder.clock.advance(1000);
    await expect(share.open()).rejects.toBe(folder.fault);
    await folder.clock.advance(1000);
    await expect(share.open()).rejects.toBe(folder.fault);
    expect(folder.attempts).toBe(2);
    await folder.clock.advance(1000);
    folder.fault = undefined;
    await share.open();
    await share.close();
  });

  it('is an owner that is away, for those who have opened it before', async () => {
    const folder = new ScriptedFolder();
    const [one, two] = [folder.share(), folder.share()];
    await one.open();
    await two.open();
    folder.die();
    folder.fault = corrupt();
    await expect(two.dial()).rejects.toMatchObject({
      ...{ kind: 'network', detail: 'owner_away', retryable: true, cause: folder.fault },
    });
    expect(folder.logged.at(-1)).toContain('could not be taken over: damaged');
    await Promise.all([one.close(), two.close()]);
  });
});

describe('a share that is closed', () => {
  it('gives back what it was just taking', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    folder.slow();
    const dialing = share.dial();
    await turn();
    const closing = share.close();
    folder.served();
    const connection = await dialing.catch((error: unknown) => error);
    if (connection instanceof Socket) connection.destroy();
    await closing;
    expect(folder.holder).toBeUndefined();
    expect(share.role).toBe('member');
  });

  it('takes nothing any more', async () => {
    const folder = new ScriptedFolder();
    const share = folder.share();
    await share.close();
    await expect(share.dial()).rejects.toMatchObject({ kind: 'closed' });
    expect(folder.attempts).toBe(0);
  });
});
