import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDustError, messageOf } from '../../../errors.js';
import { damagedStore, folderUnusable, newerFormat, notAStore, verifyUnavailable } from '../errors.js';
import { FORMAT_VERSION } from '../format.js';
import { openingFault, presenceFault } from './opening-check.js';
import { canReadLayout } from './platform.js';
import { markedFormat } from './store-mark.js';
import { verifyFolder } from './verify.js';

/**
 * Sees to it that LMDB can trust the data file of a folder that this process has locked, as far as its first pages tell,
 * or with `all` every page and every value.
 *
 * @throws DustError `storage` with detail `corrupt`, `newer_version` or `unreadable`; `not_supported` for `all` on
 * machines whose files are laid out in another way
 */
export async function assertSound(folder: string, all: boolean): Promise<void> {
  try {
    const format = markedFormat(folder) ?? 0;
    if (format > FORMAT_VERSION) throw newerFormat(folder, format, FORMAT_VERSION);
    const fault = presenceFault(folder) ?? (all ? undefined : openingFault(folder));
    if (fault !== undefined) throw notAStore(folder, fault);
    if (all) await assertAllSound(folder);
  } catch (error) {
    throw isDustError(error) ? error : folderUnusable(folder, messageOf(error), error);
  }
}

async function assertAllSound(folder: string): Promise<void> {
  if (!canReadLayout()) throw verifyUnavailable();
  if (!existsSync(join(folder, 'data.mdb'))) return;
  const { lost } = await verifyFolder(folder);
  const summary = lost.summary();
  if (summary !== undefined) throw damagedStore(folder, lost.count, summary);
}
