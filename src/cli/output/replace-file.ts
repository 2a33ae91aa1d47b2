import { open, rename, rm } from 'node:fs/promises';
import { fileFailed } from '../errors.js';

/**
 * Writes a file under a temporary name and gives it its own at the end, so that a file of that name is always whole:
 * the old one until then, and when anything fails.
 *
 * @throws DustError `storage` when the file cannot be written; what `texts` throws
 */
export async function replaceFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const writing = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw fileFailed('written', path, error);
    });
  const file = await writing(open(temporary, 'w', 0o600));
  try {
    for await (const text of texts) await writing(file.writeFile(text));
    await writing(file.sync());
    await writing(file.close());
    await writing(rename(temporary, path));
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
