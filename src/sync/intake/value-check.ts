import { messageOf } from '../../errors.js';
import type { Clock } from '../../clock.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/requests/listing.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { OperationToApply } from '../mirror/mirror.js';
import type { EngineReport } from '../engine-report.js';
import type { BufferedOperation } from './reorder-buffer.js';
import type { ReconnectPolicy } from '../connection/reconnect-policy.js';
import type { StoreReader } from '../store-reader.js';

/** What a {@link ValueCheck} is made of. */
export interface ValueCheckOptions {
  readonly reader: StoreReader;
  readonly clock: Clock;
  readonly report: EngineReport;
  /** How long to wait between attempts. */
  readonly policy: ReconnectPolicy;
}

interface Reading {
  readonly leaves: ReadonlyMap<Path, Leaf>;
  readonly paths: ReadonlySet<Path>;
  /** The leaves are those after this operation or a later one. */
  readonly since: number;
}

/** Reads values again that a catch-up told and that cannot be trusted (PROTOCOL §5.8). */
export class ValueCheck {
  readonly #options: ValueCheckOptions;
  #reading: Reading | undefined;
  #abort = new AbortController();
  #stopWaiting: (() => void) | undefined;

  constructor(options: ValueCheckOptions) {
    this.#options = options;
  }

  /** The operation as it is to be applied; undefined while its value has to be read with {@link read}. */
  checked(operation: CommittedOperation): OperationToApply | undefined {
    const { path, storeSeq } = operation;
    const reading = this.#reading;
    if (reading === undefined || reading.since < storeSeq || !reading.paths.has(path)) return undefined;
    const leaf = reading.leaves.get(path);
    // Somebody wrote or removed it since. That operation is on its way, and says what stands then.
    if (leaf?.type !== typeAfter(operation)) return { operation, isSuperseded: true };
    return leaf.revision < storeSeq ? undefined : { operation: { ...operation, value: leaf.value } };
  }

  /**
   * Reads the value of `operation`, and with it those that `waiting` operations may need. Tries until it has succeeded
   * or {@link stop} is called; resolves to whether it has.
   */
  async read(operation: CommittedOperation, waiting: Iterable<BufferedOperation>): Promise<boolean> {
    const { reader, policy } = this.#options;
    const { signal } = this.#abort;
    const { paths, since } = pathsToRead(operation, waiting);
    policy.reset();
    while (!signal.aborted) {
      try {
        const leaves = await reader.getMany([...paths], { signal });
        this.#reading = { leaves, paths, since };
        const isChecked = this.checked(operation) !== undefined;
        this.#tell(operation, paths.size, isChecked ? undefined : outdated(operation));
        if (isChecked) return !signal.aborted;
      } catch (error) {
        this.#tell(operation, paths.size, { outcome: 'failed', reason: messageOf(error) });
      }
      await this.#wait(policy.delayAfter({ kind: 'lost', reason: 'not read' }) ?? 0);
    }
    return false;
  }

  /** Calls off what is being read, and forgets what was. */
  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#reading = undefined;
    this.#stopWaiting?.();
  }

  #tell({ storeSeq }: CommittedOperation, values: number, trouble: Trouble | undefined): void {
    const { outcome, reason } = trouble ?? { outcome: 'read', reason: undefined };
    // The operation itself is not applied before its value is known.
    this.#options.report.repair({
      kind: 'values_reread',
      storeSeq: storeSeq - 1,
      values,
      outcome,
      reason,
    });
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.schedule(done, ms);
      this.#stopWaiting = () => {
        cancel();
        done();
      };
      function done(): void {
        resolve();
      }
    });
  }
}

/** Why values are to be read once more. */
interface Trouble {
  readonly outcome: 'outdated' | 'failed';
  readonly reason: string;
}

function outdated({ path }: CommittedOperation): Trouble {
  const reason = `the reader answered an older state of ${JSON.stringify(path)} than the channel`;
  return { outcome: 'outdated', reason };
}

function typeAfter({ op }: CommittedOperation): Leaf['type'] {
  return op === 'increment' ? 'counter' : 'set';
}

function pathsToRead(
  first: CommittedOperation,
  waiting: Iterable<BufferedOperation>,
): { paths: Set<Path>; since: number } {
  const paths = new Set([first.path]);
  let since = first.storeSeq;
  for (const { operation, source } of waiting) {
    since = Math.max(since, operation.storeSeq);
    const { op } = operation;
    const isRunning = op === 'increment' || op === 'add' || op === 'remove';
    if (source === 'catchUp' && isRunning && paths.size < MAX_BATCH_OPERATIONS) paths.add(operation.path);
  }
  return { paths, since };
}
