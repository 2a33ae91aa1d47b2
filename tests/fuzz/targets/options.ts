import * as fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/cli/config/load-config.js';
import { DataSource, dataSourceOptionsFromEnv } from '../../../src/data-source/index.js';
import type { DataSourceOptions } from '../../../src/data-source/index.js';
import { messageOf } from '../../../src/errors.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { isObject } from '../../../src/protocol/values/value.js';
import { expectThat } from '../engine/fault.js';
import { outcomeOf, outcomeOfPromise } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import type { Form } from '../inputs/form.js';
import { mutatedText } from '../inputs/mutated-bytes.js';
import { jsonValues, mutatedJson, strings } from '../inputs/mutated-json.js';
import { KEYS, STRINGS } from '../inputs/words.js';

const SECRET = 'dust_tok_never_to_be_shown';

const SAMPLES: readonly JsonValue[] = [
  { entities: [], url: 'http://127.0.0.1:1', token: SECRET, store: 'acme/a' },
  { entities: [], path: './data', takeOver: true, name: 'n', logging: 'warn', onInvalidRecord: 'skip' },
  {
    ...{ entities: [], url: 'https://example.test/x', token: SECRET, store: 'a/b', transport: 'channel' },
    ...{ realtime: 'shared', socketUrl: 'wss://example.test/ws', mirror: 'all', cache: { path: 'm' } },
    ...{
      staleAfter: 5,
      delivery: 'exactly-once',
      retry: { attempts: 3, baseDelay: 5 },
      timeout: { connect: 5 },
    },
  },
  { entities: [], namingStrategy: 'snake_case', validation: { whitelist: true }, slowOperationThreshold: 5 },
];

const ENVIRONMENT = ['DUST_BASE_URL', 'DUST_TOKEN', 'DUST_STORE'];

type Input =
  | { readonly options: JsonValue }
  | { readonly env: Readonly<Record<string, string>> }
  | { readonly file: string };

const form: Form<Input> = { write: (input) => input, read: (stored) => stored as Input };

const values = fc.oneof(
  strings,
  fc.constantFrom('http://127.0.0.1:1', 'acme/a', SECRET, ' ', 'http://a:b@c/'),
);

const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(mutatedJson(SAMPLES), jsonValues).map((options) => ({ options })) },
  { weight: 3, arbitrary: fc.dictionary(fc.constantFrom(...ENVIRONMENT), values).map((env) => ({ env })) },
  {
    weight: 1,
    arbitrary: mutatedText(
      SAMPLES.map((sample) => JSON.stringify(sample)),
      [...STRINGS, ...KEYS],
    ).map((file) => ({ file })),
  },
);

/** Options of a data source as configuration files and the environment give them: checked with words, never with a token. */
export function optionsTarget(
  subject = {
    create: (options: unknown): unknown => new DataSource(options as DataSourceOptions),
    fromEnv: dataSourceOptionsFromEnv,
    loadConfig,
  },
): Target {
  return defineTarget<Input>({
    name: 'options',
    share: 9,
    batch: 500,
    inputs,
    form,
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'dust-fuzz-'));
      const create = (options: unknown): void => {
        outcomeOf(() => withoutTokens(() => subject.create(options)));
      };
      return {
        check: (input) => {
          if ('file' in input) {
            return checkFile(join(folder, 'ormconfig.json'), input.file, subject.loadConfig);
          }
          if ('options' in input) create(input.options);
          else outcomeOf(() => withoutTokens(() => subject.fromEnv(input.env)));
          return undefined;
        },
        close: () => rm(folder, { recursive: true, force: true }),
      };
    },
  });
}

async function checkFile(file: string, text: string, load: typeof loadConfig): Promise<void> {
  await writeFile(file, text);
  const options = (await outcomeOfPromise(() => load(file)))?.value;
  if (options !== undefined) {
    expectThat(isObject(options as unknown as JsonValue), 'options that are no object');
  }
}

function withoutTokens<Value>(call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    expectThat(!messageOf(error).includes(SECRET), `a token in a message: ${messageOf(error)}`);
    throw error;
  }
}
