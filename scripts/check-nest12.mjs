// Runs the packed package in an application of Nest 12, which is ECMAScript modules only, outside of the repository and by
// plain Node: tests/nest12, compiled by TypeScript 7. Compiles what `nest new` of Nest 12 writes
// (tests/nest-new). Then takes Terminus away and sees that nothing but health checks misses it.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratchFolder, pack, root } from './scratch-project.mjs';

const node = process.execPath;
const tsc = join(root, 'node_modules/typescript7/bin/tsc');

function checkNest12(folder) {
  const project = join(folder, 'nest12');
  cpSync(join(root, 'tests/nest12'), project, { recursive: true });
  const run = (command, ...args) =>
    execFileSync(command, args, {
      cwd: project,
      stdio: 'inherit',
      shell: process.platform === 'win32' && command !== node,
    });
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', 'ci', ...quiet);
  run('npm', 'install', '--no-save', pack(folder), ...quiet);

  run(node, tsc, '-p', 'tsconfig.json');
  run(node, 'build/smoke.mjs');
  checkNestNew(project, run);

  rmSync(join(project, 'node_modules/@nestjs/terminus'), { recursive: true });
  run(node, tsc, '-p', 'tsconfig.without-terminus.json');
  run(node, 'build/without-terminus.mjs');
  run(node, 'build/without-terminus.cjs');
}

/** What `nest new` of Nest 12 writes, as ECMAScript modules and as CommonJS, strict and not, by the compiler it asks for. */
function checkNestNew(project, run) {
  cpSync(join(root, 'tests/nest-new/src'), join(project, 'nest-new/src'), { recursive: true });
  for (const type of ['module', 'commonjs']) {
    writeFileSync(join(project, 'nest-new/package.json'), JSON.stringify({ type }));
    for (const config of ['tsconfig.nest12-strict.json', 'tsconfig.nest12.json']) {
      for (const name of ['tsconfig.nest12.json', config]) {
        cpSync(join(root, 'tests/nest-new', name), join(project, 'nest-new', name));
      }
      run(node, join(root, 'node_modules/typescript/bin/tsc'), '-p', join('nest-new', config));
    }
  }
  writeFileSync(join(project, 'nest-new/package.json'), JSON.stringify({ type: 'module' }));
  run(node, join(root, 'node_modules/typescript/bin/tsc'), '-p', 'nest-new/tsconfig.nest12.json');
  run(node, 'nest-new/dist/src/main.js');
}

try {
  await inScratchFolder(checkNest12);
} catch (error) {
  console.error(`check-nest12: ${error.message}`);
  process.exitCode = 1;
}
