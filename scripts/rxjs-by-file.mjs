// A plugin for the build. Loading the whole of rxjs takes more than half of the time in which the package is loaded; what is
// used of it are some 20 of its 200 files. They are the same files that its index loads, so that its classes stay the same.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const OURS = '\0rxjs-by-file';

/** The names that rxjs exports, by the files they come from, which its package.json exports as `rxjs/internal/*`. */
export function filesOfRxjs(index = readFileSync(createRequire(import.meta.url).resolve('rxjs'), 'utf8')) {
  const files = new Map(
    [...index.matchAll(/^var (\w+) = require\("\.\/(internal\/[\w/]+)"\);$/gm)].map(([, alias, file]) => [
      alias,
      `rxjs/${file}`,
    ]),
  );
  const getters = index.matchAll(
    /^Object\.defineProperty\(exports, "(\w+)", .* return (\w+)\.(\w+); \} \}\);$/gm,
  );
  const names = new Map();
  for (const [, name, alias, member] of getters) {
    const file = files.get(alias);
    if (file !== undefined) names.set(name, { file, member });
  }
  if (names.size < 100) {
    throw new Error('the index of rxjs does not look as it did: see scripts/rxjs-by-file.mjs');
  }
  return names;
}

/** Lets `import { … } from 'rxjs'` load the files of what it names. */
export function rxjsByFile() {
  return {
    name: 'rxjs-by-file',
    resolveId: (id) => (id === 'rxjs' ? { id: OURS, moduleSideEffects: false } : undefined),
    load: (id) =>
      id === OURS
        ? [...filesOfRxjs()]
            .map(([name, { file, member }]) => `export { ${member} as ${name} } from '${file}';`)
            .join('\n')
        : undefined,
  };
}
