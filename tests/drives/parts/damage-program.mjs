// Opens data folders one after the other, reads everything in each, and prints a line of JSON for it: what it read in
// short, or the error. Arguments: verify or plain, the folders.
import { createHash } from 'node:crypto';
import { DataSource, silentLogger } from 'dust-orm';
import { Note } from './note.mjs';

const [how, ...folders] = process.argv.slice(2);

async function readAll(path) {
  const options = { path, verify: how === 'verify', entities: [Note], logger: silentLogger };
  const dataSource = await new DataSource(options).initialize();
  try {
    const { transport } = dataSource;
    const digest = createHash('sha256');
    for (const { path: leaf, value, revision, type } of await transport.subtree('notes')) {
      digest.update(JSON.stringify([leaf, value, revision, type]));
      if (type !== 'file') continue;
      const file = await transport.getFile(value.hash);
      digest.update(file === null ? 'none' : file.content);
    }
    return digest.digest('hex');
  } finally {
    await dataSource.destroy();
  }
}

for (const folder of folders) {
  const line = await readAll(folder).then(
    (read) => ({ read }),
    ({ kind, detail, message }) => ({ kind, detail, message }),
  );
  process.stdout.write(`${JSON.stringify({ folder, ...line })}\n`);
}
