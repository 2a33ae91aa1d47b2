import { join } from 'node:path';
import type { Leaf } from '../../../src/protocol/values/value.js';
import type { ChannelTransportOptions } from '../../../src/transport/channel/index.js';
import { MessagingProcess } from '../messaging-process.js';

/** A write was acknowledged: a value at a path, or an increment by 1 where there is none. */
export interface Acknowledged {
  readonly type: 'acknowledged';
  readonly path: string;
  readonly value?: string;
  readonly storeSeq: number;
}

/** What the mirror holds. */
interface Mirror {
  readonly type: 'mirror';
  readonly leaves: readonly Leaf[];
}

/** How far the mirror has come: first where it was when the process began, at last `live`. */
interface At {
  readonly type: 'at' | 'live';
  readonly storeSeq: number;
}

export type ChannelWriterMessage = Acknowledged | Mirror | At;

/** A process with a data source over the channel of a server, and a mirror in a folder (channel-writer.mjs). */
export class ChannelWriterProcess extends MessagingProcess<ChannelWriterMessage> {
  constructor(compiledPackage: string, options: ChannelTransportOptions, run: number) {
    super(join(__dirname, 'writer.mjs'), [compiledPackage, JSON.stringify(options), String(run)]);
  }

  /** Where the mirror stood when the process began, once it has said so. */
  get resumedFrom(): number | undefined {
    return this.messages.find(isAtBeyond(0))?.storeSeq;
  }

  /** All that has been acknowledged. */
  get acknowledged(): Acknowledged[] {
    return this.messages.filter((message) => message.type === 'acknowledged');
  }

  /** Resolves when the mirror has come further than this. */
  async isBeyond(seq: number): Promise<void> {
    await this.first(isAtBeyond(seq));
  }

  /** Resolves when the mirror is whole. */
  async isLive(): Promise<void> {
    await this.first((message): message is At => message.type === 'live');
  }

  /** What the mirror holds when it has come as far as this. To be asked once. */
  async mirror(storeSeq: number): Promise<readonly Leaf[]> {
    this.tell({ type: 'show', storeSeq });
    const { leaves } = await this.first((message): message is Mirror => message.type === 'mirror');
    return leaves;
  }

  /** Begins to write, without end; each of these records is incremented by one writer. */
  write(increment: readonly string[]): void {
    this.tell({ type: 'write', increment: [...increment] });
  }
}

function isAtBeyond(seq: number) {
  return (message: ChannelWriterMessage): message is At => message.type === 'at' && message.storeSeq > seq;
}
