import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.js';
import { isDustError, messageOf } from '../../errors.js';
import { Store } from '../../store/index.js';
import { openLmdbStorage } from '../../store/lmdb/index.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';

const CHECK = 'folder';

/** The folder of an embedded store: there, writable, in nobody else's hands. Makes nothing that is not there. */
export async function checkFolder(path: string, clock: Clock): Promise<Finding> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return warn(CHECK, `${path} does not exist yet; the first start makes it.`);
  if (!found.isDirectory()) return fail(CHECK, `${path} is not a folder. Give the path of one.`);
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    return fail(CHECK, `${path} may not be read and written by this user. Change its owner or its rights.`);
  }
  const data = await stat(join(path, 'data.mdb')).catch(() => undefined);
  if (data === undefined) return warn(CHECK, `${path} holds no store yet; the first start makes one.`);
  return openAndClose(path, clock);
}

async function openAndClose(path: string, clock: Clock): Promise<Finding> {
  try {
    const store = new Store({ storage: await openLmdbStorage({ path }), clock });
    const { storeSeq } = store.status();
    await store.close();
    return ok(CHECK, `${path} opens, and stands at store_seq ${storeSeq}.`);
  } catch (error) {
    // A program that is at work is no fault; only nobody else can open the folder meanwhile.
    return isDustError(error) && error.detail === 'locked'
      ? warn(CHECK, messageOf(error))
      : fail(CHECK, messageOf(error));
  }
}
