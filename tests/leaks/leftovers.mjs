import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Sockets } from './sockets.mjs';
import { Timers } from './timers.mjs';

/** What of `process.getActiveResourcesInfo` is of interest: requests under way and the streams of Jest itself are not. */
const KINDS = new Set([
  ...[
    'TCPServerWrap',
    'TCPSocketWrap',
    'TCPConnectWrap',
    'TLSWrap',
    'UDPWrap',
    'PipeServerWrap',
    'ProcessWrap',
  ],
  ...['MessagePort', 'Worker', 'FSEventWrap', 'StatWatcher'],
]);

/** Finds what a test file has left behind. */
export class Leftovers {
  #process;
  #timers;
  #sockets = new Sockets();
  #before;

  /** To be made before the file is loaded; `global` is the file's. */
  constructor(global) {
    this.#process = global.process;
    this.#timers = new Timers(global);
    this.#before = this.#counted();
  }

  /** What is left, in words, when it had so many milliseconds to go away. */
  async settled(patience) {
    const end = performance.now() + patience;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const found = [...this.#timers.found(), ...this.#sockets.found(), ...this.#more()];
      if (found.length === 0 || performance.now() > end) return found;
    }
  }

  /** Watches no longer. */
  stop() {
    this.#sockets.stop();
  }

  #more() {
    return [...this.#counted()].flatMap(([what, count]) => {
      const more = count - (this.#before.get(what) ?? 0);
      return more > 0 ? [`${more} × ${what}`] : [];
    });
  }

  #counted() {
    const counts = new Map();
    const resources = process.getActiveResourcesInfo().filter((kind) => KINDS.has(kind));
    for (const one of [...resources, ...openFiles()]) counts.set(one, (counts.get(one) ?? 0) + 1);
    for (const event of this.#process.eventNames()) {
      counts.set(`listener of process on ${String(event)}`, this.#process.listenerCount(event));
    }
    return counts;
  }
}

/** The files of stores, and what lies where tests put their files, that this process holds open: where the system tells. */
function openFiles() {
  const folder = '/proc/self/fd';
  try {
    const paths = readdirSync(folder).map((fd) => targetOf(`${folder}/${fd}`));
    const temporary = `${realpathSync(tmpdir())}/`;
    return paths
      .filter((path) => path.includes('.mdb') || path.startsWith(temporary))
      .map((path) => `open ${path}`);
  } catch {
    return [];
  }
}

/** Empty for one that is gone by now, such as what the folder itself was read with. */
function targetOf(link) {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
