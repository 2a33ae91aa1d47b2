import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeNewFolder } from '../store/lmdb/index.js';
import type { Transport } from '../transport/transport.js';
import { backupElsewhere } from './errors.js';
import { storeBelow } from './folder-of.js';
import type { ResolvedOptions } from './resolve-options.js';

type BackupTransport = Transport & Required<Pick<Transport, 'backup'>>;

/**
 * Copies the stores of a data source into one new folder, laid out as its own: a data source with that `path` reads it.
 *
 * @param others the transports to the stores of entities that name one, by its name
 * @throws DustError `not_supported`, and what a transport's `backup` throws
 */
export async function backUp(
  { name, path }: ResolvedOptions,
  own: Transport,
  others: ReadonlyMap<string, Transport>,
  out: string,
): Promise<void> {
  const first = able(name, own);
  const rest = [...others].map(([store, transport]) => [store, able(name, transport)] as const);
  if (rest.length === 0) return first.backup(out);
  await makeNewFolder(out, path === undefined ? [] : [path], async (folder) => {
    await first.backup(folder);
    for (const [store, transport] of rest) {
      const below = storeBelow(folder, store);
      await mkdir(dirname(below), { recursive: true });
      await transport.backup(below);
    }
  });
}

function able(name: string, transport: Transport): BackupTransport {
  if (!hasBackup(transport)) throw backupElsewhere(name);
  return transport;
}

function hasBackup(transport: Transport): transport is BackupTransport {
  return transport.backup !== undefined;
}
