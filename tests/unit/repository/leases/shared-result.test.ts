import { createHash } from 'node:crypto';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import {
  jsonResult,
  publishSharedResult,
  readSharedResult,
} from '../../../../src/repository/leases/shared-result.js';
import type { Transport } from '../../../../src/transport/transport.js';

const KEY = 'answers/one';
const NOTE = '_dust:sf-at/answers/one';
const FENCE = { key: 'l', token: 7 };
const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A transport over leaves in memory, which says what it was asked. */
function scene(stored: Readonly<Record<string, unknown>> = {}) {
  const leaves = new Map(Object.entries(stored));
  const asked: unknown[] = [];
  const transport = {
    get: (path: string, options: unknown) => {
      asked.push(['get', path, options]);
      return Promise.resolve(leaves.has(path) ? { value: leaves.get(path) } : null);
    },
    set: async (path: string, value: unknown, options: unknown) => {
      asked.push(['set', path, options]);
      await Promise.resolve();
      leaves.set(path, value);
    },
  };
  return { leaves, asked, transport: transport as unknown as Transport, fake: transport };
}

const publish = (transport: Transport, value: JsonValue, withTime: boolean) =>
  publishSharedResult(transport, KEY, { value, at: 100, withTime }, FENCE);
const read = (transport: Transport, withTime = true) => readSharedResult(transport, KEY, { withTime });

describe('a published result', () => {
  it('is one leaf of text, and its time another one where it counts, noted first', async () => {
    const { transport, leaves, asked } = scene();
    await publish(transport, { a: [1] }, false);
    expect([...leaves]).toEqual([[KEY, '{"a":[1]}']]);
    await publish(transport, { a: [2] }, true);
    expect(asked).toEqual([
      ['set', KEY, { fence: FENCE }],
      ['set', NOTE, { fence: FENCE }],
      ['set', KEY, { fence: FENCE }],
    ]);
    expect(JSON.parse(String(leaves.get(NOTE)))).toEqual({ at: 100, of: digestOf('{"a":[2]}') });
    expect(await read(transport)).toEqual({ value: { a: [2] }, at: 100 });
  });

  it('is not published where its time cannot be', async () => {
    const { transport, leaves, fake } = scene();
    const fenced = new Error('fenced');
    jest.spyOn(fake, 'set').mockImplementationOnce(() => Promise.reject(fenced));
    await expect(publish(transport, 1, true)).rejects.toBe(fenced);
    expect([...leaves]).toEqual([]);
  });

  it('that looks like an old one comes with its time, whether that counts or not', async () => {
    const { transport, leaves } = scene();
    const value = { value: 1, at: 5 };
    await publish(transport, value, false);
    expect([...leaves.keys()]).toEqual([NOTE, KEY]);
    expect(await read(transport, false)).toEqual({ value, at: 100 });
  });

  it.each([{ value: 1, at: 'x' }, { value: 1 }, { at: 5 }, { value: 1, at: 5, more: 1 }, [5], null])(
    'that looks like none comes without: %j',
    async (value) => {
      const { transport, leaves } = scene();
      await publish(transport, value, false);
      expect([...leaves.keys()]).toEqual([KEY]);
      expect(await read(transport, false)).toEqual({ value, at: undefined });
    },
  );
});

describe('a result that is read', () => {
  it('is none where nothing is', async () => {
    expect(await read(scene().transport)).toBeNull();
  });

  it.each([7, null, 'no JSON', '', '"\\ud800"'])('must be JSON in a text: %j is none', async (stored) => {
    await expect(read(scene({ [KEY]: stored }).transport)).rejects.toMatchObject({ kind: 'occupied' });
  });

  it('is asked for its time only where that counts', async () => {
    const { transport, asked } = scene({ [KEY]: '1' });
    expect(await readSharedResult(transport, KEY, { withTime: false, forWrite: true })).toEqual({
      value: 1,
      at: undefined,
    });
    expect(asked).toEqual([['get', KEY, { forWrite: true }]]);
    await readSharedResult(transport, KEY, { withTime: true, forWrite: true });
    expect(asked.slice(1)).toEqual([
      ['get', KEY, { forWrite: true }],
      ['get', NOTE, { forWrite: true }],
    ]);
  });

  it.each<[string, unknown]>([
    ['of another result', JSON.stringify({ at: 100, of: digestOf('2') })],
    ['without a time', JSON.stringify({ of: digestOf('1') })],
    ['with a time that is none', JSON.stringify({ at: '100', of: digestOf('1') })],
    ['of nothing', JSON.stringify({ at: 100 })],
    ['of something else', JSON.stringify({ at: 100, of: 1 })],
    ['that is no JSON', 'x'],
    ['that is no text', 7],
    ['that is nothing', 'null'],
  ])('has no time by a note %s', async (_, note) => {
    expect(await read(scene({ [KEY]: '1', [NOTE]: note }).transport)).toEqual({ value: 1, at: undefined });
  });

  it('of version 0.1 has its time in itself, unless a note tells that it is none of these', async () => {
    const old = JSON.stringify({ value: 'x', at: 5 });
    const other = JSON.stringify({ at: 100, of: digestOf('2') });
    for (const withTime of [true, false]) {
      expect(await read(scene({ [KEY]: old }).transport, withTime)).toEqual({ value: 'x', at: 5 });
      expect(await read(scene({ [KEY]: old, [NOTE]: other }).transport, withTime)).toEqual({
        value: 'x',
        at: 5,
      });
    }
  });
});

it('what was computed must be JSON, and is a copy', () => {
  const computed = { a: [1] };
  expect(jsonResult(KEY, computed)).toEqual(computed);
  expect(jsonResult(KEY, computed)).not.toBe(computed);
  expect(() => jsonResult(KEY, { a: NaN })).toThrow(expect.objectContaining({ kind: 'invalid_value' }));
});
