import type { ChildProcess, Serializable } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of a program that tells of itself in messages, and can be killed in the middle of them. */
export class MessagingProcess<Message> {
  readonly messages: Message[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #onMessage: () => void = () => undefined;

  constructor(program: string, args: readonly string[]) {
    this.#child = fork(program, args, { execArgv: [] });
    this.#child.on('message', (message: Message) => {
      this.messages.push(message);
      this.#onMessage();
    });
    // Messages that were sent before the end may arrive behind the exit, but never behind the disconnect.
    this.#ended = Promise.all([once(this.#child, 'exit'), once(this.#child, 'disconnect')]);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(message: Serializable): void {
    this.#child.send(message);
  }

  /** Resolves with the `count`th message; fails when the process ends before. */
  message(count: number): Promise<Message | undefined> {
    return this.#until(`${count} messages`, () =>
      this.messages.length >= count ? { found: this.messages[count - 1] } : undefined,
    );
  }

  /** Resolves with the first of its messages for which `isMeant` holds; fails when the process ends before. */
  first<Meant extends Message>(isMeant: (message: Message) => message is Meant): Promise<Meant> {
    return this.#until('the one that was awaited', () => {
      const found = this.messages.find(isMeant);
      return found === undefined ? undefined : { found };
    });
  }

  /** Kills the process; resolves when it is gone and all it said has arrived. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #until<T>(what: string, look: () => { readonly found: T } | undefined): Promise<T> {
    const arrived = new Promise<T>((resolve) => {
      this.#onMessage = () => {
        const result = look();
        if (result !== undefined) resolve(result.found);
      };
      this.#onMessage();
    });
    const ended = this.#ended.then((): T => {
      const result = look();
      if (result !== undefined) return result.found;
      throw new Error(`the process ended after ${this.messages.length} messages, not with ${what}`);
    });
    return Promise.race([arrived, ended]);
  }
}
