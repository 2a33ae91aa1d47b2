import { execFileSync } from 'node:child_process';
import type { Group } from './measure.js';
import { durationRow, median } from './measure.js';

/** Runs in a process of its own; prints the milliseconds the import took. */
const script = (specifier: string): string =>
  `const t = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - t);`;

export const importTime: Group = {
  name: 'import the package (fresh process)',
  run() {
    const runs = Array.from({ length: 7 }, () =>
      Number(
        execFileSync(process.execPath, ['--input-type=module', '-e', script('dust-orm')], {
          encoding: 'utf8',
        }),
      ),
    );
    return Promise.resolve([durationRow("import('dust-orm')", median(runs) * 1e6, 120e6)]);
  },
};
