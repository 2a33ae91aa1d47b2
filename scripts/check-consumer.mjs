// Installs the packed package into projects outside of the repository, as users have them, and runs those: scripts in both
// module formats compiled by TypeScript 7 (tests/consumer), and the NestJS example with its tests. What a project does not
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
  const command = join('node_modules', '.bin', 'dust-orm');
  run(command, ['put', 'greeting', '"hello"', '--data', 'store']);
  run(command, ['get', 'greeting', '--data', 'store']);
  run(command, ['doctor', '--config', 'ormconfig.ts']);
}

function checkNestExample(folder, tarball) {
  const { run } = installProject('examples/nestjs-reading-list', folder, tarball);
  run('npm', ['run', 'build', '--silent']);
  run('npx', ['--no-install', 'jest', '--silent']);
}

try {
  await inScratchFolder((folder) => {
    const tarball = pack(folder);
    checkScripts(folder, tarball);
    checkNestExample(folder, tarball);
  });
} catch (error) {
  console.error(`check-consumer: ${error.message}`);
  process.exitCode = 1;
}
