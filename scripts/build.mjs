// Builds dist/esm and dist/cjs side by side and stamps dist with the hash of the sources.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { sourceHash } from './source-hash.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const compile = (project) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tsc -p ${project} failed`))));
  });

// The hash comes first: a source edited during the build must not count as built.
const hash = sourceHash(root);
rmSync(`${root}dist`, { recursive: true, force: true });
const results = await Promise.allSettled(['tsconfig.build.json', 'tsconfig.build.cjs.json'].map(compile));
const failures = results.filter((result) => result.status === 'rejected');
if (failures.length > 0) {
  for (const { reason } of failures) console.error(reason.message);
  process.exit(1);
}
writeFileSync(`${root}dist/cjs/package.json`, '{ "type": "commonjs" }\n');
writeFileSync(`${root}dist/.stamp`, hash);
