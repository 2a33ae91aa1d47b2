import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { DustError } from '../../../src/errors.js';
import { askForBackup } from '../../../src/share/ask-for-backup.js';
import { BackupDesk } from '../../../src/share/backup-desk.js';
import { ownerAway } from '../../../src/share/errors.js';
import type { Store } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/index.js';
import type { Dial } from '../../../src/transport/dialing-agent.js';

let server: Server;
let clock: TestClock;
let desk: BackupDesk;
/** What the store was asked for, and what answers it. */
let asked: { out: string; done: () => void; fail: (error: Error) => void }[];
let onAsked: () => void;
let responses: ServerResponse[];

beforeEach(async () => {
  clock = new TestClock();
  asked = [];
  responses = [];
  onAsked = () => undefined;
  const store: Pick<Store, 'backup'> = {
    backup: (out) =>
      new Promise((done, fail) => {
        asked.push({ out, done, fail });
        onAsked();
      }),
  };
  desk = new BackupDesk(store, clock);
  server = createServer((request, response) => {
    responses.push(response);
    if (!desk.answers(request, response)) response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  expect(clock.pending).toBe(0);
});

const dial: Dial = async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

/** Begins a backup; resolves when the store was asked for it. */
async function begun(): Promise<{ readonly outcome: Promise<unknown> }> {
  const reached = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  const outcome = askForBackup(dial, '/backups/monday').then(
    () => 'done',
    (error: unknown) => error,
  );
  await reached;
  return { outcome };
}

describe('a backup that the owner of a folder is asked for', () => {
  it('is made where whoever asks has said, and is waited for', async () => {
    const { outcome } = await begun();
    expect(asked.map(({ out }) => out)).toEqual(['/backups/monday']);
    let isDone = false;
    const waiting = desk.done().then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    asked[0]!.done();
    expect(await outcome).toBe('done');
    await waiting;
  });

  it('fails as it fails there', async () => {
    const { outcome } = await begun();
    asked[0]!.fail(new DustError('storage', 'the disk is full', { detail: 'write_failed' }));
    expect(await outcome).toMatchObject({
      ...{ kind: 'storage', detail: 'write_failed', message: 'the disk is full' },
    });
  });

  it('shows a sign of life every five seconds, however long it takes', async () => {
    const { outcome } = await begun();
    const write = jest.spyOn(responses[0]!, 'write');
    await clock.advance(4_999);
    expect(write).not.toHaveBeenCalled();
    await clock.advance(30_001);
    expect(write).toHaveBeenCalledTimes(7);
    asked[0]!.done();
    expect(await outcome).toBe('done');
  });

  it('is none when the owner ends meanwhile', async () => {
    const { outcome } = await begun();
    server.closeAllConnections();
    expect(await outcome).toMatchObject({
      ...{ kind: 'storage', detail: 'write_failed', retryable: true },
      message: expect.stringContaining('No backup was made at "/backups/monday"'),
    });
    asked[0]!.done();
    await desk.done();
  });

  it('is none where there is no owner', async () => {
    const away = ownerAway('/data');
    await expect(askForBackup(() => Promise.reject(away), '/backups/monday')).rejects.toBe(away);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no folder', '{}'],
    ['too much', JSON.stringify({ out: 'x'.repeat(65 * 1024) })],
  ])('is refused to who sends %s', async (_, body) => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/shared/backup`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ failed: { kind: 'storage', detail: 'write_failed' } });
    expect(asked).toEqual([]);
  });

  it('is all that is answered here', async () => {
    const { port } = server.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/shared/backup`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`, { method: 'POST' })).status).toBe(404);
  });
});
