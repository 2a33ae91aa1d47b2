import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a node in a process of its own begins with. */
export interface NodeOptions {
  readonly url: string;
  readonly store: string;
}

/** What it is asked. */
export type NodeRequest =
  | { readonly ask: 'increment'; readonly writers: number; readonly milliseconds: number }
  | { readonly ask: 'assertCounted'; readonly acknowledged: number };

/** What it answers: to each request once, and when it has begun. */
export interface NodeAnswer {
  readonly acknowledged: number;
  readonly perSecond: number;
}

/** A node in a process of its own, with its copy in memory. `BENCH_NODE_FLAGS` goes to its Node, such as `--cpu-prof`. */
export class NodeProcess {
  readonly #process: ChildProcess;
  acknowledged = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves when it has read the log to its end. */
  static async begin(options: NodeOptions): Promise<NodeProcess> {
    const program = fileURLToPath(new URL('./node-program.js', import.meta.url));
    const node = new NodeProcess(
      fork(program, [JSON.stringify(options)], { execArgv: process.env.BENCH_NODE_FLAGS?.split(' ') ?? [] }),
    );
    try {
      await node.#answer();
      return node;
    } catch (error) {
      await node.end();
      throw error;
    }
  }

  /** Acknowledged increments a second, of so many writers. */
  async increment(writers: number, milliseconds: number): Promise<number> {
    const { acknowledged, perSecond } = await this.#ask({ ask: 'increment', writers, milliseconds });
    this.acknowledged += acknowledged;
    return perSecond;
  }

  /** @throws Error when its counters do not come to what was acknowledged by all nodes */
  async assertCounted(acknowledged: number): Promise<void> {
    await this.#ask({ ask: 'assertCounted', acknowledged });
  }

  /** Resolves when it has ended. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    await ended;
  }

  #ask(request: NodeRequest): Promise<NodeAnswer> {
    const answer = this.#answer();
    this.#process.send(request);
    return answer;
  }

  /** @throws Error when it ends instead */
  #answer(): Promise<NodeAnswer> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => {
        reject(new Error('a node ended by itself'));
      };
      this.#process.once('exit', onExit);
      this.#process.once('message', (answer) => {
        this.#process.off('exit', onExit);
        resolve(answer as NodeAnswer);
      });
    });
  }
}
