import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The command of the package that is built. @throws Error when it is not */
export function builtProgram(): string {
  const path = fileURLToPath(new URL('dist/esm/cli/main.js', import.meta.resolve('dust-orm/package.json')));
  if (!existsSync(path)) throw new Error('dist is not there: npm run build');
  return path;
}
