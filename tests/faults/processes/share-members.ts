import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { DataSourceOptions } from '../../../src/index.js';

/** What is written, each kind by writers of its own. */
export type WriteKind = 'increment' | 'insert';

/** What a process says that shares a folder (share-member.mjs). */
export type MemberMessage =
  | { readonly type: 'open' | 'stopped' | 'closed' }
  | { readonly type: 'backed up'; readonly error?: string; readonly detail?: string }
  | { readonly type: 'role'; readonly role: 'owner' | 'member' }
  | { readonly type: 'heard'; readonly storeSeq: number; readonly op: string }
  | { readonly type: 'begun'; readonly kind: WriteKind }
  | { readonly type: 'acknowledged'; readonly kind: WriteKind; readonly storeSeq: number }
  | {
      readonly type: 'failed';
      readonly kind: WriteKind;
      readonly error: string;
      readonly detail?: string;
      readonly message: string;
    }
  | {
      readonly type: 'shown';
      readonly views: number;
      readonly inserted: number;
      readonly state: string;
      readonly readsFrom: string;
    };

type Of<Type extends MemberMessage['type']> = Extract<MemberMessage, { readonly type: Type }>;

/** An order to a process. */
export type Order =
  | { readonly type: 'write' | 'increment' | 'stop' | 'close' }
  | { readonly type: 'show'; readonly storeSeq: number }
  | { readonly type: 'backup'; readonly out: string };

/** A process or a thread that runs, as a member is told and heard. */
interface Running {
  readonly messages: EventEmitter;
  readonly ended: Promise<unknown>;
  tell(order: Order): void;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  kill(): Promise<unknown>;
}

const PROGRAM = join(__dirname, 'share-member.mjs');

function inProcess(args: readonly string[]): Running {
  const child = fork(PROGRAM, args, { execArgv: [] });
  return {
    messages: child,
    ended: Promise.all([once(child, 'exit'), once(child, 'disconnect')]),
    tell: (order) => void child.send(order),
    signal: (signal) => void child.kill(signal),
    kill: () => Promise.resolve(child.kill('SIGKILL')),
  };
}

function inThread(args: readonly string[]): Running {
  const worker = new Worker(PROGRAM, { workerData: args, execArgv: [] });
  return {
    messages: worker,
    ended: once(worker, 'exit'),
    tell: (order) => {
      worker.postMessage(order);
    },
    signal: () => {
      throw new Error('a thread takes no signals');
    },
    kill: () => worker.terminate(),
  };
}

/** Who shares a data folder: a process, or a thread of this one. */
export class ShareMember {
  readonly heard: number[] = [];
  readonly failures: Of<'failed'>[] = [];
  readonly begun = { increment: 0, insert: 0 };
  readonly acknowledged = { increment: 0, insert: 0 };
  /** The seq of the last write that was acknowledged. */
  lastSeq = 0;
  /** Whether it has the folder, as it said last. */
  role: 'owner' | 'member' | undefined;
  /** The longest time between two acknowledgements, in milliseconds, since it was asked for. */
  #gap = 0;
  #lastAt = 0;
  readonly #running: Running;
  readonly #waiting = new Set<(message: MemberMessage) => void>();

  constructor(
    compiledPackage: string,
    name: string,
    options: Pick<DataSourceOptions, 'path' | 'channel'>,
    where: 'process' | 'thread' = 'process',
  ) {
    const args = [compiledPackage, name, JSON.stringify(options)];
    this.#running = where === 'thread' ? inThread(args) : inProcess(args);
    this.#running.messages.on('message', (message: MemberMessage) => {
      this.#note(message);
      for (const listener of this.#waiting) listener(message);
    });
  }

  tell(order: Order): void {
    this.#running.tell(order);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running.signal(signal);
  }

  /** The next message of this type; fails when the process ends before. */
  next<Type extends MemberMessage['type']>(type: Type): Promise<Of<Type>> {
    const arrived = new Promise<Of<Type>>((resolve) => {
      const listen = (message: MemberMessage): void => {
        if (message.type !== type) return;
        this.#waiting.delete(listen);
        resolve(message as Of<Type>);
      };
      this.#waiting.add(listen);
    });
    const ended = this.#running.ended.then((): never => {
      throw new Error(`the process ended before it said "${type}"`);
    });
    return Promise.race([arrived, ended]);
  }

  /** Resolves when it has this role. */
  async becomes(role: 'owner' | 'member'): Promise<void> {
    while (this.role !== role) await this.next('role');
  }

  /** What it sees when it has come as far. */
  shown(storeSeq: number): Promise<Of<'shown'>> {
    const shown = this.next('shown');
    this.tell({ type: 'show', storeSeq });
    return shown;
  }

  /** The longest time between two acknowledgements since this was asked last, in milliseconds. */
  takeGap(): number {
    const gap = this.#gap;
    this.#gap = 0;
    return gap;
  }

  /** Ends it by force; resolves when it is gone and all it said has arrived. */
  async kill(): Promise<void> {
    await this.#running.kill();
    await this.#running.ended;
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<void> {
    await this.#running.ended;
  }

  #note(message: MemberMessage): void {
    switch (message.type) {
      case 'role':
        this.role = message.role;
        break;
      case 'heard':
        this.heard.push(message.storeSeq);
        break;
      case 'begun':
        this.begun[message.kind]++;
        break;
      case 'acknowledged':
        this.acknowledged[message.kind]++;
        this.#gap = Math.max(this.#gap, performance.now() - this.#lastAt);
        this.#lastAt = performance.now();
        this.lastSeq = Math.max(this.lastSeq, message.storeSeq);
        break;
      case 'failed':
        this.failures.push(message);
        break;
      default:
    }
  }
}
