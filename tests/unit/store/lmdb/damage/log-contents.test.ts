import { Findings } from '../../../../../src/store/lmdb/damage/findings.js';
import { LogContents, digestOf } from '../../../../../src/store/lmdb/damage/log-contents.js';
import { NOISE, entry, numberKeyOf } from './entries.js';

function scene() {
  const lost = new Findings();
  const log = new LogContents(lost);
  const see = (seq: number, stored: unknown): void => {
    log.see(entry(numberKeyOf(seq), stored));
  };
  return { lost, log, see };
}

describe('the operations of a log', () => {
  it('that can be read are known, with the leaves that they wrote as a whole', () => {
    const { lost, log, see } = scene();
    see(7, ['set', 'a', { b: 1, c: 'x' }, null, 'id']);
    see(8, ['merge', 'd', { e: true }, 'device', null]);
    see(9, ['increment', 'a/b', 2, null, null]);
    see(10, ['set', 'f', { '': 1 }, null, null]);
    expect([lost.told, log.count, log.last]).toEqual([[], 4, 10]);
    expect(log.operation(6)).toBeUndefined();
    expect(log.operation(7)).toEqual({
      path: 'a',
      written: new Map([
        ['a/b', digestOf(1)],
        ['a/c', digestOf('x')],
      ]),
    });
    expect(log.operation(8)?.written).toEqual(new Map([['d/e', digestOf(true)]]));
    expect(log.operation(9)).toEqual({ path: 'a/b', written: new Map() });
    expect(log.operation(10)).toEqual({ path: 'f', written: new Map() });
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }));
  });

  it.each<[string, unknown]>([
    ['no text', NOISE],
    ['no JSON', Buffer.from('["set"')],
    ['no list', { op: 'set' }],
    ['a list without anything', []],
    ['no operation', [1, 'a', 1, null, null]],
    ['no path', ['set', 1, 1, null, null]],
    ['a path that cannot be', ['set', 'a//b', 1, null, null]],
    ['a device that is no text', ['set', 'a', 1, 1, null]],
    ['a client id that is no text', ['set', 'a', 1, null, 1]],
    ['no client id', ['set', 'a', 1, null]],
  ])('are lost that are %s', (_, stored) => {
    const { lost, log, see } = scene();
    see(1, stored);
    expect(lost.told).toEqual(['operation 1 of the log (it cannot be read)']);
    expect([log.count, log.last, log.operation(1)]).toEqual([1, 1, undefined]);
  });

  it('count, even where their bytes are lost, of which others have told', () => {
    const { lost, log, see } = scene();
    see(3, undefined);
    see(4, ['set', 'a', 1, null, null]);
    expect([lost.told, log.count, log.last]).toEqual([[], 2, 4]);
  });

  it.each([
    [[1, 2, 3], []],
    [[5, 6], []],
    [[1, 3], ['operations of the log from 2 to 2 (they are missing)']],
    [[1, 5], ['operations of the log from 2 to 4 (they are missing)']],
  ])('%j miss %j', (seqs, expected) => {
    const { lost, see } = scene();
    for (const seq of seqs) see(seq, ['delete', 'a', null, null, null]);
    expect(lost.told).toEqual(expected);
  });

  it.each([numberKeyOf(0), numberKeyOf(1.5), numberKeyOf(2 ** 60), Buffer.from('text')])(
    'whose seq cannot be are told of, and count for nothing (%#)',
    (key) => {
      const { lost, log } = scene();
      log.see(entry(key, ['delete', 'a', null, null, null]));
      expect(lost.told).toEqual(['an operation of the log (its seq cannot be read)']);
      expect([log.count, log.last]).toEqual([0, undefined]);
    },
  );
});
