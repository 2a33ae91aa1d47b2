import { onAbort, requestAborted } from '../../abort-listener.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DustErrorKind } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { Bound } from '../../protocol/requests/budget.js';
import { Budget } from '../../protocol/requests/budget.js';
import type { WireBatchOperation } from '../../protocol/wire/http.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/requests/listing.js';
import { assertNotAborted } from '../abort.js';
import { tooManyWait } from '../errors.js';
import type { BatchReceipt, RequestOptions, WriteReceipt } from '../transport.js';
import type { WireSingleOperation } from './wire-operations.js';
import { goesByItself } from './wire-operations.js';

/** The most JSON that writes are merged into, in bytes: well below the 8 MB a server takes (PROTOCOL §3). */
const MAX_BATCH_BYTES = 4_000_000;

/** What sends the writes of a lane. */
export interface LaneSender {
  /** Whether several operations can go in one request. */
  readonly hasBatches: boolean;
  single(operation: WireSingleOperation, options: RequestOptions): Promise<WriteReceipt>;
  batch(operations: readonly WireBatchOperation[], options: RequestOptions): Promise<BatchReceipt>;
}

/** The operations of one caller, which stay together, and how the caller hears of them. */
interface Part {
  readonly operations: readonly WireBatchOperation[];
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (receipts: readonly WriteReceipt[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends writes in the order they come, one request at a time. What comes while a request is under way waits and goes
 * into one batch after it, so that many writes cost few requests where a server limits their number. Only for writes
 * without preconditions: they can be made again, and one of them cannot fail the others for what the store holds.
 */
export class WriteLane {
  readonly #sender: LaneSender;
  readonly #room: Budget;
  #waiting: Part[] = [];
  #isRunning = false;

  constructor(sender: LaneSender, bound: Bound) {
    this.#sender = sender;
    this.#room = new Budget(bound);
  }

  /** Whether nothing waits and nothing is under way. */
  get isIdle(): boolean {
    return !this.#isRunning;
  }

  /**
   * The receipts of these operations, in their order.
   *
   * @throws DustError `aborted` as soon as the signal says so: the write is then not sent, unless it was already;
   * `rate_limited` with detail `outbox_full` at once, when as many wait as may
   */
  async write(
    operations: readonly WireBatchOperation[],
    { signal }: RequestOptions,
  ): Promise<readonly WriteReceipt[]> {
    assertNotAborted(signal);
    const bytes = bytesOf(operations);
    if (!this.#room.takeOrAlone(bytes)) throw tooManyWait('writes', this.#room);
    let stopListening: (() => void) | undefined;
    try {
      return await new Promise<readonly WriteReceipt[]>((resolve, reject) => {
        const part = { operations, bytes, signal, resolve, reject };
        this.#waiting.push(part);
        if (signal !== undefined) {
          stopListening = onAbort(signal, () => {
            this.#waiting = this.#waiting.filter((other) => other !== part);
            reject(requestAborted(signal));
          });
        }
        if (!this.#isRunning) void this.#run();
      });
    } finally {
      this.#room.give(bytes);
      stopListening?.();
    }
  }

  /** Each round begins in a turn of its own, so that all who write in one turn, or after one answer, share a request. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    await nextTurn();
    while (this.#waiting.length > 0) {
      const parts = this.#take();
      const [first] = parts;
      if (parts.length === 1 && first !== undefined) await this.#sendAlone(first);
      else await this.#sendTogether(parts);
      await nextTurn();
    }
    this.#isRunning = false;
  }

  /** Takes the parts of the next request from the front of the line. */
  #take(): Part[] {
    let operations = 0;
    let bytes = 0;
    const end = this.#waiting.findIndex((part, i) => {
      operations += part.operations.length;
      bytes += part.bytes;
      const fits = operations <= MAX_BATCH_OPERATIONS && bytes <= MAX_BATCH_BYTES && this.#sender.hasBatches;
      return i > 0 && !fits;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #sendAlone({ operations, signal, resolve, reject }: Part): Promise<void> {
    const [first] = operations;
    try {
      if (operations.length === 1 && first !== undefined && goesByItself(first)) {
        resolve([await this.#sender.single(first, { signal })]);
      } else {
        resolve((await this.#sender.batch(operations, { signal })).operations);
      }
    } catch (error) {
      reject(error);
    }
  }

  async #sendTogether(parts: readonly Part[]): Promise<void> {
    try {
      const all = parts.flatMap(({ operations }) => operations);
      const receipts = (await this.#sender.batch(all, {})).operations;
      let start = 0;
      for (const { operations, resolve } of parts) {
        resolve(receipts.slice(start, (start += operations.length)));
      }
    } catch (error) {
      if (!liesInOnePart(error)) {
        for (const { reject } of parts) reject(error);
        return;
      }
      for (const part of parts) {
        if (part.signal?.aborted !== true) await this.#sendAlone(part);
      }
    }
  }
}

/** What was not refused at all, or would be for any other operation too. */
const NOT_FOR_ONE_PART: ReadonlySet<DustErrorKind> = new Set([
  'indeterminate',
  'unauthorized',
  'forbidden',
  'store_not_found',
  'rate_limited',
]);

/** Whether a batch was refused for what is in it, or for being one: sent by themselves, most of its parts succeed. */
function liesInOnePart(error: unknown): boolean {
  if (!isDustError(error) || error.status === undefined) return isDustError(error, 'not_implemented');
  const isRefused = error.status >= 400 && error.status < 500;
  return isRefused && !NOT_FOR_ONE_PART.has(error.kind);
}

function bytesOf(operations: readonly WireBatchOperation[]): number {
  return Buffer.byteLength(JSON.stringify(operations));
}
