import { requestAborted, untilAborted } from '../../../src/abort-listener.js';
import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import type { LogEntry, ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import type { ClusterParts } from '../../../src/cluster/parts.js';
import { defaultClusterParts } from '../../../src/cluster/parts.js';
import { silentLogger } from '../../../src/logging.js';
import type { StoreCopy, StoreStorage } from '../../../src/store/index.js';
import { Store } from '../../../src/store/index.js';
import { stateOf } from '../../cluster/parts/state-of.js';
import { goOn } from '../../unit/cluster/model/turns.js';

/** Where a copy stands that has applied a log. */
export interface Standing {
  readonly position: number;
  readonly digest: string;
  readonly level: number;
  readonly storeSeq: number;
  /** Of all leaves with revisions and types, of what the last compaction's snapshot needs beside them, and of the kept operations. */
  readonly body: string;
  /**
   * Of the counters: the log's time, its marks and limits, sessions, members, snapshots, where the log was trimmed; and of the indexes that
   * refuse writes.
   */
  readonly head: string;
}

/** A log as it was recorded once, and what came of it. */
export interface RecordedLog {
  /** What it was recorded as. */
  readonly about: string;
  readonly frames: readonly { readonly time: number; readonly text: string }[];
  readonly standing: Standing;
}

/** Where a storage and its node stand. */
export function standingOf(storage: StoreStorage, { mark }: ClusterNode): Standing {
  const { position, digest, level } = mark;
  const { storeSeq, body, head } = stateOf(storage);
  return { position, digest, level, storeSeq, body, head };
}

/** A node that is not as it should be. */
export interface Change {
  readonly parts?: Partial<ClusterParts>;
  readonly copy?: (copy: StoreCopy) => StoreCopy;
}

/** Where a copy stands when it has applied a recorded log; or why it halted. */
export async function replay(
  { frames }: RecordedLog,
  storage: StoreStorage,
  knownLevel: number,
  change: Change = {},
): Promise<Standing | { readonly halted: string | undefined; readonly position: number }> {
  const entries = frames.map(({ time, text }, i) => ({
    position: i + 1,
    time,
    bytes: new TextEncoder().encode(text),
  }));
  let node: ClusterNode | undefined;
  const store = new Store({
    storage,
    order: (copy) =>
      (node = new ClusterNode(
        change.copy?.(copy) ?? copy,
        { log: readOnly(entries), logger: silentLogger },
        { ...defaultClusterParts, knownLevel, ...change.parts },
      )),
  });
  try {
    for (;;) {
      const { state, mark } = node!;
      if (state.name === 'halted') return { halted: state.cause.detail, position: mark.position };
      if (mark.position === entries.length) return standingOf(storage, node!);
      await goOn();
    }
  } finally {
    await store.close();
  }
}

/** A log that nothing is added to. */
function readOnly(entries: readonly LogEntry[]): ReplicatedLog {
  const { shelf } = new MemoryLog();
  return {
    name: 'recorded',
    shelf,
    append: (_, { signal } = {}) => untilAborted(new Promise<never>(() => undefined), signal, requestAborted),
    read: (from) => Promise.resolve(entries.slice(from - 1, from + 9)),
    bounds: () => Promise.resolve({ first: 1, last: entries.length }),
    watch: () => () => undefined,
    trim: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
