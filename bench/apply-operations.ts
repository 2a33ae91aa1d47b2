import { ChangeHub } from '../src/store/commit/change-hub.js';
import { MemoryLeafTree } from '../src/store/memory/memory-leaf-tree.js';
import { applyChanges, changesOf } from '../src/store/operations/operation-effects.js';
import { Pattern } from '../src/protocol/paths/pattern.js';
import type { Group, Row } from './measure.js';
import { median, rateRow } from './measure.js';

const OPERATIONS = 100_000;
const RECORDS = 10_000;
const ROUNDS = 5;
const TARGET = 400_000;

/** An operation concerns one of the subscriptions at the most, whatever their number. */
export const applyOperations: Group = {
  name: 'apply a committed operation to a tree with subscriptions, each on a record of its own',
  run() {
    const rows = [1, 1_000, 10_000].map((subscriptions) =>
      rateRow(`${subscriptions.toLocaleString('en')} subscriptions`, rateWith(subscriptions), TARGET),
    );
    return Promise.resolve([...rows, recordRow()]);
  },
};

/** What a live query costs on top: the operation is told with an image of the record it changed. */
function recordRow(): Row {
  return rateRow('1,000 subscriptions and one to all records', rateWith(1_000, 'bench/links'));
}

function rateWith(subscriptions: number, recordPrefix?: string): number {
  let heard = 0;
  const hub = new ChangeHub((error) => {
    throw error;
  });
  for (let i = 0; i < subscriptions; i++) {
    hub.watch(Pattern.parse(`bench/links/record-${i}/**`), () => heard++);
  }
  if (recordPrefix !== undefined) hub.watchRecords(recordPrefix, () => heard++);

  const tree = new MemoryLeafTree();
  const apply = (storeSeq: number): void => {
    const operation = {
      storeSeq,
      op: 'set',
      path: `bench/links/record-${storeSeq % RECORDS}/title`,
      value: `title ${storeSeq}`,
      deviceId: 'bench',
      clientOpId: null,
    } as const;
    const changes = changesOf(operation, tree);
    applyChanges(changes, tree);
    const pending = hub.collect([{ operation, changes }], tree);
    if (pending !== undefined) hub.publish([pending]);
  };

  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = process.hrtime.bigint();
    for (let i = 1; i <= OPERATIONS; i++) apply(round * OPERATIONS + i);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (round > 0) rates.push(OPERATIONS / seconds);
  }
  const applied = OPERATIONS * (ROUNDS + 1);
  const ofRecords = recordPrefix === undefined ? 0 : applied;
  if (heard !== (applied / RECORDS) * subscriptions + ofRecords) {
    throw new Error('a subscription missed an operation, or heard of one twice');
  }
  return median(rates);
}
