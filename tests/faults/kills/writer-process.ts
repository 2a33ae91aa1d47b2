import { join } from 'node:path';
import { MessagingProcess } from '../messaging-process.js';

/** A leaf whose writing was acknowledged. */
export interface AcknowledgedLeaf {
  readonly path: string;
  readonly value: string | number;
  readonly storeSeq: number;
}

export type WriterMessage =
  | {
      readonly type: 'acknowledged';
      readonly leaves: readonly AcknowledgedLeaf[];
      readonly incremented?: { readonly path: string; readonly storeSeq: number };
    }
  | { readonly type: 'refused'; readonly kind: string; readonly detail: string; readonly message: string };

/** A process that writes to a durable store (writer.mjs). */
export class WriterProcess extends MessagingProcess<WriterMessage> {
  constructor(compiledStore: string, dataFolder: string, run = 0) {
    super(join(__dirname, 'writer.mjs'), [compiledStore, dataFolder, String(run)]);
  }
}
