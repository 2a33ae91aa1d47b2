import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_FILE } from '../folder/check-files.js';

/** How deep below a folder others are looked for: those of a data source lie at `stores/<org>/<name>`. */
const DEPTH = 3;

/**
 * The folder itself and those below it that hold a store, as the ways from it: `''`, `stores/acme/notes`. None where it is
 * not there.
 *
 * @throws the system's error
 */
export function dataFolders(folder: string): string[] {
  const found: string[] = [];
  const visit = (way: string, depth: number): void => {
    const here = join(folder, way);
    if (existsSync(join(here, DATA_FILE))) found.push(way);
    if (depth === 0) return;
    for (const entry of readdirSync(here, { withFileTypes: true })) {
      if (entry.isDirectory() && !UNFINISHED.includes(entry.name)) visit(join(way, entry.name), depth - 1);
    }
  };
  if (existsSync(folder)) visit('', DEPTH);
  return found;
}

/** Where a folder's new data is prepared: nothing that belongs to anybody. */
export const RESTORING = 'restoring';
const UNFINISHED = ['making', RESTORING];
