// Builds dist/esm, dist/cjs and the page in dist/studio, and stamps dist with the hash of the sources. The code is bundled, because loading some
// 250 small files takes longer than running them; the declarations stay one file for each source.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { buildStudioPage } from './build-studio-page.mjs';
import { rxjsByFile } from './rxjs-by-file.mjs';
import { sourceHash } from './source-hash.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** What users reach: the entries of package.json's `exports`, and the command. */
const ENTRIES = [
  'index',
  'es/index',
  'express/index',
  'nestjs/index',
  'opentelemetry/index',
  'testing/index',
  'server/index',
  'cli/main',
];

/**
 * What import() becomes in CommonJS is a require() in a function of its own. Bundlers let a package be that is not installed, but only where the
 * require() itself stands in a `try`.
 */
const OPTIONAL_REQUIRE = {
  name: 'optional-require',
  renderChunk: (code) => ({
    code: code.replace(
      /Promise\.resolve\(\)\.then\(\(\) => ((?:[^()\n]|\/\*[^\n]*?\*\/)*?__toESM\(require\("[^"]+"\)(?:, 1)?\))\)/g,
      'Promise.resolve().then(() => { try { return $1; } catch (error) { throw error; } })',
    ),
    map: null,
  }),
};

/** Writes both formats. Packages stay outside, and all entries share one copy of what they have in common. */
async function bundle() {
  const build = await rolldown({
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, join(root, `src/${entry}.ts`)])),
    // What decorators compile to calls helpers that rolldown brings along.
    external: (id) => !/^[./\0]/.test(id) && id !== 'rxjs' && !id.startsWith('@oxc-project/runtime/'),
    plugins: [rxjsByFile()],
    platform: 'node',
    treeshake: { moduleSideEffects: (id) => id === 'reflect-metadata' },
  });
  const output = {
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    keepNames: true,
  };
  await build.write({ ...output, dir: join(dist, 'esm'), format: 'esm' });
  // An import() stays out of CommonJS: test runners that load the package through require cannot run it.
  await build.write({
    ...output,
    dir: join(dist, 'cjs'),
    format: 'cjs',
    exports: 'named',
    dynamicImportInCjs: false,
    plugins: [OPTIONAL_REQUIRE],
  });
  await build.close();
}

// The hash comes first: a source edited during the build must not count as built.
const hash = sourceHash(root);
rmSync(dist, { recursive: true, force: true });
try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  // The same declarations mean CommonJS under a package.json that says so.
  cpSync(join(dist, 'esm'), join(dist, 'cjs'), { recursive: true });
  await bundle();
  await buildStudioPage(root, join(dist, 'studio'));
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exit(1);
}
writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
writeFileSync(join(dist, '.stamp'), hash);
