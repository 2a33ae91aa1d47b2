// Packs the package, unpacks it into a scratch project (tests/consumer), compiles that with TypeScript 7 and runs it.
// The project sees the declared dependencies and peers only, so that an undeclared import of ours fails here.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name, bin, dependencies, peerDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const project = mkdtempSync(join(tmpdir(), 'dust-orm-consumer-'));
const modules = join(project, 'node_modules');
const run = (command, args) => execFileSync(command, args, { cwd: project, stdio: 'inherit' });

try {
  cpSync(join(root, 'tests/consumer'), project, { recursive: true });
  for (const dependency of [...Object.keys(dependencies), ...Object.keys(peerDependencies), '@types/node']) {
    mkdirSync(dirname(join(modules, dependency)), { recursive: true });
    symlinkSync(join(root, 'node_modules', dependency), join(modules, dependency), 'junction');
  }

  const packed = execFileSync('npm', ['pack', root, '--ignore-scripts', '--silent'], {
    cwd: project,
    encoding: 'utf8',
  });
  mkdirSync(join(modules, name));
  run('tar', ['-xzf', packed.trim(), '-C', join(modules, name), '--strip-components=1']);

  run(process.execPath, [join(root, 'node_modules/typescript7/bin/tsc'), '-p', project]);
  const outputs = readdirSync(join(project, 'build')).filter((file) => /\.[cm]js$/.test(file));
  for (const output of outputs) run(process.execPath, [join('build', output)]);

  const command = join(modules, name, bin[name]);
  run(process.execPath, [command, 'put', 'greeting', '"hello"', '--data', 'store']);
  run(process.execPath, [command, 'get', 'greeting', '--data', 'store']);
  run(process.execPath, [command, 'doctor', '--config', 'ormconfig.ts']);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
