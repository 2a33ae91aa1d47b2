import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCENARIOS = join(__dirname, 'scenarios');

/** Both builds of the package in one process, as they meet when an ESM service uses a CommonJS library of entities. */
describe('the ESM and the CommonJS copy of the package, side by side', () => {
  beforeAll(() => {
    const built = ['esm', 'cjs'].every((copy) => existsSync(join(__dirname, `../../dist/${copy}/index.js`)));
    if (!built) throw new Error('dist is missing: run "npm run build" (npm test does it by itself).');
  });

  it.each(readdirSync(SCENARIOS).filter((file) => file.endsWith('.scenario.mjs')))('%s', async (file) => {
    const { stdout } = await run(process.execPath, [join(SCENARIOS, file)]);
    expect(stdout).toContain('all assertions held');
  });
});
