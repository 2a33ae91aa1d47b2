import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in the nearest `package.json` of this package, looked for from `script` upwards; `unknown` without one. */
export function packageVersion(script: string | undefined): string {
  if (script === undefined) return 'unknown';
  for (let folder = dirname(realpathSync(script)); ; folder = dirname(folder)) {
    const version = versionIn(join(folder, 'package.json'));
    if (version !== undefined) return version;
    if (folder === dirname(folder)) return 'unknown';
  }
}

function versionIn(file: string): string | undefined {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  const named = typeof found === 'object' && found !== null && 'name' in found ? found : undefined;
  if (named?.name !== 'dust-orm' || !('version' in named)) return undefined;
  return typeof named.version === 'string' ? named.version : undefined;
}
