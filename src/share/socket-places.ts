import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ofAnotherUser } from './errors.js';

/** What the system takes as the path of a socket, in bytes: one less than its structure has room for. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Where the owner of a folder may listen: in the folder, or, where its path is too long or it holds no sockets, outside. */
export interface SocketPlaces {
  readonly inside: string | undefined;
  readonly outside: string;
}

/**
 * The places of a folder.
 *
 * @param folder its real path, the same for all who share it
 * @param temporary the folder for temporary files
 */
export function socketPlacesOf(folder: string, temporary = tmpdir()): SocketPlaces {
  const inside = join(folder, 'share', 'socket');
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return {
    inside: Buffer.byteLength(inside) <= MAX_PATH_BYTES ? inside : undefined,
    outside: join(temporary, `dust-orm-${userId()}-${hash}`, 'socket'),
  };
}

/** Makes the folder of a socket one that only this user enters. @throws DustError `storage` with detail `locked`; the system's error */
export function makePrivate(folder: string, socket: string): void {
  const place = dirname(socket);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  if (!isPlaceThere(folder, socket)) throw new Error(`${place} is no folder`);
  chmodSync(place, 0o700);
}

/**
 * Whether there is a folder for the socket. Whoever may make one at that place could answer in the owner's stead.
 *
 * @throws DustError `storage` with detail `locked` when it is somebody else's
 */
export function isPlaceThere(folder: string, socket: string): boolean {
  const place = dirname(socket);
  // A link is not followed: it could lead to a folder of anybody's.
  const found = statsOf(place);
  if (found?.isDirectory() !== true) return false;
  if (found.uid !== userId()) throw ofAnotherUser(folder, place);
  return true;
}

/** What cannot even be looked at is no place, either. */
function statsOf(place: string): Stats | undefined {
  try {
    return lstatSync(place, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function userId(): number {
  return process.geteuid?.() ?? 0;
}
