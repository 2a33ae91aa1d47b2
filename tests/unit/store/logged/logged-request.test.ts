import { MAX_BATCH_OPERATIONS, MAX_LEAVES_PER_WRITE } from '../../../../src/protocol/requests/listing.js';
import type { Command } from '../../../../src/store/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { workOf } from '../../../../src/store/logged/logged-request.js';
import { refusalOf } from '../open-store.js';

const BY = { deviceId: null, clientOpId: 'x' };

const made = (commands: readonly Command[]): unknown => {
  const work = workOf({ kind: 'commit', by: BY, commands, isBatch: true }, createMemoryStorage());
  return work.kind === 'write' ? work.make() : undefined;
};

const map = (leaves: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: leaves }, (_, i) => [`k${i}`, i]));

it('a batch in a log has no more operations than a store takes from its callers', async () => {
  const commands = Array.from({ length: MAX_BATCH_OPERATIONS }, () => ({ op: 'delete', path: 'a' }) as const);
  expect(made(commands)).toHaveLength(MAX_BATCH_OPERATIONS);
  expect(await refusalOf(() => made([...commands, { op: 'delete', path: 'a' }]))).toMatchObject({
    kind: 'invalid_params',
    detail: 'batch_size',
  });
});

it('a batch in a log makes no more leaves than a store takes from its callers', async () => {
  const half = { op: 'set', path: 'a', value: map(MAX_LEAVES_PER_WRITE / 2) } as const;
  expect(made([half, half])).toHaveLength(2);
  expect(
    await refusalOf(() => made([half, half, { op: 'merge', path: 'b', value: { c: 1 } }])),
  ).toMatchObject({
    kind: 'invalid_params',
    detail: 'too_many_leaves',
  });
});
