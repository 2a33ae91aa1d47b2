import { randomUUID } from 'node:crypto';
import { isDustError } from '../../errors.js';
import type { WireBatchOperation } from '../../protocol/wire/http.js';
import type { WireSingleOperation } from './wire-operations.js';
import type { BatchReceipt, RequestOptions, WriteReceipt } from '../transport.js';
import { batchReceiptIn, receiptIn } from './answers.js';
import type { EntryRequests } from './entry-requests.js';
import type { HttpConnection } from './http-connection.js';
import { noBatchRoute } from './errors.js';

/** What a write may carry beside its operations, once it was checked. */
export interface SendOptions extends RequestOptions {
  readonly clientOpId?: string | undefined;
}

/** Sends operations that were checked, each call in one request. */
export class WriteSender {
  readonly #connection: HttpConnection;
  readonly #requests: EntryRequests;
  #hasBatches = true;

  constructor(connection: HttpConnection, requests: EntryRequests) {
    this.#connection = connection;
    this.#requests = requests;
  }

  /** False for good once the server has answered that it has no route for batches. */
  get hasBatches(): boolean {
    return this.#hasBatches;
  }

  /** Sends one operation by itself. */
  async single(operation: WireSingleOperation, options: SendOptions): Promise<WriteReceipt> {
    const request = this.#requests.write(operation, identified(options));
    const receipt = receiptIn((await this.#connection.send(request)).body, operation.path);
    this.#connection.saw(receipt.storeSeq);
    return receipt;
  }

  /** Sends operations that are committed together. @throws DustError `not_implemented` */
  async batch(operations: readonly WireBatchOperation[], options: SendOptions): Promise<BatchReceipt> {
    if (!this.#hasBatches) throw noBatchRoute();
    try {
      const { body } = await this.#connection.send(this.#requests.batch(operations, identified(options)));
      const receipt = batchReceiptIn(body, operations.length);
      this.#connection.saw(receipt.storeSeq);
      return receipt;
    } catch (error) {
      if (isDustError(error, 'not_implemented')) this.#hasBatches = false;
      throw error;
    }
  }
}

/** A retried request keeps its id: it is given one here, above the retries. */
function identified({ clientOpId = randomUUID(), signal }: SendOptions) {
  return { clientOpId, signal };
}
