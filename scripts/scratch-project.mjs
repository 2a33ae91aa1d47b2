// Projects outside of the repository that have the packed package installed, as a user's have.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What a copied project must not bring along: what was installed and built where it comes from. */
const LEFT_BEHIND = new Set(['node_modules', 'dist', 'build', '.build']);

const isWindows = process.platform === 'win32';

/** Packs the package into `folder` and returns the path of the tarball. Expects dist to be built. */
export function pack(folder) {
  const printed = execFileSync('npm', ['pack', root, '--ignore-scripts', '--silent'], {
    cwd: folder,
    encoding: 'utf8',
    shell: isWindows,
  });
  return join(folder, printed.trim());
}

/** Calls `use` with an empty folder of its own, which is gone afterwards. */
export async function inScratchFolder(use) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-scratch-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Copies a project of the repository into `folder` and installs what its package.json asks for, with the tarball as
 * `dust-orm`. Returns a function that runs a command there and throws when it fails.
 */
export function installProject(source, folder, tarball) {
  const project = join(folder, basename(source));
  cpSync(join(root, source), project, {
    recursive: true,
    filter: (path) => !LEFT_BEHIND.has(basename(path)),
  });
  const manifestPath = join(project, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  manifest.dependencies = { ...manifest.dependencies, 'dust-orm': `file:${tarball}` };
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  const run = (command, args) =>
    execFileSync(command, args, {
      cwd: project,
      stdio: 'inherit',
      shell: isWindows && command !== process.execPath,
    });
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  return { project, run };
}
