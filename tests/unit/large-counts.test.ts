import { systemClock } from '../../src/clock.js';
import { EmbeddedTransport } from '../../src/index.js';
import { buildEntityMetadata } from '../../src/metadata/index.js';
import { decodeBase64 } from '../../src/protocol/values/base64.js';
import { commitWrites } from '../../src/repository/commit/commit.js';
import type { PreparedWrite } from '../../src/repository/prepare/prepared-write.js';
import { writeResult } from '../../src/repository/requests/results.js';
import { MemoryLeafTree, changesOf } from '../../src/store/index.js';
import { connected, leaf, page } from './transport/http/stub-client.js';
import { Link } from './repository/support.js';

/** More than what a call may have as arguments. */
const MANY = 150_000;

const times = <T>(make: (i: number) => T): T[] => Array.from({ length: MANY }, (_, i) => make(i));

describe('what is done to hundred thousands at once does not end with the stack', () => {
  it('the result of a write', () => {
    const result = writeResult(times((i) => ({ slug: String(i), revision: MANY - i })));
    expect(result).toMatchObject({ storeSeq: MANY, revision: 1, affected: MANY });
  });

  it('writes that are sent one by one', async () => {
    const transport = new EmbeddedTransport();
    const metadata = buildEntityMetadata(Link);
    jest.spyOn(transport, 'delete').mockResolvedValue({ storeSeq: 1 });
    const writes = times((i): PreparedWrite => ({
      transport,
      metadata,
      slug: String(i),
      path: 'p',
      steps: () => [{ kind: 'delete', path: 'p' }],
      operations: undefined,
      settle: () => undefined,
      explain: (error) => Promise.resolve(error),
    }));
    expect(await commitWrites(writes, systemClock)).toHaveLength(MANY);
  });

  it('a merge that takes the place of leaves', () => {
    const tree = new MemoryLeafTree();
    for (let i = 0; i < MANY; i++) {
      tree.put({ path: `a/b/${i}`, value: i, type: 'integer', revision: 1 });
    }
    const changes = changesOf({ storeSeq: 2, op: 'merge', path: 'a', value: { b: { c: 1 } } }, tree);
    expect(changes).toHaveLength(MANY + 1);
  });

  it('a page of a server that knows no measure', async () => {
    const { transport, client } = await connected();
    client.script(page(times((i) => leaf(`r/a/${i}`, i, 1))));
    expect(await transport.subtree('r/a')).toHaveLength(MANY);
  });
});

test('base64 of any length is decoded, and nothing else', () => {
  const bytes = Buffer.alloc(12 * 1024 * 1024 + 1, 'abc');
  const text = bytes.toString('base64');
  expect(decodeBase64(text)?.equals(bytes)).toBe(true);
  expect(decodeBase64('')).toEqual(Buffer.alloc(0));
  for (const none of [
    `${text}=`,
    `${text.slice(0, -1)}-`,
    'A',
    'AA',
    'AAA',
    'A===',
    '====',
    'AA=A',
    'AA==AAAA',
    'A A=',
  ]) {
    expect(decodeBase64(none)).toBeUndefined();
  }
});
