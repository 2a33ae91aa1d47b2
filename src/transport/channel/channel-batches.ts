import { randomUUID } from 'node:crypto';
import { weightOf } from '../../protocol/values/weight.js';
import { checkOperationList } from '../../protocol/requests/request-checks.js';
import { filter, firstValueFrom, from, merge } from 'rxjs';
import type { Commit, CommittedOperation, RecordCommit } from '../../protocol/requests/operation.js';
import type { BatchOperation, BatchReceipt, Transport, WriteOptions } from '../transport.js';
import { committedBatch, frozenBatch } from './committed-batch.js';
import type { BatchLine } from './batch-line.js';
import type { ChannelEngine } from './engine.js';
import { withExactRevisions } from './exact-revisions.js';
import type { Nudge } from './nudge.js';
import type { ReadChoice } from './read-choice.js';

/**
 * Writes batches, which the channel does not know, over HTTP. A server with the feature `commits` broadcasts them; of others
 * they come into the mirror from their answers (PROTOCOL §7).
 */
export class ChannelBatches {
  readonly #http: Transport;
  readonly #choice: ReadChoice;
  readonly #nudge: Nudge;
  readonly #line: BatchLine;
  /** What the ids of this client's batches begin with: over HTTP a server tells nobody which client wrote. */
  readonly #mark = `batch:${randomUUID()}:`;

  constructor(http: Transport, choice: ReadChoice, nudge: Nudge, line: BatchLine) {
    this.#line = line;
    this.#http = http;
    this.#choice = choice;
    this.#nudge = nudge;
  }

  /**
   * Writes as `deviceId`. Resolves when every read sees it. Waits for the server and the rate limit as long as any write does,
   * and is sent again only when it was certainly not carried out.
   */
  async write(
    engine: ChannelEngine,
    deviceId: string,
    operations: readonly BatchOperation[],
    options: WriteOptions,
  ): Promise<BatchReceipt> {
    const { clientOpId = this.#mark + randomUUID() } = options;
    checkOperationList(operations);
    const frozen = frozenBatch(operations);
    const receipt = await this.#line.run({
      send: () => this.#send(engine, frozen, { ...options, clientOpId }),
      bytes: () => weightOf(frozen),
      signal: options.signal,
    });
    await this.settled(receipt.storeSeq, this.#applied(engine, frozen, receipt, { deviceId, clientOpId }));
    return receipt;
  }

  #applied(
    engine: ChannelEngine,
    operations: readonly BatchOperation[],
    receipt: BatchReceipt,
    writer: { readonly deviceId: string; readonly clientOpId: string },
  ): Promise<void> {
    if (engine.status.features?.has('commits') === true) return engine.reach(receipt.storeSeq);
    const committed = committedBatch(operations, receipt, writer);
    this.#nudge.send();
    return committed === undefined ? engine.reach(receipt.storeSeq) : engine.submitCommitted(committed);
  }

  /** The commit, that of an own batch under the name of `deviceId`: a server that broadcasts batches names another writer. */
  namedCommit<C extends Commit>(commit: C, deviceId: string): C {
    const isOwn = ({ clientOpId }: CommittedOperation): boolean =>
      clientOpId?.startsWith(this.#mark) === true;
    if (!commit.operations.some((operation) => isOwn(operation) && operation.deviceId !== deviceId)) {
      return commit;
    }
    const named = (operation: CommittedOperation): CommittedOperation =>
      isOwn(operation) ? { ...operation, deviceId } : operation;
    return { ...commit, operations: commit.operations.map(named) };
  }

  /** As {@link namedCommit}, with the writer of the commit. */
  namedRecords(commit: RecordCommit, deviceId: string): RecordCommit {
    const named = this.namedCommit(commit, deviceId);
    return named === commit ? commit : { ...named, deviceId };
  }

  async #send(
    engine: ChannelEngine,
    operations: readonly BatchOperation[],
    options: WriteOptions,
  ): Promise<BatchReceipt> {
    try {
      return await this.#http.batchWrite(operations, options);
    } catch (error) {
      const exact = await withExactRevisions(operations, error, engine.reads, this.#http, options);
      if (exact === undefined) throw error;
      return this.#http.batchWrite(exact, options);
    }
  }

  /** Until the mirror has what was committed, by `applied`, or cannot have it for now: it is committed either way. */
  async settled(storeSeq: number, applied: Promise<void>): Promise<void> {
    // Until the mirror has it, reads go over HTTP.
    this.#choice.need(storeSeq);
    const interrupted$ = this.#choice.states$.pipe(filter(({ isLive }) => !isLive));
    const settled = applied.catch(() => undefined);
    await firstValueFrom(merge(from(settled), interrupted$), { defaultValue: undefined });
  }
}
