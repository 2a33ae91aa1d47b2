// Programs that open a data folder (owner-program.mjs), in a thread, a process, a container or a cluster.
import { fork, spawn, spawnSync } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const PROGRAM = fileURLToPath(new URL('owner-program.mjs', import.meta.url));
export const ENTRY = fileURLToPath(new URL('../../../dist/esm/index.js', import.meta.url));
const QUIET = ['ignore', 'ignore', 'ignore', 'ipc'];

/** Whether this process may make namespaces of its own, which stand for containers and disks. */
export const mayMakeNamespaces =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', '-u', '-p', '-f', '--mount-proc', 'true'], { stdio: 'ignore' }).status === 0;

export function inThread(path) {
  const worker = new Worker(PROGRAM, { workerData: [ENTRY, path], execArgv: [] });
  // An error it is told to throw ends it, too.
  const ended = new Promise((resolve) => worker.on('error', () => undefined).once('exit', resolve));
  const end = () => worker.terminate();
  return { next: messagesOf(worker, ended), tell: (order) => worker.postMessage(order), end, ended };
}

export function inProcess(path) {
  return ownerOf(fork(PROGRAM, [ENTRY, path], { execArgv: [], stdio: QUIET }));
}

/** A worker of a cluster whose primary is this process. */
export function inCluster(path) {
  cluster.setupPrimary({ exec: PROGRAM, args: [ENTRY, path], execArgv: [], silent: true });
  return ownerOf(cluster.fork().process);
}

/** PID and UTS namespaces of its own and a host name; the program has the pid 1 + `pids` there. */
export function inContainer(path, { host, pids }) {
  const last = pids === 0 ? 'exec "$@"' : '"$@"; exit';
  const script = `echo "${host}" > /proc/sys/kernel/hostname; ${'/bin/true;'.repeat(pids)} ${last}`;
  const namespaces = ['-u', '-p', '-f', '--kill-child', '--mount-proc'];
  const program = ['bash', '-c', script, 'bash', process.execPath, PROGRAM, ENTRY, path];
  return ownerOf(spawn('unshare', [...namespaces, ...program], { stdio: QUIET }));
}

function ownerOf(child) {
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { child, next: messagesOf(child, ended), tell: (order) => child.send(order), end, ended };
}

function messagesOf(source, ended) {
  const messages = [];
  let arrived = () => undefined;
  source.on('message', (message) => {
    messages.push(message);
    arrived();
  });
  return async () => {
    const waiting = new Promise((resolve) => (arrived = resolve));
    if (messages.length === 0) await Promise.race([waiting, ended]);
    return messages.shift() ?? { type: 'ended without a word' };
  };
}
