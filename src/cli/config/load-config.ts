import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { DataSourceOptions } from '../../data-source/index.js';
import { wholeOptions } from '../../data-source/index.js';
import { isDustError } from '../../errors.js';
import { configEmpty, configFailed, configKind, configMissing } from '../errors.js';
import { loadScript, SCRIPT } from '../scripts/load-script.js';

/** The exports that are looked at, the first one found first. */
const EXPORTS = ['default', 'options', 'dataSource'] as const;

/**
 * Loads the data source options that a configuration file exports. TypeScript needs no build: jiti reads it, legacy
 * decorators and their metadata included.
 *
 * @param file an absolute path
 * @throws DustError `invalid_options` saying what is wrong with the file
 */
export async function loadConfig(file: string): Promise<DataSourceOptions> {
  const exists = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!exists) throw configMissing(file);
  try {
    return completed(optionsIn(await chosenExport(file, await load(file))));
  } catch (error) {
    throw isDustError(error) ? error : configFailed(file, error);
  }
}

function load(file: string): Promise<unknown> {
  const extension = extname(file);
  if (extension === '.json') return loadJson(file);
  if (!SCRIPT.test(extension)) throw configKind(file);
  return loadScript(file);
}

async function loadJson(file: string): Promise<unknown> {
  return { default: JSON.parse(await readFile(file, 'utf8')) as unknown };
}

async function chosenExport(file: string, module: unknown): Promise<object> {
  if (!isObject(module)) throw configEmpty(file, []);
  const name = EXPORTS.find((candidate) => Reflect.get(module, candidate) !== undefined);
  if (name === undefined) throw configEmpty(file, Object.keys(module));
  const found: unknown = Reflect.get(module, name);
  const made: unknown = await (typeof found === 'function' ? Reflect.apply(found, undefined, []) : found);
  if (!isObject(made)) throw configEmpty(file, Object.keys(module));
  return made;
}

/** The options themselves, or those of a data source, made by whichever loaded copy of this package. */
function optionsIn(found: object): object {
  const options: unknown = 'initialize' in found && 'options' in found ? found.options : found;
  return isObject(options) ? options : found;
}

/** A copy with what commands need: classes may be missing, as JSON cannot hold them, and what a data source hides comes along. */
function completed(options: object): DataSourceOptions {
  const whole: Partial<DataSourceOptions> = wholeOptions(options);
  return { entities: [], ...whole };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
