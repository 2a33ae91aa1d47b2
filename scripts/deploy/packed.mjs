// The packed package, installed as the Dockerfile's last stage does.
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Packs `root` and installs it in `folder` with the packages that the image has beside it. */
export function installPacked({ root, folder, install }) {
  const tarball = npm(['pack', root, '--ignore-scripts', '--silent'], folder).trim();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const args = install.map((word) => (word.endsWith('.tgz') ? join(folder, tarball) : word));
  npm(['install', ...args, '--loglevel=error'], folder);
  cpSync(new URL('clients.mjs', import.meta.url), join(folder, 'clients.mjs'));
}
