import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'dust-orm';
import type { Gate } from './gate.js';

/** Milliseconds between two backups. */
const BETWEEN = 500;

interface BackedUp {
  backup(out: string): Promise<unknown>;
}

/** Whether this data source can be backed up while it is open. */
function canBackUp(dataSource: DataSource): dataSource is DataSource & BackedUp {
  return 'backup' in dataSource && typeof dataSource.backup === 'function';
}

/** Takes backups of a store in use, one after another, each in place of the former. Returns how many. */
export async function backUp(
  dataSource: DataSource,
  out: string,
  { gate, isOver }: { readonly gate: Gate; readonly isOver: () => boolean },
): Promise<number> {
  let count = 0;
  try {
    while (canBackUp(dataSource) && !isOver()) {
      await gate.pass();
      await rm(out, { recursive: true, force: true });
      await dataSource.backup(out);
      count += 1;
      await pause(BETWEEN);
    }
  } finally {
    gate.leave();
  }
  return count;
}
