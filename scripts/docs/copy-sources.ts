import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nameOnSite } from './linked-files.js';
import { sourceAddress } from './site-links.js';

/**
 * Puts a file of the repository at `root` where the site shows its text; of a folder its files, and a page that lists them.
 * Folders in a folder are left out.
 */
export function copySources(root: string, file: string, site: string): void {
  const copy = join(site, sourceAddress(file));
  if (!statSync(join(root, file)).isDirectory()) {
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, file), copy);
    return;
  }
  const names = readdirSync(join(root, file), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  for (const name of names) copySources(root, `${file}/${name}`, site);
  writeFileSync(join(copy, 'index.html'), listing(basename(file), names));
}

function listing(folder: string, names: readonly string[]): string {
  const items = names.map((name) => `<li><a href="${encodeURIComponent(nameOnSite(name))}">${name}</a></li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${folder}</title>
<h1>${folder}</h1>
<ul>
${items.join('\n')}
</ul>
</html>
`;
}
