import type { ReplicatedLog } from '../../../../../src/cluster/log/replicated-log.js';
import { namesOf } from '../../../../../src/cluster/logs/nats/names.js';
import { openNatsLog } from '../../../../../src/cluster/logs/nats/index.js';
import { refusalOf } from '../../../store/open-store.js';
import { contentOf } from '../describe-shelf.js';
import { FakeNats } from './fake-nats.js';
import type { FakeStream } from './fake-stream.js';
import { refused } from './fake-stream.js';

const { stream, subjects } = namesOf('acme/app').shelf;

async function open(
  nats = new FakeNats(),
): Promise<{ nats: FakeNats; log: ReplicatedLog; held: () => FakeStream }> {
  const log = await openNatsLog({ url: 'nats://one', store: 'acme/app', driver: nats });
  return { nats, log, held: () => nats.streams.get(stream)! };
}

async function* pieces(...content: readonly (Buffer | string)[]): AsyncIterable<Uint8Array> {
  for (const piece of content) yield await Promise.resolve(Buffer.from(piece));
}

const partsOf = ({ messages }: FakeStream): number =>
  messages.filter((message) => message.subject.startsWith(`${subjects}.part.`)).length;

describe('a shelf in a stream', () => {
  it('cuts contents into parts of half a megabyte', async () => {
    const { log, held } = await open();
    await log.shelf.put('a', pieces(Buffer.alloc(1_200_000)));
    expect(partsOf(held())).toBe(3);
  });

  it('leaves no parts of what ended in the middle', async () => {
    const { nats, log, held } = await open();
    let parts = 0;
    nats.fateOf = (asked) =>
      asked.startsWith(`${subjects}.part.`) && ++parts === 2 ? 'unanswered' : undefined;
    expect(await refusalOf(log.shelf.put('a', pieces(Buffer.alloc(1_200_000))))).toMatchObject({
      kind: 'network',
    });
    expect(held().messages).toEqual([]);
  });

  it('keeps what it may have labelled: a label of which nobody knows counts', async () => {
    const { nats, log } = await open();
    nats.fateOf = (asked) => (asked.startsWith(`${subjects}.label.`) ? 'unanswered' : undefined);
    expect(await refusalOf(log.shelf.put('a', pieces('one')))).toMatchObject({ kind: 'network' });
    nats.fateOf = () => undefined;
    await log.shelf.put('a', pieces('other'));
    expect((await contentOf(log.shelf, 'a'))?.toString()).toBe('one');
  });

  it('has one of several different contents, whole, and no parts of the others', async () => {
    const { nats, log, held } = await open();
    const others = await Promise.all([open(nats), open(nats)]);
    const shelves = [log, ...others.map((other) => other.log)].map((each) => each.shelf);
    await Promise.all(shelves.map((shelf, i) => shelf.put('a', pieces(Buffer.alloc(1_200_000, i + 1)))));
    const content = await contentOf(log.shelf, 'a');
    expect(content).toHaveLength(1_200_000);
    expect(new Set(content).size).toBe(1);
    expect(partsOf(held())).toBe(3);
  });

  it.each([10_071, 10_164])(
    'leaves the name to whose label was first, once it is there: %d',
    async (code) => {
      const { nats, log, held } = await open();
      const other = await open(nats);
      nats.fateOf = (asked) =>
        asked.startsWith(`${subjects}.label.`) ? refused(code, 'wrong last sequence') : undefined;
      // The label that was in the way never comes: its leader was lost.
      expect(await refusalOf(log.shelf.put('a', pieces('lost')))).toMatchObject({ kind: 'network' });
      expect(held().messages).toEqual([]);
      nats.fateOf = (asked) => {
        if (!asked.startsWith(`${subjects}.label.`)) return undefined;
        nats.fateOf = () => undefined;
        return refused(code, 'wrong last sequence');
      };
      const putting = log.shelf.put('a', pieces('second'));
      await other.log.shelf.put('a', pieces('first'));
      await putting.catch(() => undefined);
      expect((await contentOf(log.shelf, 'a'))?.toString()).toBe('first');
      expect(partsOf(held())).toBe(1);
    },
  );

  it.each(['lost', 'changed', 'unreadable'])('tells that a content is damaged: %s', async (how) => {
    const { log, held } = await open();
    await log.shelf.put('a', pieces(Buffer.alloc(1_200_000)));
    const { messages } = held();
    if (how === 'lost') messages.splice(1, 1);
    if (how === 'changed') messages[1] = { ...messages[1]!, data: 'YQ==' };
    if (how === 'unreadable') messages.push({ ...messages.at(-1)!, data: 'YQ==' });
    expect(await refusalOf(contentOf(log.shelf, 'a'))).toMatchObject({
      kind: 'storage',
      detail: 'damaged_content',
      retryable: true,
    });
  });

  it('takes no name that is too long for a subject', async () => {
    const { log } = await open();
    expect(await refusalOf(log.shelf.put('ä'.repeat(257), pieces('a')))).toMatchObject({
      kind: 'invalid_params',
      detail: 'name_too_long',
    });
    await log.shelf.put('ä'.repeat(256), pieces('a'));
    expect(await log.shelf.list('ä')).toEqual([{ name: 'ä'.repeat(256), size: 1 }]);
  });

  it('asks for labels of what is listed only, a few at a time', async () => {
    const { nats, log } = await open();
    for (let i = 0; i < 70; i++) await log.shelf.put(`${i % 2}/${i}`, pieces('a'));
    const before = nats.asked.length;
    expect(await log.shelf.list('1/')).toHaveLength(35);
    expect(nats.asked.length - before).toBe(36);
  });

  it('is closed with its log', async () => {
    const { log } = await open();
    await log.shelf.put('a', pieces('a'));
    await log.close();
    for (const work of [
      log.shelf.put('b', pieces('b')),
      log.shelf.get('a'),
      log.shelf.list(''),
      log.shelf.remove('a'),
    ]) {
      expect(await refusalOf(work)).toMatchObject({ kind: 'closed' });
    }
  });
});
