import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { MARK_FILE } from '../damage/index.js';
import { DATA_FILE } from '../folder/check-files.js';

/** How deep below a folder others are looked for: those of a data source lie at `stores/<org>/<name>`. */
const DEPTH = 3;

/**
 * The folder itself and those below it that hold a store, or held one before its data file was lost, as the ways from it: `''`,
 * `stores/acme/notes`. None where it is not there. Links to folders are followed, each folder is named once.
 *
 * @throws the system's error
 */
export function dataFolders(folder: string): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (way: string, depth: number): void => {
    const here = join(folder, way);
    const real = realpathSync(here);
    if (seen.has(real)) return;
    seen.add(real);
    if (holdsStore(here)) found.push(way);
    if (depth === 0) return;
    for (const entry of readdirSync(here, { withFileTypes: true })) {
      if (isFolder(here, entry) && !UNFINISHED.includes(entry.name)) visit(join(way, entry.name), depth - 1);
    }
  };
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) visit('', DEPTH);
  return found;
}

/** Whatever stands there under the name of one of its files, a store was meant. @throws the system's error */
export function holdsStore(folder: string): boolean {
  return [DATA_FILE, MARK_FILE].some(
    (name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined,
  );
}

function isFolder(above: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(above, entry.name)).isDirectory();
  } catch {
    // A link to nothing, or in a circle.
    return false;
  }
}

/** Where a folder's new data is prepared: nothing that belongs to anybody. */
export const RESTORING = 'restoring';
const UNFINISHED = ['making', RESTORING];
