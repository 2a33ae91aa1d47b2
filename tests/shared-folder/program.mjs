// A process that has folders which others share, or shares those of others: one for each connection to the Unix socket that it is given, from when it is
// told over that connection until the connection ends. It is asked in lines of JSON and answers each. Ends when its parent lets it go.
// Arguments: the folder of the compiled package, the socket.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pathToFileURL } from 'node:url';
import { readdirSync } from 'node:fs';
import { filter, firstValueFrom, timeout } from 'rxjs';

const [compiled, place] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${compiled}/${name}`).href);
const [
  { systemClock },
  { silentLogger },
  { FolderShare },
  { systemParts },
  { SharedFolderTransport },
  { TestClock },
] = await Promise.all(
  [
    'clock.js',
    'logging.js',
    'share/folder-share.js',
    'share/share-parts.js',
    'share/index.js',
    'testing/index.js',
  ].map(load),
);

/** Milliseconds until this process must have heard of what another one wrote. */
const PATIENCE = 10_000;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc');

/** What comes and goes with the work of the moment. */
const PASSING = new Set(['FSReqCallback', 'FSReqPromise', 'Immediate', 'CloseReq']);

/** One folder. */
class Session {
  #clock = systemClock;
  #open;
  #transport;

  /** Has the folder, with a clock that stands still at `now` where one is given, and a log of these limits. */
  async own({ path, now, log }) {
    if (now !== undefined) this.#clock = new TestClock(now);
    const options = { path, clock: this.#clock, logger: silentLogger, random: Math.random };
    const serve = (folder) => systemParts.serve({ ...folder, log });
    const share = new FolderShare(options, { ...systemParts, serve });
    this.#open = share;
    await share.open();
    return share.role;
  }

  /** Shares the folder that another process has. */
  async join({ path }) {
    this.#transport = new SharedFolderTransport({ path, logger: silentLogger });
    this.#open = this.#transport;
    await this.#transport.connect();
    return (await this.#transport.status()).shared;
  }

  /** Moves the clock on. */
  async advance({ ms }) {
    await this.#clock.advance(ms);
  }

  /** The values at and below these paths, when the mirror has come as far. */
  async values({ paths, seq }) {
    const isThere = filter(({ state, storeSeq }) => state === 'live' && storeSeq >= seq);
    await firstValueFrom(this.#transport.status$.pipe(isThere, timeout(PATIENCE)));
    const leaves = await Promise.all(paths.map((path) => this.#transport.subtree(path)));
    return leaves.map((below) => below.map(({ path, value }) => [path, value]));
  }

  /** What this process holds, and the bytes on its heap. */
  async held() {
    const counts = { descriptors: readdirSync('/proc/self/fd').length };
    for (const kind of process.getActiveResourcesInfo()) {
      if (!PASSING.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
    }
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
    return { counts, heap: process.memoryUsage().heapUsed };
  }

  async close() {
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }
}

const server = createServer((socket) => {
  const session = new Session();
  const answer = async (line) => {
    const { id, ask, ...rest } = JSON.parse(line);
    const told = await session[ask](rest).then(
      (answered) => ({ id, answered: answered ?? null }),
      (error) => ({ id, failed: String(error) }),
    );
    if (!socket.destroyed) socket.write(`${JSON.stringify(told)}\n`);
  };
  socket.on('error', () => undefined);
  createInterface({ input: socket })
    .on('line', (line) => void answer(line))
    .on('error', () => undefined);
  socket.once('close', () => void session.close());
});
process.once('disconnect', () => process.exit());
server.listen(place, () => process.send('listening'));
