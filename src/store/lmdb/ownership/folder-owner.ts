import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_NAME, LockFile } from './lock-file.js';
import type { OwnerRecord } from './owner-record.js';
import { isOfAnotherMachine, newOwnerRecord } from './owner-record.js';

/**
 * Who a data folder says has it. It may have ended by force since, and who has it now may not have said so yet: the lock alone tells
 * whether anybody has it. Undefined when nobody is named, or the name cannot be read. Never throws.
 */
export function folderOwner(folder: string): OwnerRecord | undefined {
  try {
    if (lstatSync(join(folder, LOCK_NAME), { throwIfNoEntry: false }) === undefined) return undefined;
    const file = new LockFile(folder, { readOnly: true });
    try {
      return file.read();
    } finally {
      file.close();
    }
  } catch {
    return undefined;
  }
}

/** Whether an owner is another machine's, as far as that can be told from here. */
export function isElsewhere(owner: OwnerRecord): boolean {
  return isOfAnotherMachine(owner, newOwnerRecord());
}
