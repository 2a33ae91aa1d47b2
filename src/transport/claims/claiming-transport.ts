import { assertNotAborted, onAbort, requestAborted } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { DustError, isDustError } from '../../errors.js';
import type { Bound } from '../../protocol/requests/budget.js';
import { Budget } from '../../protocol/requests/budget.js';
import type { Path } from '../../protocol/paths/path.js';
import { pathFault } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import { isBatchOperation } from '../../protocol/requests/request-checks.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { flatten, isMap } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import { UniqueForesight } from '../../store/index.js';
import { tooManyWait, transportClosed } from '../errors.js';
import { ForwardingTransport } from '../forwarding-transport.js';
import { checkRequestNames } from '../request-names.js';
import type {
  BatchOperation,
  BatchReceipt,
  DeleteOptions,
  IndexingOptions,
  SetOptions,
  Transport,
  TransportCapabilities,
  WriteOptions,
  WriteReceipt,
} from '../transport.js';
import { ClaimedWriter } from './claimed-write.js';
import { KeyLocks } from './key-locks.js';
import { makeReady } from './make-ready.js';

/** What a {@link ClaimingTransport} is made of. */
export interface ClaimingParts {
  /** The way to the store. */
  readonly way: Transport;
  readonly clock: Clock;
  /** How many writes may be under way or wait for each other, and how many bytes in all. Default: 10,000 of 64 MiB. */
  readonly room?: Bound;
}

/** See {@link ClaimingParts.room}. */
const ROOM: Bound = { count: 10_000, bytes: 64 * 1024 * 1024 };

type Sent = Exclude<BatchOperation, { op: 'check' }>;

/**
 * A way to a store that keeps no values unique by itself: claims do, records of our own below `_dust:unique`, which all who write
 * through such a transport heed. A store that turns out to keep them, by the capability `uniqueIndexes`, is left to it. What is written
 * below prefixes without unique indexes goes straight on.
 */
export class ClaimingTransport extends ForwardingTransport {
  protected readonly way: Transport;
  readonly #clock: Clock;
  readonly #definitions = new Map<Path, readonly IndexDefinition[]>();
  readonly #locks = new KeyLocks();
  readonly #room: Budget;
  readonly #ended = new AbortController();
  #foresight = new UniqueForesight([]);
  #capabilities: { readonly of: TransportCapabilities; readonly all: TransportCapabilities } | undefined;

  constructor({ way, clock, room = ROOM }: ClaimingParts) {
    super();
    this.way = way;
    this.#clock = clock;
    this.#room = new Budget(room);
  }

  override get capabilities(): TransportCapabilities {
    const { capabilities } = this.way;
    if (this.#capabilities?.of !== capabilities) {
      this.#capabilities = { of: capabilities, all: Object.freeze({ ...capabilities, uniqueIndexes: true }) };
    }
    return this.#capabilities.all;
  }

  override close(): Promise<void> {
    this.#ended.abort();
    return super.close();
  }

  /**
   * What is unique is kept so from now on. The first who says it of a prefix has its records take their claims.
   *
   * @throws DustError `exists` when two records have the same values; what every request may meet
   */
  override async useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: IndexingOptions = {},
  ): Promise<void> {
    checkRequestNames('useIndexes', options);
    await super.useIndexes(prefix, definitions, options);
    const unique = definitions.filter((definition) => definition.unique);
    const before = this.#definitions.get(prefix);
    this.#define(prefix, unique);
    if (unique.length === 0 || this.way.capabilities.uniqueIndexes === true) return;
    try {
      await makeReady(this.way, prefix, unique, options);
    } catch (error) {
      this.#define(prefix, before ?? []);
      throw error;
    }
  }

  override set(path: Path, value: JsonValue, options: SetOptions = {}): Promise<WriteReceipt> {
    const { ifMatch, ifAbsent } = options;
    const guards = {
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifAbsent === undefined ? {} : { ifAbsent }),
    };
    const operation: Sent = { op: 'set', path, value, ...guards };
    const canBatch = ifAbsent !== true || this.way.capabilities.batchIfAbsent;
    return this.#single(operation, options, canBatch ? () => [operation] : undefined, (way) =>
      way.set(path, value, options),
    );
  }

  override delete(path: Path, options: DeleteOptions = {}): Promise<WriteReceipt> {
    const { ifMatch } = options;
    const operation: Sent = { op: 'delete', path, ...(ifMatch === undefined ? {} : { ifMatch }) };
    return this.#single(
      operation,
      options,
      () => [operation],
      (way) => way.delete(path, options),
    );
  }

  override merge(path: Path, value: JsonObject, options: WriteOptions = {}): Promise<WriteReceipt> {
    const operation: Sent = { op: 'merge', path, value };
    const inBatch = (): BatchOperation[] => {
      if (this.way.capabilities.batchMerge) return [operation];
      return flatten(path, value).map((leaf): BatchOperation => ({ op: 'set', ...leaf }));
    };
    return this.#single(operation, options, inBatch, (way) => way.merge(path, value, options));
  }

  override increment(path: Path, delta: number, options: WriteOptions = {}): Promise<WriteReceipt> {
    const operation: Sent = { op: 'increment', path, value: delta };
    return this.#single(
      operation,
      options,
      (leaves) => {
        if (this.way.capabilities.batchCounters) return [operation];
        const leaf = leaves.find((each) => each.path === path);
        if (leaf === undefined) return [{ op: 'set', path, value: delta }];
        if (typeof leaf.value !== 'number') return undefined;
        return [{ op: 'set', path, value: leaf.value + delta, ifMatch: leaf.revision }];
      },
      (way) => way.increment(path, delta, options),
    );
  }

  override add(path: Path, member: JsonValue, options: WriteOptions = {}): Promise<WriteReceipt> {
    const operation: Sent = { op: 'add', path, value: member };
    const inBatch = () => (this.way.capabilities.batchCounters ? [operation] : undefined);
    return this.#single(operation, options, inBatch, (way) => way.add(path, member, options));
  }

  override remove(path: Path, member: JsonValue, options: WriteOptions = {}): Promise<WriteReceipt> {
    const operation: Sent = { op: 'remove', path, value: member };
    const inBatch = () => (this.way.capabilities.batchCounters ? [operation] : undefined);
    return this.#single(operation, options, inBatch, (way) => way.remove(path, member, options));
  }

  override async batchWrite(
    operations: readonly BatchOperation[],
    options: WriteOptions = {},
  ): Promise<BatchReceipt> {
    if (!this.#concerns(operations)) return super.batchWrite(operations, options);
    checkRequestNames('batchWrite', options);
    const frozen = [...operations];
    const receipts = await this.#write(frozen, options, {
      isBatch: true,
      isRelative: false,
      inBatch: () => frozen,
      send: async () => (await this.way.batchWrite(frozen, options)).operations,
    });
    return { storeSeq: receipts.at(-1)?.storeSeq ?? 0, operations: receipts };
  }

  async #single(
    operation: Sent,
    options: WriteOptions,
    inBatch: Parameters<ClaimedWriter['write']>[0]['inBatch'] | undefined,
    send: (way: Transport) => Promise<WriteReceipt>,
  ): Promise<WriteReceipt> {
    if (!this.#concerns([operation])) return send(this.way);
    checkRequestNames(operation.op, options);
    try {
      const receipts = await this.#write([operation], options, {
        isBatch: false,
        isRelative: operation.op === 'increment',
        inBatch: inBatch ?? (() => undefined),
        send: async () => [await send(this.way)],
      });
      return receipts.at(-1) ?? { storeSeq: 0 };
    } catch (error) {
      throw withoutPosition(error);
    }
  }

  async #write(
    operations: readonly BatchOperation[],
    options: WriteOptions,
    write: Omit<Parameters<ClaimedWriter['write']>[0], 'operations' | 'options'>,
  ): Promise<readonly WriteReceipt[]> {
    const bytes = weightOf(operations);
    if (!this.#room.takeOrAlone(bytes)) throw tooManyWait('writes', this.#room);
    try {
      const writer = new ClaimedWriter({
        transport: this.way,
        foresight: this.#foresight,
        clock: this.#clock,
        locks: this.#locks,
        pause: (ms, signal) => this.#pause(ms, signal),
      });
      return await writer.write({ ...write, operations, options });
    } finally {
      this.#room.give(bytes);
    }
  }

  /** What is malformed goes on as it is, to be refused where that is said best. */
  #concerns(operations: readonly BatchOperation[]): boolean {
    if (this.#foresight.isEmpty || this.way.capabilities.uniqueIndexes === true) return false;
    if (!isWellFormed(operations)) return false;
    const { records, prefixes } = this.#foresight.touchedBy(operations);
    return records.size > 0 || prefixes.size > 0;
  }

  #define(prefix: Path, unique: readonly IndexDefinition[]): void {
    this.#definitions.set(prefix, unique);
    this.#foresight = new UniqueForesight([...this.#definitions.values()].flat());
  }

  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { signal: ended } = this.#ended;
    assertNotAborted(signal);
    const stops: (() => void)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        if (ended.aborted) {
          reject(transportClosed('claiming'));
          return;
        }
        stops.push(this.#clock.schedule(resolve, ms, { keepAlive: true }));
        stops.push(
          onAbort(ended, () => {
            reject(transportClosed('claiming'));
          }),
        );
        if (signal === undefined) return;
        stops.push(
          onAbort(signal, () => {
            reject(requestAborted(signal));
          }),
        );
      });
    } finally {
      for (const stop of stops) stop();
    }
  }
}

function isWellFormed(operations: unknown): boolean {
  return (
    Array.isArray(operations) &&
    operations.every((operation: unknown) => {
      if (typeof operation !== 'object' || operation === null) return false;
      const { op, path, value } = operation as { op?: unknown; path?: unknown; value?: unknown };
      return (
        isBatchOperation(op) && pathFault(path) === undefined && (op !== 'merge' || isMap(value as JsonValue))
      );
    })
  );
}

const POSITION = / (?:\(operation \d+ of the batch\)|in operation \d+ of the batch)/;

/** The write was a batch on the way only. */
function withoutPosition(error: unknown): unknown {
  if (!isDustError(error) || error.opIndex === undefined) return error;
  const { kind, message, detail, retryable, currentRevision, path, retryAfter, status, duplicate } = error;
  return new DustError(kind, message.replace(POSITION, ''), {
    ...{ detail, retryable, currentRevision, path, retryAfter, status, duplicate },
    cause: error,
  });
}
