// Builds the studio's page into a folder: index.html, app.js and app.css. Nothing in it is inline or comes from elsewhere, because
// the studio's process serves it under a strict content security policy.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** In the order of their rules: what is later wins. */
const STYLES = ['base', 'controls', 'shell', 'table', 'record', 'narrow'];

/** Without comments and the space that only people need. */
function minified(css) {
  return css
    .replaceAll(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(';}', '}')
    .trim();
}

/** Builds the page of the repository at `root` into `folder`. */
export async function buildStudioPage(root, folder) {
  const page = join(root, 'src/studio/page');
  mkdirSync(folder, { recursive: true });
  const build = await rolldown({
    input: { app: join(page, 'main.tsx') },
    platform: 'browser',
    tsconfig: join(page, 'tsconfig.json'),
    resolve: { extensionAlias: { '.js': ['.js', '.ts', '.tsx'] } },
  });
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    minify: true,
    sourcemap: false,
  });
  await build.close();
  const css = STYLES.map((name) => readFileSync(join(page, `style/${name}.css`), 'utf8')).join('\n');
  writeFileSync(join(folder, 'app.css'), minified(css));
  writeFileSync(join(folder, 'index.html'), readFileSync(join(page, 'index.html')));
}
