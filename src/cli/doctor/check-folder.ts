import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Clock } from '../../clock.js';
import { isDustError, messageOf } from '../../errors.js';
import { makeStore } from '../../store/index.js';
import { dataFolders, openLmdbStorage } from '../../store/lmdb/index.js';
import { storesBelow } from '../errors.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';

const CHECK = 'folder';

/**
 * The folder of an embedded store: there, writable, in nobody else's hands; and each of the stores below it, which are those of a server or of
 * entities. Makes nothing that is not there.
 */
export async function* checkFolders(path: string, clock: Clock): AsyncGenerator<Finding, void, undefined> {
  const finding = await unusable(path);
  if (finding !== undefined) {
    yield finding;
    return;
  }
  try {
    yield* checkStores(path, dataFolders(path), clock);
  } catch (error) {
    yield fail(CHECK, `${path} cannot be looked at: ${messageOf(error)}.`);
  }
}

async function* checkStores(
  path: string,
  ways: readonly string[],
  clock: Clock,
): AsyncGenerator<Finding, void, undefined> {
  const stores = ways.filter((way) => isOfThis(way, ways.includes('')));
  for (const way of stores) yield await openAndClose(join(path, way), clock);
  if (ways.length === 0) {
    yield warn(CHECK, `${path} holds no store yet; the first start makes one.`);
  } else if (stores.length === 0) {
    yield warn(CHECK, `${path} holds no store itself; ${storesBelow(ways)} Give the folder of one.`);
  }
}

/** Whether a store is the folder's own, one of its entities, or one of a server that keeps them there: no backup beside them is opened. */
function isOfThis(way: string, hasOwn: boolean): boolean {
  const [first, ...rest] = way.split(sep);
  return way === '' || (first === 'stores' && rest.length === 2) || (!hasOwn && rest.length === 1);
}

async function unusable(path: string): Promise<Finding | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return warn(CHECK, `${path} does not exist yet; the first start makes it.`);
  if (!found.isDirectory()) return fail(CHECK, `${path} is not a folder. Give the path of one.`);
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return fail(CHECK, isReadOnly(error) ? readOnly(path) : notPermitted(path));
  }
}

const isReadOnly = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EROFS';

const notPermitted = (path: string): string =>
  `${path} may not be read and written by this user. Change its owner or its rights.`;

const readOnly = (path: string): string =>
  `${path} lies on a file system that can only be read, where no store can be opened. Look at its data with --verify; to use it, restore it ` +
  'to a disk that can be written to (dust-orm restore).';

async function openAndClose(path: string, clock: Clock): Promise<Finding> {
  try {
    const store = await makeStore({ storage: await openLmdbStorage({ path }), clock });
    try {
      return ok(CHECK, `${path} opens, and stands at store_seq ${store.status().storeSeq}.`);
    } finally {
      await store.close();
    }
  } catch (error) {
    // A program that is at work is no fault; only nobody else can open the folder meanwhile.
    return isDustError(error) && error.detail === 'locked'
      ? warn(CHECK, messageOf(error))
      : fail(CHECK, messageOf(error));
  }
}
