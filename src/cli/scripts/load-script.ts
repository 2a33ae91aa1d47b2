import { stat } from 'node:fs/promises';
import { fileFailed } from '../errors.js';

/** The files that hold scripts. */
export const SCRIPT = /^\.[cm]?[jt]s$/;

/**
 * Loads a script, TypeScript without a build: jiti reads it, legacy decorators and their metadata included. A module that several scripts
 * import is loaded once, so that a class is the same for all of them.
 *
 * @param file an absolute path
 * @throws whatever the script throws, or what is wrong with it
 */
export async function loadScript(file: string): Promise<unknown> {
  const [{ createJiti }, { decoratedFields }] = await Promise.all([
    import('jiti'),
    import('./decorated-fields.js'),
  ]);
  // Nothing is cached on disk: a cached file would not know of the plugin.
  const jiti = createJiti(file, {
    fsCache: false,
    interopDefault: false,
    tsconfigPaths: true,
    transformOptions: { babel: { plugins: [decoratedFields] } },
  });
  return jiti.import(file);
}

/** The values that a script exports. @throws DustError `storage` when it cannot be read, `invalid_options` when it cannot be loaded */
export async function exportsOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    await stat(file);
  } catch (error) {
    throw fileFailed('read', file, error);
  }
  const module = await loadScript(file);
  return typeof module === 'object' && module !== null ? { ...module } : {};
}
