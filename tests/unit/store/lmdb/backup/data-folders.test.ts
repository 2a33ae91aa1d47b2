import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolders } from '../../../../../src/store/lmdb/backup/data-folders.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();

/** A folder that looks as if it held a store. */
function store(way: string): void {
  mkdirSync(join(folder.path, way), { recursive: true });
  writeFileSync(join(folder.path, way, 'data.mdb'), '');
}

describe('the folders with stores', () => {
  it('are the folder itself and those three levels below it', () => {
    for (const way of ['', 'stores/acme/notes', 'stores/acme/notes/deeper', 'stores/acme/other']) store(way);
    mkdirSync(join(folder.path, 'empty'));
    expect(dataFolders(folder.path).sort()).toEqual(['', 'stores/acme/notes', 'stores/acme/other']);
  });

  it('are each named once, however many links lead there, in circles too', () => {
    store('a');
    symlinkSync(join(folder.path, 'a'), join(folder.path, 'b'), 'junction');
    symlinkSync(folder.path, join(folder.path, 'a/up'), 'junction');
    expect(dataFolders(folder.path)).toHaveLength(1);
  });

  it('are none where nothing is, and where something is prepared', () => {
    store('making');
    store('restoring');
    expect(dataFolders(folder.path)).toEqual([]);
    expect(dataFolders(join(folder.path, 'missing'))).toEqual([]);
  });
});
