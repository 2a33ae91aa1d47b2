import { BatchRoom } from './batch-room.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';

/** Writes one after the other, at least one. */
export type Run = readonly [PreparedWrite, ...PreparedWrite[]];

/** Cuts writes into runs that go to one store. Those of one call go there in one way: in batches, or one by one. */
export function runsOf(writes: readonly PreparedWrite[]): readonly Run[] {
  const runs: [PreparedWrite, ...PreparedWrite[]][] = [];
  for (const write of writes) {
    const run = runs.at(-1);
    if (run?.[0].transport === write.transport) run.push(write);
    else runs.push([write]);
  }
  return runs;
}

/**
 * Cuts a run into groups for one batch each: none where one batch holds it all, else of as many operations as `most` tells
 * when the group begins. A write of more than that is a group of its own.
 */
export function* groupsOf(run: Run, most: () => number): Generator<readonly PreparedWrite[]> {
  if (fitsOneBatch(run)) {
    yield run;
    return;
  }
  let group: PreparedWrite[] = [];
  let room = new BatchRoom(most());
  for (const write of run) {
    if (!room.take(write)) {
      yield group;
      group = [];
      room = new BatchRoom(most());
      room.take(write);
    }
    group.push(write);
  }
  yield group;
}

function fitsOneBatch(run: Run): boolean {
  const room = new BatchRoom();
  return run.every((write) => room.take(write));
}
