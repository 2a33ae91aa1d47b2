import { resolve } from 'node:path';
import type { DataSourceOptions } from '../../data-source/index.js';
import { dataSourceOptionsFromEnv } from '../../data-source/index.js';
import { variableName } from '../../data-source/errors.js';
import { checkHttpOption } from '../../transport/http/index.js';
import { storeFolder } from '../../server/stores/store-folder.js';
import { checkStoreNames } from '../../server/stores/store-name.js';
import { flagAlone, flagMissing, flagsExclude, targetMissing } from '../errors.js';
import type { CliIo } from '../io.js';
import type { TargetFlags } from '../input/target-flags.js';

/** Options of a data source, and where they were found. */
export interface FoundOptions {
  /** Names the place to the reader. */
  readonly source: string;
  readonly options: DataSourceOptions;
}

/** The pairs of flags that each say where the store is. */
const EXCLUSIVE = [
  ['config', 'url'],
  ['config', 'data'],
  ['url', 'data'],
] as const;

/**
 * The options that the flags, or else the environment, lead to. Paths in them begin at the command's folder.
 *
 * @throws DustError `invalid_options` saying what to give
 */
export async function findOptions(flags: TargetFlags, io: CliIo): Promise<FoundOptions> {
  for (const [one, other] of EXCLUSIVE) {
    if (flags[one] !== undefined && flags[other] !== undefined) throw flagsExclude(`--${one}`, `--${other}`);
  }
  checkGiven(flags);
  if (flags.config !== undefined) return fromConfig(flags, flags.config, io);
  if (flags.url !== undefined) return fromUrl(flags, flags.url, io);
  if (flags.data !== undefined) return fromFolder(flags, flags.data, io);
  return fromEnvironment(flags, io);
}

async function fromConfig(flags: TargetFlags, config: string, { cwd }: CliIo): Promise<FoundOptions> {
  const { loadConfig } = await import('./load-config.js');
  const file = resolve(cwd, config);
  const options = { ...(await loadConfig(file)), ...given(flags) };
  return {
    source: file,
    options: options.path === undefined ? options : { ...options, path: resolve(cwd, options.path) },
  };
}

function fromUrl(flags: TargetFlags, url: string, { env }: CliIo): FoundOptions {
  const token = flags.token ?? set(env.DUST_TOKEN);
  const store = flags.store ?? set(env.DUST_STORE);
  if (token === undefined) throw flagMissing('--token', 'DUST_TOKEN');
  if (store === undefined) throw flagMissing('--store', 'DUST_STORE');
  if (flags.token === undefined) checkHttpOption('token', token, variableName('DUST_TOKEN'));
  if (flags.store === undefined) checkHttpOption('store', store, variableName('DUST_STORE'));
  return { source: '--url', options: { url, token, store, entities: [] } };
}

/** With a store, the folder is one that `serve` keeps its stores in; without, it is a store's own. */
function fromFolder({ store }: TargetFlags, data: string, { cwd }: CliIo): FoundOptions {
  const folder = resolve(cwd, data);
  if (store === undefined) return { source: '--data', options: { path: folder, entities: [] } };
  checkStoreNames([store], '--store');
  return { source: '--data', options: { path: storeFolder(folder, store), store, entities: [] } };
}

function fromEnvironment({ token, store }: TargetFlags, { env }: CliIo): FoundOptions {
  // What is missing beside a flag is not what is missing in the environment.
  if (store !== undefined && (token ?? set(env.DUST_TOKEN)) === undefined) throw flagAlone('--store');
  if (token !== undefined && (store ?? set(env.DUST_STORE)) === undefined) throw flagAlone('--token');
  const variables = { ...env };
  if (token !== undefined) variables.DUST_TOKEN = token;
  if (store !== undefined) variables.DUST_STORE = store;
  const options = dataSourceOptionsFromEnv(variables);
  if (options.url === undefined) throw targetMissing();
  const flags = [...(token === undefined ? [] : ['--token']), ...(store === undefined ? [] : ['--store'])];
  const source = ['the environment', ...flags].join(' and ');
  return { source, options: { ...options, entities: [] } };
}

/** @throws DustError `invalid_options` that names the flag, where the options it becomes would be named otherwise */
function checkGiven(flags: TargetFlags): void {
  for (const option of ['url', 'token', 'store'] as const) {
    if (flags[option] !== undefined) checkHttpOption(option, flags[option], `--${option}`);
  }
}

/** The flags that were given, to be spread over other options. */
function given(flags: Pick<TargetFlags, 'token' | 'store'>): Pick<DataSourceOptions, 'token' | 'store'> {
  const { token, store } = flags;
  return { ...(token === undefined ? {} : { token }), ...(store === undefined ? {} : { store }) };
}

/** A variable's value; blank is not set. */
function set(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
