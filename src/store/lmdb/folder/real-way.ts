import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { hasCode } from '../system-error.js';

/** Where a path leads when all links on its way are followed; what is not there yet stands as it is written. @throws the system's error */
export function realWay(path: string): string {
  const missing: string[] = [];
  for (let above = resolve(path); ; above = dirname(above)) {
    try {
      return join(realpathSync(above), ...missing);
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || dirname(above) === above) throw error;
      missing.unshift(relative(dirname(above), above));
    }
  }
}

/** Whether `path` is the folder or lies in it, of two that {@link realWay} returned. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}
