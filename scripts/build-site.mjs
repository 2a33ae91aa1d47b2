// Builds the site in `site/`: the pages by VitePress (scripts/site), the reference by TypeDoc below `reference/`.
// DOCS_BASE is the path that it is served at when that is not `/`; DOCS_REPOSITORY the address of the repository for "Edit this
// page" when package.json names none. With `--dev` it serves the pages instead, and shows what changes in them.
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const root = fileURLToPath(new URL('..', import.meta.url));
const { finishSite } = await createJiti(import.meta.url).import('./docs/finish-site.ts');
const site = join(root, 'site');
const reference = join(root, '.build/reference');

const run = (script, args) =>
  execFileSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DUST_ORM_ROOT: root },
  });

if (process.argv.includes('--dev')) {
  run('node_modules/vitepress/bin/vitepress.js', ['dev', 'scripts/site']);
  process.exit();
}
rmSync(reference, { recursive: true, force: true });
// First: it writes the page that lists what is exported.
run('node_modules/typedoc/bin/typedoc', ['--options', 'scripts/docs/typedoc-reference.mjs']);
run('node_modules/vitepress/bin/vitepress.js', ['build', 'scripts/site']);
rmSync(join(site, 'reference'), { recursive: true, force: true });
renameSync(reference, join(site, 'reference'));
finishSite(site, process.env.DOCS_BASE ?? '/');
