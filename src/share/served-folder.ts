import { inspect } from 'node:util';
import type { Clock } from '../clock.js';
import { isDustError } from '../errors.js';
import type { Logger } from '../logging.js';
import { HttpService } from '../server/http-service.js';
import { serverParts } from '../server/server-parts.js';
import type { StoreOptions } from '../store/index.js';
import { makeStore } from '../store/index.js';
import { openLmdbStorage } from '../store/lmdb/index.js';
import { BackupDesk } from './backup-desk.js';
import { noPlaceForSocket } from './errors.js';
import { FileDesk } from './file-desk.js';
import type { FolderIdentity } from './folder-identity.js';
import { identityOf, isSame, noteIdentity } from './folder-identity.js';
import { ListeningPlace, tidy } from './listening-place.js';
import type { SocketPlaces } from './socket-places.js';
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
  /** What the folder is known by. */
  readonly identity: FolderIdentity;
  /**
   * Listens again when its socket was removed. Whether it was. Does nothing in a folder that is another one by now.
   *
   * @throws DustError `storage`; the system's error, such as that of a full disk
   */
  heal(): Promise<boolean>;
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
  const store = await makeStore({ storage, clock, log, onListenerError });
  try {
    const desk = new BackupDesk(store, clock);
    const files = new FileDesk(store);
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
    const service = new HttpService(
      parts,
      (request, response) => desk.answers(request, response) || files.answers(request, response),
    );
    noteIdentity(path);
    const identity = identityOf(path);
    const place = await ListeningPlace.open(service, path, places);
    const isHere = (): boolean => isSame(identity, identityOf(path));
    return {
      socket: place.socket,
      identity,
      heal: async () => {
        if (place.isInPlace || !isHere()) return false;
        await place.listen();
        return true;
      },
      backup: (out) => desk.backUp(out),
      close: async () => {
        try {
          await desk.done();
          await service.close();
          // Where the folder was replaced, the sockets there are those of who has the other one.
          if (isHere()) tidy(places);
        } finally {
          await store.close();
        }
      },
    };
  } catch (error) {
    tidy(places);
    await store.close().catch(() => undefined);
    throw isDustError(error) ? error : noPlaceForSocket(path, error);
  }
}
