// Runs a long drive: `npm run drive -- ownership --rounds 50`. Without a name, lists them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../tests/drives/', import.meta.url));
const drives = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length));

const [name, ...options] = process.argv.slice(2);
if (!drives.includes(name)) {
  console.log(`npm run drive -- <name> [options], with one of: ${drives.join(', ')}`);
  process.exit(name === undefined ? 0 : 2);
}
const drive = spawn(process.execPath, ['--expose-gc', `${folder}${name}.mjs`, ...options], {
  stdio: 'inherit',
});
const [code, signal] = await once(drive, 'exit');
if (signal !== null) console.error(`the drive ended by ${signal}`);
process.exit(code ?? 1);
