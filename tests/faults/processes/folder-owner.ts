import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const PROGRAM = join(__dirname, '../../drives/parts/owner-program.mjs');

/** What an owner says of its attempt to open a folder, and of its writes. */
export interface OwnerMessage {
  readonly type: 'opened' | 'refused' | 'wrote';
  readonly detail?: string;
  readonly message?: string;
  readonly turns?: number;
  readonly pid?: number;
  readonly threadId?: number;
}

export type Order = 'write' | 'close' | 'end' | 'throw' | 'exit';

/** A program that has a data folder, or was refused it: owner-program.mjs, in a thread or a process of its own. */
export interface FolderOwner {
  next(): Promise<OwnerMessage>;
  tell(order: Order): void;
  /** Ends it from outside; resolves when it is gone. */
  end(): Promise<void>;
  /** Resolves when it is gone. */
  readonly ended: Promise<unknown>;
}

/** An owner in a worker thread of this process. */
export function inThread(packageEntry: string, path: string): FolderOwner {
  const worker = new Worker(PROGRAM, { workerData: [packageEntry, path], execArgv: [] });
  // An error that it is told to throw, too, ends it.
  const ended = new Promise((resolve) => worker.on('error', () => undefined).once('exit', resolve));
  return {
    next: messagesOf(worker, ended),
    tell: (order) => worker.postMessage(order),
    end: async () => {
      await worker.terminate();
    },
    ended,
  };
}

/** An owner in a process. */
export function inProcess(
  packageEntry: string,
  path: string,
): FolderOwner & { readonly child: ChildProcess } {
  return ownerOf(
    fork(PROGRAM, [packageEntry, path], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
  );
}

/**
 * An owner in PID and UTS namespaces of its own, as in a container, with that host name. Its pid is 1 there, or 1 + `pids`.
 */
export function inContainer(packageEntry: string, path: string, hostName: string, pids = 0): FolderOwner {
  const before = '/bin/true;'.repeat(pids);
  const last = pids === 0 ? 'exec "$@"' : '"$@"; exit';
  const script = `echo "${hostName}" > /proc/sys/kernel/hostname; ${before} ${last}`;
  const namespaces = ['-u', '-p', '-f', '--kill-child', '--mount-proc'];
  const args = [...namespaces, 'bash', '-c', script, 'bash', process.execPath, PROGRAM, packageEntry, path];
  return ownerOf(spawn('unshare', args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }));
}

function ownerOf(child: ChildProcess): FolderOwner & { readonly child: ChildProcess } {
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  return {
    child,
    next: messagesOf(child, ended),
    tell: (order) => void child.send(order),
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}

function messagesOf(source: EventEmitter, ended: Promise<unknown>): () => Promise<OwnerMessage> {
  const messages: OwnerMessage[] = [];
  let arrived: () => void = () => undefined;
  source.on('message', (message: OwnerMessage) => {
    messages.push(message);
    arrived();
  });
  return async () => {
    const waiting = new Promise<void>((resolve) => (arrived = resolve));
    if (messages.length === 0) await Promise.race([waiting, ended]);
    const message = messages.shift();
    if (message === undefined) throw new Error('it ended without a word');
    return message;
  };
}
