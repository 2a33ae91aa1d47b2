import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertRoom, reserveLockFile } from '../../../../../src/store/lmdb/folder/reserve-space.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const lockFile = () => join(folder.path, 'lock.mdb');

test('to look for room leaves nothing in the folder', () => {
  assertRoom(folder.path);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('where there is no room, nothing is left either', () => {
  expect(() => {
    assertRoom(join(folder.path, 'none'));
  }).toThrow(/^ENOENT: no such file or directory, open /);
  expect(readdirSync(folder.path)).toEqual([]);
});

describe('the lock file of LMDB', () => {
  test('is made with all of its bytes', () => {
    reserveLockFile(folder.path);
    expect(readFileSync(lockFile())).toEqual(Buffer.alloc(12_288));
  });

  test.each([1, 8_272, 12_287])('of %i bytes grows, and keeps what it has', (length) => {
    writeFileSync(lockFile(), Buffer.alloc(length, 'x'));
    reserveLockFile(folder.path);
    expect(readFileSync(lockFile())).toEqual(
      Buffer.concat([Buffer.alloc(length, 'x'), Buffer.alloc(12_288 - length)]),
    );
  });

  test.each([12_288, 20_000])('of %i bytes stays as it is', (length) => {
    writeFileSync(lockFile(), Buffer.alloc(length, 'x'));
    reserveLockFile(folder.path);
    expect(readFileSync(lockFile())).toEqual(Buffer.alloc(length, 'x'));
  });
});
