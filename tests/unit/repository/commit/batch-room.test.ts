import type { JsonValue } from '../../../../src/protocol/values/value.js';
import { BatchRoom } from '../../../../src/repository/commit/batch-room.js';
import type { PreparedWrite } from '../../../../src/repository/prepare/prepared-write.js';
import { DustEntity, Field, Slug } from '../../../../src/index.js';
import { useDataSources } from '../support.js';

/** A map of so many leaves. */
const wide = (leaves: number) => Object.fromEntries(Array.from({ length: leaves }, (_, i) => [`k${i}`, i]));

/** A write of operations that make so many leaves each. */
const write = (...leaves: number[]): PreparedWrite =>
  writeOf(leaves.map((count) => ({ op: 'set', path: 'a', value: wide(count) })));

const writeOf = (operations: readonly unknown[] | undefined, atomicBatch = true): PreparedWrite =>
  ({ transport: { capabilities: { atomicBatch } }, operations }) as unknown as PreparedWrite;

test('a batch has room for so many leaves', () => {
  const room = new BatchRoom();
  expect([room.take(write(60_000)), room.take(write(40_001))]).toEqual([true, false]);
  expect([room.take(write(39_999, 1)), room.take(write(1)), room.take(write(0))]).toEqual([
    true,
    false,
    true,
  ]);
});

test('a batch has room for so many operations', () => {
  const room = new BatchRoom();
  const many = Array.from({ length: 999 }, () => 1);
  expect([
    room.take(write(...many)),
    room.take(write(1, 1)),
    room.take(write(1)),
    room.take(write(1)),
  ]).toEqual([true, false, true, false]);
});

test('a batch says how many operations it has taken', () => {
  const room = new BatchRoom(3);
  const taken = [write(1), write(1, 1, 1), write(1, 1), write(1)].map((each) => [
    room.take(each),
    room.taken,
  ]);
  expect(taken).toEqual([
    [true, 1],
    [false, 1],
    [true, 3],
    [false, 3],
  ]);
});

test('what writes no value has no leaves', () => {
  const room = new BatchRoom();
  const removals = [
    { op: 'delete', path: 'a' },
    { op: 'check', path: 'b', revision: 1 },
  ];
  expect([room.take(write(100_000)), room.take(writeOf(removals)), room.take(write(1))]).toEqual([
    true,
    true,
    false,
  ]);
});

test('what is sent by itself takes no room', () => {
  const room = new BatchRoom(1);
  const alone = [writeOf(undefined), writeOf([{ op: 'set', path: 'a', value: wide(100_001) }], false)];
  expect(alone.map((each) => room.take(each))).toEqual([true, true]);
  expect([room.taken, room.take(write(1))]).toEqual([0, true]);
});

@DustEntity('wide')
class Wide {
  @Slug() id!: string;
  @Field({ type: 'json' }) data!: JsonValue;
}

const connect = useDataSources();

test('insertMany ends a chunk with its leaves', async () => {
  const { manager, control } = await connect([Wide]);
  const records = [60_000, 40_000, 1].map((leaves, i) => ({ id: `r${i}`, data: wide(leaves) }));
  await manager.insertMany(Wide, records);
  const sent = control.writes.map(([name, operations]) =>
    name === 'batchWrite' ? (operations as unknown[]).length : 1,
  );
  expect(sent).toEqual([2, 1]);
  expect(await manager.count(Wide)).toBe(3);
});
