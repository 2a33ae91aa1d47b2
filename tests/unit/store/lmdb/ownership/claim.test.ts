import { DustError } from '../../../../../src/errors.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { Ownership } from '../../../../../src/store/lmdb/ownership/ownership.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();

/** Opens a folder that cannot be marked as this process's own, for this reason. */
async function opening(detail: string): Promise<unknown> {
  const claim = jest.spyOn(Ownership.prototype, 'claim').mockImplementationOnce(() => {
    throw new DustError('storage', 'no', { detail });
  });
  try {
    await (await openLmdbStorage({ path: folder.path })).close();
    return 'opened';
  } catch (error) {
    return (error as DustError).detail;
  } finally {
    claim.mockRestore();
  }
}

it('a disk without room for the mark of the owner opens, and nothing else that fails then', async () => {
  expect(await opening('write_failed')).toBe('opened');
  expect(await opening('corrupt')).toBe('corrupt');
  expect(await opening('exhausted')).toBe('exhausted');
  await (await openLmdbStorage({ path: folder.path })).close();
});
