import { connect as openSocket } from 'node:net';
import type { Socket } from 'node:net';
import type { OwnerRecord } from '../store/lmdb/index.js';
import { folderOwner, isElsewhere } from '../store/lmdb/index.js';
import { ofAnotherUser, ownerAway } from './errors.js';
import type { FolderIdentity } from './folder-identity.js';
import { identityOf } from './folder-identity.js';
import type { ServedFolder, ServedFolderOptions } from './served-folder.js';
import { isPlaceThere, socketPlacesOf } from './socket-places.js';

/** Who a folder says has it. */
export interface NamedOwner {
  readonly record: OwnerRecord;
  /** Whether that is another machine's, where no socket of it is reached. */
  readonly isElsewhere: boolean;
}

/** What a share needs of the system, each to be replaced by a test. */
export interface ShareParts {
  /** Loads what serving a folder takes, so that taking one over does not wait for it. */
  prepare(): Promise<unknown>;
  /** Takes a folder. @throws DustError `storage`, with detail `locked` while somebody has it */
  serve(options: ServedFolderOptions): Promise<ServedFolder>;
  /** Who a folder says has it. */
  owner(folder: string): NamedOwner | undefined;
  /** What a folder is known by. */
  identity(folder: string): FolderIdentity;
  /** Where the owner of a folder may listen, the likeliest first. @throws DustError `storage` with detail `locked` */
  sockets(folder: string): Iterable<string>;
  /** Connects; undefined where nobody listens. @throws DustError `network`, `storage` with detail `locked` */
  connect(socket: string): Promise<Socket | undefined>;
}

/** What says that nobody listens: no socket, one that was left behind, or no socket at all. */
const NOBODY: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR']);
const FORBIDDEN: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM']);

/** Loaded with the first share: whoever shares nothing goes without a server. */
const loadServing = () => import('./served-folder.js');

/** The system as it is. */
export const systemParts: ShareParts = {
  prepare: loadServing,
  serve: async (options) => (await loadServing()).serveFolder(options),
  owner: namedOwner,
  identity: identityOf,
  sockets: socketsOf,
  connect: connectTo,
};

/** Only this user's places count. */
function* socketsOf(folder: string): Generator<string> {
  const { inside, outside } = socketPlacesOf(folder);
  if (inside !== undefined && isPlaceThere(folder, inside)) yield inside;
  if (isPlaceThere(folder, outside)) yield outside;
  // Its folder for temporary files may be another one than ours.
  const named = namedOwner(folder);
  const share = named?.record.share;
  if (share === undefined || named?.isElsewhere === true || share === outside) return;
  if (isPlaceThere(folder, share)) yield share;
}

function namedOwner(folder: string): NamedOwner | undefined {
  const record = folderOwner(folder);
  return record && { record, isElsewhere: isElsewhere(record) };
}

function connectTo(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = openSocket({ path });
    const fail = (error: NodeJS.ErrnoException): void => {
      if (NOBODY.has(error.code)) resolve(undefined);
      else reject(FORBIDDEN.has(error.code) ? ofAnotherUser(path, path) : ownerAway(path, error));
    };
    // Stays: whoever takes the connection over listens a moment later.
    socket.on('error', fail);
    socket.once('connect', () => {
      resolve(socket);
    });
  });
}
