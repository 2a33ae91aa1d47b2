import { DataSource, DustEntity, dataSourceOptionsFromEnv, Slug } from '../../../src/index.js';

const TOKEN = 'dust_tok_0123456789abcdef';
const ENV = { DUST_BASE_URL: 'https://dustlayer.io', DUST_TOKEN: TOKEN, DUST_STORE: 'acme/notes' };

@DustEntity('notes')
class Note {
  @Slug() slug!: string;
}

const errorOf = (env: Record<string, string | undefined>): unknown => {
  try {
    return dataSourceOptionsFromEnv(env);
  } catch (error) {
    return error;
  }
};

it('all three variables become options to spread', () => {
  expect(dataSourceOptionsFromEnv({ ...ENV, DUST_TOKEN: ` ${TOKEN}\n`, OTHER: 'x' })).toEqual({
    url: 'https://dustlayer.io',
    token: TOKEN,
    store: 'acme/notes',
  });
});

it.each([{}, { DUST_BASE_URL: '', DUST_TOKEN: '  ', DUST_STORE: undefined }])('%j means embedded', (env) => {
  expect(dataSourceOptionsFromEnv(env)).toEqual({});
  expect(new DataSource({ ...dataSourceOptionsFromEnv(env), entities: [Note] }).options.url).toBeUndefined();
});

it.each([
  ['DUST_TOKEN', ['DUST_BASE_URL and DUST_STORE', 'DUST_TOKEN=dust_tok_…']],
  ['DUST_STORE', ['DUST_BASE_URL and DUST_TOKEN', 'DUST_STORE=org/name']],
])('without %s the error names it and what to write', (missing, texts) => {
  for (const value of [undefined, ' ']) {
    const error = errorOf({ ...ENV, [missing]: value });
    expect(error).toMatchObject({ kind: 'invalid_options' });
    for (const text of texts) expect((error as Error).message).toContain(text);
    expect((error as Error).message).not.toContain(TOKEN);
  }
});

it.each([undefined, ' '])('without DUST_BASE_URL, or with %p, the server is the hosted Dust', (url) => {
  expect(dataSourceOptionsFromEnv({ ...ENV, DUST_BASE_URL: url })).toEqual({
    url: 'https://dustlayer.io',
    token: TOKEN,
    store: 'acme/notes',
  });
});

it.each([
  [{ DUST_STORE: 'acme/notes' }, 'DUST_STORE, but not DUST_TOKEN.'],
  [{ DUST_TOKEN: TOKEN }, 'DUST_TOKEN, but not DUST_STORE.'],
  [{ DUST_BASE_URL: 'https://dustlayer.io' }, 'DUST_BASE_URL, but not DUST_TOKEN and DUST_STORE.'],
])('%j alone leads nowhere', (env, text) => {
  expect((errorOf(env) as Error).message).toContain(text);
});

it.each([
  ['DUST_BASE_URL', 'ws://dustlayer.io', 'Write "http://dustlayer.io"'],
  ['DUST_BASE_URL', `https://user:${TOKEN}@dustlayer.io`, 'holds a user name or a password'],
  ['DUST_TOKEN', `Bearer ${TOKEN}`, 'holds a space'],
  ['DUST_STORE', 'acme', 'must be "org/name"'],
])('a malformed %s=%s is named', (variable, value, text) => {
  const error = errorOf({ ...ENV, [variable]: value });
  expect(error).toMatchObject({ kind: 'invalid_options' });
  expect((error as Error).message).toContain(`The environment variable ${variable} `);
  expect((error as Error).message).toContain(text);
  expect(String((error as Error).cause) + (error as Error).message).not.toContain('0123456789');
});

it.each(['undefined', 'null'])('a variable that holds the word %s is named', (word) => {
  const error = errorOf({ ...ENV, DUST_TOKEN: word });
  expect(error).toMatchObject({ kind: 'invalid_options' });
  expect((error as Error).message).toBe(
    `The environment variable DUST_TOKEN holds the word "${word}": what it was copied from was not set.`,
  );
});

it('reads the environment of the process unless told otherwise', () => {
  const before = { ...process.env };
  try {
    Object.assign(process.env, ENV);
    expect(dataSourceOptionsFromEnv()).toMatchObject({ store: 'acme/notes' });
  } finally {
    for (const name of Object.keys(ENV)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
});
