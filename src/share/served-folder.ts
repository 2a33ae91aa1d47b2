import { chmodSync, rmSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import type { Clock } from '../clock.js';
import { isDustError } from '../errors.js';
import type { Logger } from '../logging.js';
import { HttpService } from '../server/http-service.js';
import { serverParts } from '../server/server-parts.js';
import type { StoreOptions } from '../store/index.js';
import { Store } from '../store/index.js';
import { openLmdbStorage } from '../store/lmdb/index.js';
import { BackupDesk } from './backup-desk.js';
import { noPlaceForSocket } from './errors.js';
import type { SocketPlaces } from './socket-places.js';
import { makePrivate } from './socket-places.js';
import { SHARED_STORE, SHARED_TOKEN } from './wire-names.js';

const MEBIBYTE = 1024 * 1024;

/** Those who share a folder trust each other as the parts of one program do: they may send more than strangers. */
const BOUNDS = { body: 64 * MEBIBYTE, channelBuffer: 64 * MEBIBYTE, received: 256 * MEBIBYTE };

/** A write whose answer was lost is known again by its id as long as the log keeps it: for longer than anybody asks again. */
const LOG = { keep: 100_000, limit: 200_000 };

/** Which folder is to be had, and how. */
export interface ServedFolderOptions {
  /** Its real path. */
  readonly path: string;
  readonly places: SocketPlaces;
  readonly takeOver: boolean;
  readonly verify: boolean;
  /** How many operations are kept; for tests. */
  readonly log?: StoreOptions['log'];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A folder that this process has, and serves to those who share it. */
export interface ServedFolder {
  /** Where it listens. */
  readonly socket: string;
  /** See `Transport.backup`. */
  backup(out: string): Promise<void>;
  /** Lets what is under way end, and gives the folder back. Leaves no socket. @throws whatever the medium fails with */
  close(): Promise<void>;
}

/**
 * Takes the folder, at once or not at all, and serves it on a socket that only this user reaches.
 *
 * @throws DustError `storage`, as opening a folder does: with detail `locked` while somebody has it
 */
export async function serveFolder(options: ServedFolderOptions): Promise<ServedFolder> {
  const { path, places, takeOver, verify, log = LOG, clock, logger } = options;
  const storage = await openLmdbStorage({ path, takeOver, verify, share: places.outside });
  const onListenerError = (error: unknown): void => {
    logger.error(`a watcher of the shared folder ${path} threw: ${inspect(error)}`);
  };
  const store = new Store({ storage, clock, log, onListenerError });
  try {
    const desk = new BackupDesk(store, clock);
    const parts = serverParts(
      {
        stores: { [SHARED_STORE]: store },
        tokens: [{ token: SHARED_TOKEN, name: 'a process that shares the folder' }],
        rateLimits: false,
        bounds: BOUNDS,
        clock,
        logger,
      },
      { tellsStorageFaults: true },
    );
    const service = new HttpService(parts, desk.answers);
    const socket = await listen(service, options);
    return {
      socket,
      backup: (out) => desk.backUp(out),
      close: async () => {
        try {
          await desk.done();
          await service.close();
          tidy(places);
        } finally {
          await store.close();
        }
      },
    };
  } catch (error) {
    tidy(places);
    await store.close();
    throw isDustError(error) ? error : noPlaceForSocket(path, error);
  }
}

/** Whoever has the folder's lock is the only one who makes and removes its sockets. */
async function listen(
  service: HttpService,
  { path, places: { inside, outside } }: ServedFolderOptions,
): Promise<string> {
  if (inside !== undefined) {
    try {
      await listenAt(service, path, inside);
      return inside;
    } catch (error) {
      // A file system without sockets, or a full disk.
      if (isDustError(error)) throw error;
    }
  }
  await listenAt(service, path, outside);
  return outside;
}

async function listenAt(service: HttpService, folder: string, socket: string): Promise<void> {
  makePrivate(folder, socket);
  rmSync(socket, { force: true });
  await service.listen({ path: socket });
  chmodSync(socket, 0o600);
}

/** Leaves nothing behind: of one who was killed, neither. Never throws. */
function tidy({ inside, outside }: SocketPlaces): void {
  for (const socket of [inside, outside]) {
    if (socket === undefined) continue;
    try {
      rmSync(socket, { force: true });
      rmdirSync(dirname(socket));
    } catch {
      // It is not there, or holds what is not ours.
    }
  }
}
