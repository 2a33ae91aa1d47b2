// One service, its entity declared in three ways (tests/fronts): by legacy decorators, by standard ones, and without decorators, which needs
// no compiler and so runs under several of them and none. The same tests pass on all, with the packed package as users have it.
import { join } from 'node:path';
import { inScratchFolder, installProject, pack, root } from './scratch-project.mjs';

const node = process.execPath;
const bin = (name) => join('node_modules', '.bin', name);

/** What the bundle leaves outside: packages with binaries, which stand where it runs. */
const OUTSIDE = ['lmdb', 'fs-native-extensions'].map((name) => `--external:${name}`);

/** Packages of CommonJS in a bundle of modules ask for `require`. */
const REQUIRE =
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

try {
  await inScratchFolder((folder) => {
    const { run } = installProject('tests/fronts', folder, pack(folder));
    const tsc = (config) => run(node, [join(root, 'node_modules/typescript7/bin/tsc'), '-p', config]);

    tsc('tsconfig.legacy.json');
    run(node, ['run-legacy.js']);
    tsc('tsconfig.json');
    run(node, ['run-standard.js']);
    for (const runner of ['tsx', 'bun']) run(bin(runner), ['run-standard.ts', runner]);

    run(node, ['run-defined.mjs']);
    run(bin('tsx'), ['run-defined.mjs', 'tsx']);
    const bundling = [
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--log-level=error',
      '--outfile=bundle.mjs',
    ];
    run(bin('esbuild'), ['run-defined.mjs', ...bundling, ...OUTSIDE, REQUIRE]);
    run(node, ['bundle.mjs', 'bundled by esbuild']);
    run(bin('vitest'), ['run', '--reporter=default']);
    run(bin('bun'), ['run-defined.mjs', 'bun']);
  });
} catch (error) {
  console.error(`check-fronts: ${error.message}`);
  process.exitCode = 1;
}
