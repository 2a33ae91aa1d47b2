import { ChangeHub } from '#src/store/change-hub.js';
import { MemoryLeafTree } from '#src/store/memory/memory-leaf-tree.js';
import { applyChanges, changesOf } from '#src/store/operation-effects.js';
import { Pattern } from '#src/protocol/pattern.js';
import type { Group, Row } from './measure.js';
import { rateRow } from './measure.js';

const OPERATIONS = 200_000;
const RECORDS = 10_000;

export const applyOperations: Group = {
  name: 'apply a committed operation to a tree with subscriptions, each on a record of its own',
  run() {
    return Promise.resolve([1, 1_000, 10_000].map(applyWith));
  },
};

function applyWith(subscriptions: number): Row {
  const tree = new MemoryLeafTree();
  const hub = new ChangeHub((error) => {
    throw error;
  });
  let heard = 0;
  for (let i = 0; i < subscriptions; i++) {
    hub.watch(Pattern.parse(`bench/links/record-${i}/**`), () => heard++);
  }
  hub.watchRecords('bench/links', () => heard++);

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
    const pending = hub.collect(operation, changes, tree);
    if (pending !== undefined) hub.publish(pending);
  };
  for (let seq = 1; seq <= RECORDS; seq++) apply(seq);

  const started = process.hrtime.bigint();
  for (let seq = RECORDS + 1; seq <= RECORDS + OPERATIONS; seq++) apply(seq);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (heard < OPERATIONS) throw new Error('a subscription missed an operation');
  return rateRow(`${subscriptions.toLocaleString('en')} subscriptions`, OPERATIONS / seconds, 400_000);
}
