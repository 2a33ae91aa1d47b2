import type { WireBatchOperation } from '../../protocol/wire/http.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type {
  BatchOperation,
  BatchReceipt,
  DeleteOptions,
  SetOptions,
  TransportCapabilities,
  WriteOptions,
  WriteReceipt,
} from '../transport.js';
import { checkBatch, checkWriteOptions } from './request-checks.js';
import type { WireSingleOperation } from './wire-operations.js';
import { countsOnce, wireOperation, wireSingle } from './wire-operations.js';
import type { WriteLane } from './write-lane.js';
import type { WriteSender } from './write-sender.js';

/** What a transport writes, checked before anything is sent. */
export class EntryWrites {
  readonly #sender: WriteSender;
  readonly #lane: WriteLane | undefined;

  /** With a `lane`, writes that can be merged are. */
  constructor(sender: WriteSender, lane: WriteLane | undefined) {
    this.#sender = sender;
    this.#lane = lane;
  }

  async set(path: Path, value: JsonValue, options: SetOptions): Promise<WriteReceipt> {
    const { ifMatch, ifAbsent } = options;
    return this.#single(wireSingle({ op: 'set', path, value, ifMatch, ifAbsent }), options);
  }

  async delete(path: Path, options: DeleteOptions): Promise<WriteReceipt> {
    const { ifMatch } = options;
    const condition = ifMatch === undefined ? {} : { ifMatch };
    return this.#single(wireSingle({ op: 'delete', path, ...condition }), options);
  }

  /** `capabilities` are what the server's batches take just now. */
  async batch(
    operations: readonly BatchOperation[],
    options: WriteOptions,
    capabilities: TransportCapabilities,
  ): Promise<BatchReceipt> {
    checkWriteOptions(options);
    checkBatch(operations, capabilities);
    const wire = operations.map((operation, opIndex) => wireOperation(operation, opIndex));
    const lane = this.#laneFor(wire, options);
    if (lane === undefined) return this.#sender.batch(wire, options);
    const receipts = await lane.write(wire, options);
    return { storeSeq: receipts.at(-1)?.storeSeq ?? 0, operations: receipts };
  }

  async #single(operation: WireSingleOperation, options: WriteOptions): Promise<WriteReceipt> {
    checkWriteOptions(options);
    const lane = this.#laneFor([operation], options);
    if (lane === undefined) return this.#sender.single(operation, options);
    const [receipt] = await lane.write([operation], options);
    return receipt ?? { storeSeq: 0 };
  }

  /** The lane, for writes that may share a request with others: nobody must tell theirs apart, or make it once only. */
  #laneFor(operations: readonly WireBatchOperation[], { clientOpId }: WriteOptions): WriteLane | undefined {
    if (this.#lane === undefined || clientOpId !== undefined || operations.some(countsOnce)) return undefined;
    return this.#sender.hasBatches || !this.#lane.isIdle ? this.#lane : undefined;
  }
}
