import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

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
export class WriterProcess {
  readonly messages: WriterMessage[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #onMessage: () => void = () => undefined;

  constructor(compiledStore: string, dataFolder: string, run = 0) {
    this.#child = fork(join(__dirname, 'writer.mjs'), [compiledStore, dataFolder, String(run)], {
      execArgv: [],
    });
    this.#child.on('message', (message: WriterMessage) => {
      this.messages.push(message);
      this.#onMessage();
    });
    // Messages that were sent before the end may arrive behind the exit, but never behind the disconnect.
    this.#ended = Promise.all([once(this.#child, 'exit'), once(this.#child, 'disconnect')]);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves with the `count`th message; fails when the process ends before. */
  async message(count: number): Promise<WriterMessage | undefined> {
    const arrived = new Promise<void>((resolve) => {
      this.#onMessage = () => {
        if (this.messages.length >= count) resolve();
      };
      this.#onMessage();
    });
    const ended = this.#ended.then(() => {
      if (this.messages.length < count) {
        throw new Error(`the writer ended after ${this.messages.length} messages`);
      }
    });
    await Promise.race([arrived, ended]);
    return this.messages[count - 1];
  }

  /** Kills the process; resolves when it is gone and all it said has arrived. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
