import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Interface } from 'node:readline';
import { createInterface } from 'node:readline';
import type { StoreOptions } from '../../src/store/index.js';

/** What a process holds (program.mjs). */
export interface Held {
  readonly counts: Readonly<Record<string, number>>;
  /** Bytes, without garbage. */
  readonly heap: number;
}

/** How a process has a folder. */
export interface OwnedFolder {
  readonly path: string;
  /** Where the clock stands still that its leases go by; that of the machine when left out. */
  readonly now?: number | undefined;
  /** How many operations are kept; as many as usual when left out. */
  readonly log?: StoreOptions['log'];
}

/** What a process can be told about the folder of a connection to it, and what it answers. */
interface Asks {
  own(options: OwnedFolder): string;
  join(options: { readonly path: string }): string;
  advance(options: { readonly ms: number }): null;
  values(options: { readonly paths: readonly string[]; readonly seq: number }): unknown;
  held(options: object): Held;
  close(options: object): null;
}

interface Answer {
  readonly id: number;
  readonly answered?: unknown;
  readonly failed?: string;
}

/** A connection to one of the programs, for one folder. */
export class FolderProgram {
  readonly #socket: Socket;
  readonly #lines: Interface;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    this.#lines = createInterface({ input: socket }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    socket.once('close', () => {
      for (const [id, settle] of this.#waiting) settle({ id, failed: 'the process has ended' });
    });
  }

  static async connect(place: string): Promise<FolderProgram> {
    const socket = connect(place);
    await once(socket, 'connect');
    return new FolderProgram(socket);
  }

  /** @throws Error with what went wrong there */
  async ask<Name extends keyof Asks>(
    name: Name,
    ...[options]: Parameters<Asks[Name]>
  ): Promise<ReturnType<Asks[Name]>> {
    const id = ++this.#lastId;
    const answer = new Promise<Answer>((settle) => this.#waiting.set(id, settle));
    this.#socket.write(`${JSON.stringify({ ...options, id, ask: name })}\n`);
    const { answered, failed } = await answer;
    if (failed !== undefined) throw new Error(`"${name}" failed in the other process: ${failed}`);
    return answered as ReturnType<Asks[Name]>;
  }

  /** Has the folder closed there. Resolves when it is. */
  async close(): Promise<void> {
    try {
      await this.ask('close', {});
    } finally {
      this.#lines.close();
      this.#socket.destroy();
    }
  }
}
