import { EventEmitter } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Subject, finalize } from 'rxjs';
import type { Commit } from '../../../src/protocol/requests/operation.js';
import { ChangeStream } from '../../../src/studio/http/change-stream.js';
import type { Transport } from '../../../src/transport/transport.js';
import { TestClock } from '../../../src/testing/index.js';
import type { Visitor } from './studio-world.js';
import { StudioWorld, visit } from './studio-world.js';

const world = StudioWorld.use();

/** What a stream of events has told, as it comes. */
const listen = async ({ origin, cookie }: Visitor) => {
  const messages: any[] = [];
  let wake = (): void => {};
  const response = await new Promise<IncomingMessage>((resolve) => {
    get(
      `${origin}/api/changes`,
      { headers: { cookie, 'sec-fetch-site': 'same-origin' }, agent: false },
      resolve,
    );
  });
  const ended = new Promise((resolve) => response.once('close', resolve));
  response.setEncoding('utf8').on('data', (text: string) => {
    for (const [, json] of text.matchAll(/^data: (.*)$/gm)) messages.push(JSON.parse(json!));
    wake();
  });
  response.on('error', () => undefined);
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { response, messages, until, ended };
};

it('tells of each commit, and how the store is reached', async () => {
  const dataSource = await world.source({ entities: [] });
  const visitor = await world.visitor(dataSource);
  const { response, messages, until } = await listen(visitor);
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  await until(() => messages.length === 1);
  await dataSource.transport.batchWrite([
    { op: 'set', path: 'a/b', value: 1 },
    { op: 'delete', path: 'a/c' },
  ]);
  await until(() => messages.length === 2);
  const { deviceId } = dataSource.transport;
  expect(messages).toEqual([
    { kind: 'state', state: 'live' },
    {
      kind: 'commit',
      first: 1,
      last: 2,
      operations: [
        { storeSeq: 1, op: 'set', path: 'a/b', deviceId },
        { storeSeq: 2, op: 'delete', path: 'a/c', deviceId },
      ],
    },
  ]);
  response.destroy();
});

it('ends with the studio, and with the store', async () => {
  const dataSource = await world.source({ entities: [] });
  const studio = await world.studio(dataSource);
  const first = await listen(await visit(studio.address));
  await studio.close();
  await first.ended;
  const second = await listen(await world.visitor(dataSource));
  await dataSource.destroy();
  await second.ended;
  expect(second.messages.at(-1)).toEqual({ kind: 'state', state: 'closed' });
});

describe('a browser that does not read', () => {
  /** An answer whose other end reads when it is told to. */
  class SlowBrowser extends EventEmitter {
    reads = false;
    ended = false;
    text = '';
    writeHead(): void {}
    write(text: string): boolean {
      this.text += text;
      return this.reads;
    }
    end(): void {
      this.ended = true;
    }
    get messages(): any[] {
      return [...this.text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!));
    }
  }

  const setUp = () => {
    const commits = new Subject<Commit>();
    let watchers = 0;
    const transport = {
      capabilities: { realtime: true },
      status$: new Subject(),
      watch: () => {
        watchers++;
        return commits.pipe(finalize(() => watchers--));
      },
    } as unknown as Transport;
    const clock = new TestClock();
    const browser = new SlowBrowser();
    const stream = new ChangeStream(browser as unknown as ServerResponse, { transport, clock });
    let seq = 0;
    const commit = (operations = 1, path = 'a') => {
      const first = seq + 1;
      seq += operations;
      commits.next({
        first,
        last: seq,
        operations: Array.from({ length: operations }, (_, i) => ({
          storeSeq: first + i,
          op: 'set' as const,
          path,
          value: 1,
          deviceId: null,
          clientOpId: null,
        })),
      });
    };
    return { browser, stream, commit, clock, watchers: () => watchers };
  };

  it('is told so much as has room, and then how much it missed', () => {
    const { browser, commit } = setUp();
    for (let n = 0; n < 600; n++) commit(2);
    expect(browser.messages).toHaveLength(0);
    browser.reads = true;
    browser.emit('drain');
    const { messages } = browser;
    expect(messages).toHaveLength(501);
    expect(messages[499]).toMatchObject({ kind: 'commit', last: 1000 });
    expect(messages[500]).toEqual({ kind: 'behind', missed: 200 });
    commit();
    expect(browser.messages.at(-1)).toMatchObject({ kind: 'commit', last: 1201 });
  });

  it('takes no more memory for long paths', () => {
    const { browser, commit } = setUp();
    for (let n = 0; n < 400; n++) commit(1, 'x'.repeat(10_000));
    browser.reads = true;
    browser.emit('drain');
    expect(browser.text.length).toBeLessThan(1.2 * 1024 * 1024);
    expect(browser.messages.at(-1)).toMatchObject({ kind: 'behind' });
  });

  it('that went away is not watched for any more', async () => {
    const { browser, clock, watchers } = setUp();
    expect(watchers()).toBe(1);
    browser.emit('close');
    expect({ watchers: watchers(), ended: browser.ended }).toEqual({ watchers: 0, ended: true });
    const told = browser.text;
    await clock.advance(60_000);
    expect(browser.text).toBe(told);
  });

  it('hears that the studio is still there', async () => {
    const { browser, clock, stream } = setUp();
    browser.reads = true;
    browser.emit('drain');
    await clock.advance(31_000);
    expect(browser.text.match(/: still here/g)).toHaveLength(2);
    stream.end();
  });
});
