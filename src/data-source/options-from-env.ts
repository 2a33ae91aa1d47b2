import type { DustError } from '../errors.js';
import { DEFAULT_URL, checkHttpOption } from '../transport/http/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import {
  environmentMissing,
  variableName,
  variableNoText,
  variablesMissing,
  variableUnset,
} from './errors.js';

/** What the environment may say about a data source: all three, or none of them. */
export type EnvironmentOptions = Pick<DataSourceOptions, 'url' | 'store'> & {
  /** As {@link DataSourceOptions.token}: a text, as it stands in the variable. */
  readonly token?: string;
};

/** The variables, and what to write when one is missing. */
const VARIABLES = {
  url: { name: 'DUST_BASE_URL', example: DEFAULT_URL },
  token: { name: 'DUST_TOKEN', example: 'dust_tok_…' },
  store: { name: 'DUST_STORE', example: 'org/name' },
} as const;

type Variable = keyof typeof VARIABLES;
type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = ['url', 'token', 'store'] as const satisfies readonly Variable[];
/** Those without which there is no server; the url then is that of the hosted Dust. */
const NEEDED = ['token', 'store'] as const satisfies readonly Variable[];

/**
 * Reads where the server is from `DUST_BASE_URL`, `DUST_TOKEN` and `DUST_STORE`, as options to spread; the first is
 * `https://dustlayer.io` unless set. With none of them set it answers `{}`, and the data source runs its store in this process;
 * a blank variable counts as not set. The answer holds the token: pass it on, and do not print it.
 *
 * @example
 * new DataSource({ ...dataSourceOptionsFromEnv(), entities: [Link] });
 *
 * @throws DustError `invalid_options` when token or store is missing beside another, or one has a value that cannot be used; it names
 * the variable and never quotes the token
 */
export function dataSourceOptionsFromEnv(env: Environment = process.env): EnvironmentOptions {
  checkEnvironment(env);
  const found = {
    url: valueOf(env, 'url'),
    token: valueOf(env, 'token'),
    store: valueOf(env, 'store'),
  };
  const { token, store } = found;
  if (NAMES.every((variable) => found[variable] === undefined)) return {};
  if (token === undefined || store === undefined) throw someMissing(found);
  const url = found.url ?? DEFAULT_URL;
  for (const variable of NAMES) checkVariable(variable, { url, token, store }[variable]);
  return { url, token, store };
}

/** What hands the variables over may be somebody's own. */
function checkEnvironment(env: unknown): void {
  if (typeof env !== 'object' || env === null || Array.isArray(env)) throw environmentMissing(env);
  for (const { name } of Object.values(VARIABLES)) {
    const value: unknown = Reflect.get(env, name);
    if (value !== undefined && typeof value !== 'string') throw variableNoText(name, value);
  }
}

function valueOf(env: Environment, variable: Variable): string | undefined {
  const value = env[VARIABLES[variable].name]?.trim();
  return value === '' ? undefined : value;
}

function someMissing(found: Readonly<Record<Variable, string | undefined>>): DustError {
  const missing = NEEDED.filter((variable) => found[variable] === undefined);
  const given = NAMES.filter((variable) => found[variable] !== undefined);
  return variablesMissing(
    missing.map((variable) => VARIABLES[variable]),
    given.map((variable) => VARIABLES[variable].name),
  );
}

function checkVariable(variable: Variable, value: string): void {
  // What JavaScript and shells make of a variable that was copied from one that is not set.
  if (value === 'undefined' || value === 'null') throw variableUnset(VARIABLES[variable].name, value);
  checkHttpOption(variable, value, variableName(VARIABLES[variable].name));
}
