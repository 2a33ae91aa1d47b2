import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the page, in memory. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

/**
 * The files of the page by the path they are asked for by: those that lie in the folder when the studio begins, and nothing that comes
 * there later. What is asked for never becomes a name of a file. Empty where there is no such folder.
 */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = { type, body: await readFile(join(folder, entry.name)) };
    files.set(`/${entry.name}`, file);
    if (entry.name === 'index.html') files.set('/', file);
  }
  return files;
}
