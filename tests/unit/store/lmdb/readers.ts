import { open } from 'lmdb';

/**
 * How many read transactions anybody holds on the data file in `folder`, as LMDB itself counts them. One belongs to the
 * process for as long as it reads in one turn of the event loop; it is given back with the turn.
 */
export async function readersOf(folder: string): Promise<number> {
  const root = open({ path: folder, readOnly: true });
  try {
    return root
      .readerList()
      .split('\n')
      .filter((line) => /^\s*\d+ /.test(line)).length;
  } finally {
    await root.close();
  }
}
