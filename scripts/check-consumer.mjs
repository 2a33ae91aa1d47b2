// Installs the packed package into projects outside of the repository, as users have them, and runs those: scripts in both
// module formats compiled by TypeScript 7 (tests/consumer), the NestJS example with its tests, and what `nest new` writes (tests/nest-new). What a project does not
// declare it does not find, so that an undeclared import of ours fails here.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inScratchFolder, installProject, pack, root } from './scratch-project.mjs';

const node = process.execPath;

function checkScripts(folder, tarball) {
  const { project, run } = installProject('tests/consumer', folder, tarball);
  run(node, [join(root, 'node_modules/typescript7/bin/tsc'), '-p', project]);
  const outputs = readdirSync(join(project, 'build')).filter((file) => /\.[cm]js$/.test(file));
  for (const output of outputs) run(node, [join('build', output)]);
  for (const script of ['plain.mjs', 'plain.cjs']) run(node, [script]);
  const command = join('node_modules', '.bin', 'dust-orm');
  run(command, ['put', 'greeting', '"hello"', '--data', 'store']);
  run(command, ['get', 'greeting', '--data', 'store']);
  run(command, ['doctor', '--config', 'ormconfig.ts']);
}

/** The decorators of `dust-orm/es`, by a compiler without `experimentalDecorators`. */
function checkStandardDecorators(folder, tarball) {
  const { project, run } = installProject('tests/consumer-es', folder, tarball);
  run(node, [join(root, 'node_modules/typescript7/bin/tsc'), '-p', project]);
  for (const output of ['main.js', 'common.cjs']) run(node, [join('build', output)]);
}

/** Validation by schemas, where neither class-validator nor class-transformer is installed, and a bundle of it. */
function checkSchemas(folder, tarball) {
  const { project, run } = installProject('tests/consumer-schemas', folder, tarball);
  run(node, [join(root, 'node_modules/typescript7/bin/tsc'), '-p', project]);
  const outside = ['lmdb', 'fs-native-extensions'].map((name) => `--external:${name}`);
  const bundler = join('node_modules', '.bin', 'esbuild');
  for (const output of ['esm.mjs', 'cjs.cjs']) {
    run(node, [join('build', output)]);
    const bundle = join('build', `bundle-${output}`);
    const format = output.endsWith('.mjs') ? 'esm' : 'cjs';
    // What has been bundled as a module may still ask for `require`.
    const banner = format === 'esm' ? [REQUIRE] : [];
    run(bundler, [
      join('build', output),
      ...['--bundle', '--platform=node', '--log-level=error', `--format=${format}`, `--outfile=${bundle}`],
      ...outside,
      ...banner,
    ]);
    run(node, [bundle]);
  }
}

const REQUIRE =
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

function checkNestExample(folder, tarball) {
  const { run } = installProject('examples/nestjs-reading-list', folder, tarball);
  run('npm', ['run', 'build', '--silent']);
  run('npx', ['--no-install', 'jest', '--silent']);
}

/** What `nest new` of Nest 11 writes: CommonJS, by a compiler that resolves types as Node did before there were exports. */
function checkNestNew(folder, tarball) {
  const { project, run } = installProject('tests/nest-new', folder, tarball);
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  for (const config of ['tsconfig.nest11-strict.json', 'tsconfig.nest11.json']) {
    run(node, [tsc, '-p', config]);
  }
  run(node, ['dist/main.js']);
}

try {
  await inScratchFolder((folder) => {
    const tarball = pack(folder);
    checkScripts(folder, tarball);
    checkStandardDecorators(folder, tarball);
    checkSchemas(folder, tarball);
    checkNestExample(folder, tarball);
    checkNestNew(folder, tarball);
  });
} catch (error) {
  console.error(`check-consumer: ${error.message}`);
  process.exitCode = 1;
}
