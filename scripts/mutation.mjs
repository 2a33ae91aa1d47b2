// Changes the sources one place at a time and asks whether a test notices: `npm run mutation -- src/sync --mutants 40`.
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const root = fileURLToPath(new URL('..', import.meta.url));
const jiti = createJiti(import.meta.url);
const { USAGE, readOptions } = await jiti.import('./mutation/options.ts');
const { run } = await jiti.import('./mutation/run.ts');

try {
  const options = readOptions(process.argv.slice(2), Date.now());
  process.exitCode = await run(root, options, console.log);
} catch (error) {
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
