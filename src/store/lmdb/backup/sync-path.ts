import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';

/**
 * Makes a file's bytes, or a folder's names, outlive a power failure; of folders where they can be synced. What a link leads to
 * is meant, not the link.
 *
 * @throws the system's error
 */
export function syncPath(path: string): void {
  const isFolder = statSync(path).isDirectory();
  if (isFolder && process.platform === 'win32') return;
  const file = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
