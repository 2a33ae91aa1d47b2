import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { META_BYTES, metaOf, signedNumber, wholeNumber } from '../../../../src/store/lmdb/damage/layout.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { useDataFolder } from './data-folder.js';

const folder = useDataFolder();

test('the state of a file is read from the bytes that LMDB writes it to, and from no less', async () => {
  const storage = await openLmdbStorage({ path: folder.path });
  await storage.close();
  const page = readFileSync(join(folder.path, 'data.mdb')).subarray(0, 4096);
  // mdb.c: a page header of 24 bytes, then MDB_meta, which ends with mm_txnid.
  expect(META_BYTES).toBe(24 + 136);
  expect(metaOf(page.subarray(0, META_BYTES))).toEqual(metaOf(page));
  expect(metaOf(page)?.transaction).toBeGreaterThan(0);
  expect(metaOf(page.subarray(0, META_BYTES - 1))).toBeUndefined();
});

test('numbers have 64 bits, with a sign where they have one', () => {
  const bytes = Buffer.alloc(9, 0xff);
  for (const number of [0, 7, 2 ** 31, 2 ** 32 + 5, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER]) {
    bytes.writeBigUInt64LE(BigInt(number), 1);
    expect([wholeNumber(bytes, 1), signedNumber(bytes, 1)]).toEqual([number, number]);
    bytes.writeBigInt64LE(BigInt(-number), 1);
    expect(signedNumber(bytes, 1)).toBe(-number + 0);
  }
});
