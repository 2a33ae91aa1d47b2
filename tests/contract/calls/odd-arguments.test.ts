import { firstValueFrom } from 'rxjs';
import type { Transport, TransportCapabilities } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';

/** Arguments as JavaScript hands them over, where nobody has looked at their types. */
const untyped = (value: unknown): never => value as never;

type Call = readonly [
  name: string,
  call: (transport: Transport, odd: never) => Promise<unknown>,
  needs?: keyof TransportCapabilities,
];

const WITH_OPTIONS: readonly Call[] = [
  ['status', (t, odd) => t.status(odd)],
  ['get', (t, odd) => t.get('a', odd)],
  ['getMany', (t, odd) => t.getMany(['a'], odd)],
  ['exists', (t, odd) => t.exists('a', odd)],
  ['subtree', (t, odd) => t.subtree('a', odd)],
  ['list', (t, odd) => t.list(odd)],
  ['listKeys', (t, odd) => t.listKeys(odd)],
  ['set', (t, odd) => t.set('a', 1, odd)],
  ['delete', (t, odd) => t.delete('a', odd)],
  ['merge', (t, odd) => t.merge('a', { b: 1 }, odd), 'merge'],
  ['increment', (t, odd) => t.increment('a', 1, odd), 'counters'],
  ['add', (t, odd) => t.add('a', 1, odd), 'counters'],
  ['remove', (t, odd) => t.remove('a', 1, odd), 'counters'],
  ['batchWrite', (t, odd) => t.batchWrite([{ op: 'set', path: 'a', value: 1 }], odd), 'atomicBatch'],
  ['lease', (t, odd) => t.lease('a', odd), 'leases'],
  ['renew', (t, odd) => t.renew('a', 1, odd), 'leases'],
  ['release', (t, odd) => t.release('a', 1, odd), 'leases'],
  ['putFile', (t, odd) => t.putFile('a', new Uint8Array(1), odd), 'files'],
  ['getFile', (t, odd) => t.getFile(`sha256:${'0'.repeat(64)}`, odd)],
];

const WITH_PATH: readonly Call[] = [
  ['get', (t, odd) => t.get(odd)],
  ['exists', (t, odd) => t.exists(odd)],
  ['subtree', (t, odd) => t.subtree(odd)],
  ['getMany', (t, odd) => t.getMany([odd])],
  ['list of a pattern', (t, odd) => t.list({ pattern: odd })],
  ['listKeys of a pattern', (t, odd) => t.listKeys({ pattern: odd })],
  ['set', (t, odd) => t.set(odd, 1)],
  ['delete', (t, odd) => t.delete(odd)],
  ['merge', (t, odd) => t.merge(odd, { b: 1 }), 'merge'],
  ['increment', (t, odd) => t.increment(odd, 1), 'counters'],
  ['add', (t, odd) => t.add(odd, 1), 'counters'],
  ['remove', (t, odd) => t.remove(odd, 1), 'counters'],
  ['batchWrite', (t, odd) => t.batchWrite([{ op: 'delete', path: odd }]), 'atomicBatch'],
  ['lease', (t, odd) => t.lease(odd), 'leases'],
  ['renew', (t, odd) => t.renew(odd, 1), 'leases'],
  ['release', (t, odd) => t.release(odd, 1), 'leases'],
  ['putFile', (t, odd) => t.putFile(odd, new Uint8Array(1), { filename: 'f' }), 'files'],
  ['watch', (t, odd) => firstValueFrom(t.watch(odd)), 'realtime'],
  ['watchRecords', (t, odd) => firstValueFrom(t.watchRecords(odd)), 'realtime'],
];

const WITH_CURSOR: readonly Call[] = [
  ['list after', (t, odd) => t.list({ pattern: '**', after: odd })],
  ['listKeys after', (t, odd) => t.listKeys({ pattern: '**', after: odd })],
  ['list from', (t, odd) => t.list({ from: odd, to: 'b' })],
  ['list in order', (t, odd) => t.list({ pattern: '**', order: odd })],
  ['list with a limit', (t, odd) => t.list({ pattern: '**', limit: odd })],
];

const WITH_VALUE: readonly Call[] = [
  ['set', (t, odd) => t.set('a', odd)],
  ['set where nothing is', (t, odd) => t.set('a', odd, { ifAbsent: true })],
  ['merge', (t, odd) => t.merge('a', odd), 'merge'],
  ['set in a batch', (t, odd) => t.batchWrite([{ op: 'set', path: 'a', value: odd }]), 'atomicBatch'],
  ['merge in a batch', (t, odd) => t.batchWrite([{ op: 'merge', path: 'a', value: odd }]), 'batchMerge'],
];

const WITH_MEMBER: readonly Call[] = [
  ['increment', (t, odd) => t.increment('a', odd), 'counters'],
  ['add', (t, odd) => t.add('a', odd), 'counters'],
  ['remove', (t, odd) => t.remove('a', odd), 'counters'],
  ['add in a batch', (t, odd) => t.batchWrite([{ op: 'add', path: 'a', value: odd }]), 'batchCounters'],
];

const WITH_FENCE: readonly Call[] = [
  ['set', (t, fence) => t.set('a', 1, { fence }), 'leases'],
  ['delete', (t, fence) => t.delete('a', { fence }), 'leases'],
  ['lease', (t, fence) => t.lease('l', { fence }), 'leases'],
];

const WITH_ITEMS: readonly Call[] = [
  ['getMany', (t, odd) => t.getMany(odd)],
  ['batchWrite', (t, odd) => t.batchWrite(odd), 'atomicBatch'],
];

describeContract('arguments of another kind', (context) => {
  /** The kind of what each of these makes of the call; a call that throws at once is no rejection. */
  const outcomes = async ([name, call]: Call, odds: readonly unknown[]): Promise<readonly unknown[]> => {
    const transport = await context.otherWriter();
    const kinds: unknown[] = [];
    for (const odd of odds) {
      const rejected = call(transport, untyped(odd)).then(
        () => 'done',
        (error: unknown) => (error as { kind?: unknown }).kind ?? String(error),
      );
      kinds.push([name, odd, await rejected]);
    }
    return kinds;
  };
  const each = (calls: readonly Call[], odds: readonly unknown[], kind: string): void => {
    for (const call of calls) {
      const [name, , needs] = call;
      const title = `of ${name} is refused`;
      const test = async (): Promise<void> => {
        expect(await outcomes(call, odds)).toEqual(odds.map((odd) => [name, odd, kind]));
      };
      if (needs === undefined) it(title, test);
      else context.itWith(needs, title, test);
    }
  };

  describe('options', () => {
    each(WITH_OPTIONS, [null, [], 'text', { signal: 1 }, { signal: null }], 'invalid_options');
    // What holds options otherwise than in properties of its own would be taken for none.
    each(
      WITH_OPTIONS,
      [Promise.resolve({}), new Map([['limit', 1]]), new Date(), Object.create({ signal: null })],
      'invalid_options',
    );
    each(
      WITH_OPTIONS.filter(([name]) => ['list', 'listKeys', 'putFile'].includes(name)),
      [undefined],
      'invalid_options',
    );
  });

  describe('a path', () => {
    each(WITH_PATH, [null, undefined, 5, {}, ['a']], 'invalid_params');
  });

  describe('a query', () => {
    each(WITH_CURSOR, [null, 0, {}, ['a']], 'invalid_params');
  });

  describe('no value', () => {
    each(WITH_VALUE, [undefined], 'invalid_value');
    each(WITH_MEMBER, [undefined], 'invalid_params');
  });

  describe('a fence', () => {
    each(WITH_FENCE, [null, 'k', 5, {}], 'invalid_params');
  });

  describe('an operation that no batch takes', () => {
    context.itWith('atomicBatch', 'is refused, whatever batches take there', async () => {
      const transport = await context.otherWriter();
      const refused = { kind: 'invalid_params', detail: 'unsupported_batch_op', opIndex: 1 };
      for (const op of ['nope', 'lease', undefined, null, 5]) {
        const operations = [{ op: 'set', path: 'a', value: 1 }, { op }];
        await expect(transport.batchWrite(untyped(operations))).rejects.toMatchObject(refused);
        expect(await transport.get('a')).toBeNull();
      }
    });
  });

  describe('a list', () => {
    each(WITH_ITEMS, [null, undefined, 5, {}, 'ab', [null], [5]], 'invalid_params');
  });
});
