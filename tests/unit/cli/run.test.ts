import { CliWorld } from './cli-world.js';

const world = CliWorld.use();
const TOKEN = 'dust_tok_0123456789abcdef';

describe('the command line', () => {
  it.each(['--help', 'help', 'get --help', 'help serve'])('%s answers on standard output', async (line) => {
    const { code, out, err } = await world.run(line.split(' '));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: dust-orm/);
  });

  it('help warns of tokens among the arguments', async () => {
    for (const command of ['serve', 'get', 'ls', 'put', 'rm', 'export', 'import', 'doctor']) {
      expect((await world.run([command, '--help'])).out).toMatch(
        /list of\s+processes: prefer the variable DUST_TOKEN/,
      );
    }
  });

  it('--version answers the version', async () => {
    expect(await world.run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });

  it.each([
    [[], 'A command is missing.'],
    [['gte', 'a'], 'Did you mean get?'],
    [['get'], "missing required argument 'path'."],
    [['get', 'a', 'b'], 'too many arguments'],
    [['get', 'a', '--jsn'], 'Did you mean --json?'],
    [['ls', '--limit', '0'], '--limit must be a whole number from 1 up, not "0".'],
    [['ls', '--limit', '1e3'], '--limit must be a whole number'],
    [['get', 'a', '--config', 'x.ts', '--url', 'y'], '--config and --url each say where the store is'],
    [['get', 'a', '--data', 'x', '--url', 'y'], '--url and --data each say where the store is'],
    [['get', 'a', '--data', 'x', '--store', '../etc'], '--store must be "org/name"'],
    [['get', 'a', '--data', 'x', '--store', 'ö/b'], '--store: a store is named "org/name"'],
    [['get', 'a', '--url', 'nowhere', '--token', TOKEN, '--store', 'a/b'], '--url is not a url'],
    [['get', 'a', '--url', 'http://x', '--token', 'a b', '--store', 'a/b'], '--token holds a space'],
    [['get', 'a', '--url', 'http://x', '--token', TOKEN, '--store', 'a'], '--store must be "org/name"'],
    [['get', 'a', '--config', 'x.ts', '--store', 'a'], '--store must be "org/name"'],
    [['get', 'a', '--config', 'x.ts', '--token', ''], '--token is missing'],
    [['get', 'a'], 'Nothing says where the store is. Give --config'],
    [['get', 'a', '--url', 'http://127.0.0.1:1'], 'set the variable DUST_TOKEN'],
    [['get', 'a', '--url', 'http://127.0.0.1:1', '--token', TOKEN], 'set the variable DUST_STORE'],
    [
      ['get', 'a', '--url', 'ws://127.0.0.1:1', '--token', TOKEN, '--store', 'a/b'],
      'Write "http://127.0.0.1:1"',
    ],
    [['get', 'a', '--data', 'nowhere'], 'There is no store in'],
  ])('%j is wrong usage', async (argv, reason) => {
    const { code, out, err } = await world.run(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(reason);
    expect(err).not.toContain(TOKEN);
  });

  it('with --json errors are JSON, those of usage too', async () => {
    const { code, err } = await world.run(['get', 'a', 'b', '--json']);
    expect({ code, ...JSON.parse(err) }).toEqual({
      code: 2,
      error: {
        kind: 'invalid_options',
        message: expect.stringContaining('too many arguments'),
        detail: 'commander.excessArguments',
      },
    });
  });

  it('takes a negative number for a value', async () => {
    expect(await world.run(['put', 'a', '-1', '--data', 'data'])).toMatchObject({ code: 0, err: '' });
    expect((await world.run(['get', 'a', '--data', 'data'])).out).toBe('-1\n');
  });
});

describe('the environment', () => {
  it('half of it is an error that names the rest', async () => {
    const { code, err } = await world.run(['ls'], { env: { DUST_BASE_URL: 'http://x', DUST_TOKEN: TOKEN } });
    expect(code).toBe(2);
    expect(err).toContain('DUST_STORE=org/name');
    expect(err).not.toContain(TOKEN);
  });

  it('is not blamed for what a flag lacks', async () => {
    const withStore = await world.run(['ls', '--store', 'acme/reading'], { env: {} });
    expect(withStore.code).toBe(2);
    expect(withStore.err).toContain('--store alone does not say where the store is');
    const withToken = await world.run(['ls', '--token', TOKEN], { env: {} });
    expect(withToken.err).toContain('--token alone does not say where the store is');
    expect(withStore.err + withToken.err).not.toMatch(/environment/);
  });

  it('gives way to flags', async () => {
    const url = await world.serve({ stores: ['acme/reading', 'acme/other'] });
    await world.run(['put', 'a', '1', '--store', 'acme/other']);
    expect((await world.run(['get', 'a'])).code).toBe(3);
    const { DUST_TOKEN = '' } = world.env;
    const argv = ['get', 'a', '--url', url, '--store', 'acme/other'];
    expect((await world.run(argv, { env: { DUST_TOKEN } })).out).toBe('1\n');
    expect((await world.run(['get', 'a', '--data', 'none'])).err).toContain('There is no store in');
  });
});

describe('errors', () => {
  it('print their message, and the stack only under DUST_DEBUG', async () => {
    const env = { DUST_BASE_URL: 'http://127.0.0.1:1', DUST_TOKEN: TOKEN, DUST_STORE: 'a/b' };
    const plain = await world.run(['get', 'a'], { env });
    expect(plain).toMatchObject({ code: 1, out: '' });
    expect(plain.err).toMatch(/^dust-orm: .*connection refused.*\n$/);
    const debug = await world.run(['get', 'a'], { env: { ...env, DUST_DEBUG: '1' } });
    expect(debug.err).toMatch(/\n\s+at /);
    for (const { err } of [plain, debug]) expect(err).not.toContain(TOKEN);
  });

  it('have no token in them, whatever they quote', async () => {
    const { err } = await world.run(['get', `a//${TOKEN}`, '--token', TOKEN, '--url', 'http://127.0.0.1:1']);
    expect(err).toContain('a//[token]');
  });
});

describe('signals', () => {
  it('stop a command with the code that shells expect', async () => {
    const stdin = async function* (): AsyncGenerator<string> {
      yield '{"_header":true,"path_schema_version":3}\n';
      stop();
      await new Promise(() => {});
    };
    let stop = (): void => {};
    await world.serve();
    const running = world.run(['import', '-', '--data', 'data'], {
      stdin: stdin(),
      onStart: (signal) => {
        stop = () => signal('SIGTERM');
      },
    });
    expect(await running).toMatchObject({ code: 143, out: '', err: '' });
  });
});

describe('colours', () => {
  const colour = '\u001B[';

  it('show on a terminal that wants them', async () => {
    const doctor = (env: Record<string, string>, isTTY: boolean) => world.run(['doctor'], { env, isTTY });
    expect((await doctor({}, true)).out).toContain(colour);
    expect((await doctor({ NO_COLOR: '1' }, true)).out).not.toContain(colour);
    expect((await doctor({ TERM: 'dumb' }, true)).out).not.toContain(colour);
    expect((await doctor({}, false)).out).not.toContain(colour);
  });
});
