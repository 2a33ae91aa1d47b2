// Compiles the tests' configuration for the studio's process, which is another one than Jest's, and prints where it is. A
// configuration in TypeScript would be compiled with the whole package at every start, because here the package is no dependency.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const support = fileURLToPath(new URL('.', import.meta.url));
const folder = join(support, '../.build');

const build = await rolldown({
  input: { ormconfig: join(support, 'ormconfig.ts'), library: join(support, 'library.ts') },
  external: (id) => !/^[./\0]/.test(id),
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  platform: 'node',
});
await build.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name].mjs',
  keepNames: true,
});
await build.close();
console.log(join(folder, 'ormconfig.mjs'));
