import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliWorld } from './cli-world.js';
import type { RunOptions } from './cli-world.js';

const world = CliWorld.use();
const TOKEN = 'dust_tok_0123456789abcdef';
const READER = 'dust_tok_reader_0123456789';

/** The variables that the server prints to paste. */
const exported = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/** Runs `serve` until `whileServing` is done with what it printed, then stops it as Ctrl-C does. */
async function serving(
  argv: string[],
  whileServing: (printed: string) => Promise<void>,
  options: RunOptions = {},
) {
  let work: Promise<void> | undefined;
  const outcome = await world.run(['serve', '--port', '0', ...argv], {
    ...options,
    onOutput: (text, signal) => {
      work ??= whileServing(text).finally(() => signal('SIGINT'));
    },
  });
  await work;
  return outcome;
}

it('alone serves a store in memory and prints what to paste', async () => {
  const { code, out, err } = await serving([], async (printed) => {
    const env = exported(printed);
    expect(env).toEqual({
      DUST_BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      DUST_STORE: 'local/default',
      DUST_TOKEN: expect.stringMatching(/^dust_tok_/),
    });
    expect((await world.run(['put', 'a', '1'], { env })).code).toBe(0);
    expect((await world.run(['get', 'a'], { env })).out).toBe('1\n');
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('in memory: nothing is kept');
});

it('--data keeps the stores, where --data and --store find them again', async () => {
  await serving(['--data', 'served', '--store', 'acme/one', '--store', 'acme/two'], async (printed) => {
    const env = { ...exported(printed), DUST_STORE: 'acme/two' };
    expect(exported(printed)).toMatchObject({ DUST_STORE: 'acme/one' });
    expect((await world.run(['put', 'a', '2'], { env })).code).toBe(0);
  });
  const found = await world.run(['get', 'a', '--data', 'served', '--store', 'acme/two']);
  expect(found.out).toBe('2\n');
  expect((await world.run(['ls', '--data', 'served', '--store', 'acme/one'])).out).toBe('');
});

it.each([
  ['--token-file', ['--token-file', 'secret'], {}],
  ['DUST_TOKEN_FILE', [], { DUST_TOKEN_FILE: 'secret' }],
])('%s names a file with a token', async (_name, argv, env) => {
  writeFileSync(join(world.folder, 'secret'), `${TOKEN}\n`, { mode: 0o600 });
  const { out, err } = await serving(
    argv,
    async (printed) => {
      const reached = { ...exported(printed), DUST_TOKEN: TOKEN };
      expect((await world.run(['put', 'a', '1'], { env: reached })).code).toBe(0);
    },
    { env },
  );
  expect(err).toBe('');
  expect(out).not.toContain(TOKEN);
});

describe('a file of a token', () => {
  const write = (text: string, mode = 0o600): string => {
    const file = join(world.folder, 'secret');
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };

  it('that is not there is told', async () => {
    const { code, err } = await world.run(['serve', '--token-file', 'nowhere']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('nowhere') });
  });

  it.each([
    ['', 'is empty'],
    ['\n \r\n\n', 'is empty'],
    [`${TOKEN}\n\n${TOKEN}x\n`, 'has 2 lines'],
    ['short\n', 'must have 16 or more'],
    ['a token with some spaces', 'without spaces'],
    ['x'.repeat(5000), 'must have 4096 characters at the most'],
    ['x'.repeat(200_000), 'holds more than a token'],
  ])('with %j is refused by its name', async (text, reason) => {
    const file = write(text);
    for (const [argv, env, source] of [
      [['--token-file', 'secret'], {}, '--token-file'],
      [[], { DUST_TOKEN_FILE: ' secret\n' }, 'DUST_TOKEN_FILE'],
    ] as const) {
      const { code, err } = await world.run(['serve', ...argv], { env });
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(reason) });
      expect(err).toContain(`${file} of ${source}`);
      expect(err).not.toMatch(/short|some spaces|xxx|dust_tok/);
    }
  });

  it('without a name is refused', async () => {
    const { code, err } = await world.run(['serve', '--token-file', '']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--token-file names no file') });
  });

  it.each([
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o602, true],
  ])('of mode %o warns where others have a part in it', async (mode, warns) => {
    const file = write(`${TOKEN}\n`, mode);
    const { code, err } = await serving(['--token-file', 'secret'], () => Promise.resolve());
    expect(code).toBe(0);
    if (warns) expect(err).toContain(`other users of this machine can read or change ${file}`);
    else expect(err).toBe('');
  });
});

it('--metrics and --metrics-port say where the metrics are', async () => {
  const { out } = await serving(['--metrics', '--drain', '0'], async (printed) => {
    const url = /^Metrics at (\S+)\.$/m.exec(printed)![1]!;
    const { DUST_TOKEN } = exported(printed);
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${DUST_TOKEN}` } })).status).toBe(200);
  });
  expect(out).toContain('/metrics.');
  await serving(['--metrics-port', '0', '--json'], async (printed) => {
    const { url, metricsUrl } = JSON.parse(printed) as { url: string; metricsUrl: string };
    expect(new URL(metricsUrl).port).not.toBe(new URL(url).port);
    expect(await (await fetch(metricsUrl)).text()).toContain('dust_store_seq{store="local/default"} 0');
  });
});

it('metrics that other machines reach are said to be on that address, with a warning', async () => {
  const { out, err } = await serving(['--metrics-host', '0.0.0.0'], () => Promise.resolve());
  expect(out).toMatch(
    /^Metrics at http:\/\/127\.0\.0\.1:\d+\/metrics, and on 0\.0\.0\.0 to other machines\.$/m,
  );
  expect(err).toContain('the metrics on 0.0.0.0, port');
});

it('a token of the user is used and never printed', async () => {
  const { out } = await serving(
    ['--read-token', READER],
    async (printed) => {
      const env = { ...exported(printed), DUST_TOKEN: TOKEN };
      expect((await world.run(['put', 'a', '1'], { env })).code).toBe(0);
      const reader = { ...env, DUST_TOKEN: READER };
      expect((await world.run(['get', 'a'], { env: reader })).out).toBe('1\n');
      const refused = await world.run(['put', 'a', '2', '--json'], { env: reader });
      expect({ code: refused.code, ...JSON.parse(refused.err).error }).toMatchObject({
        code: 1,
        kind: 'forbidden',
      });
    },
    { env: { DUST_TOKEN: TOKEN } },
  );
  expect(out).not.toMatch(/0123456789/);
});

it('--json prints one document', async () => {
  const { lines } = await serving(['--json'], async () => {});
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      url: expect.any(String),
      stores: ['local/default'],
      data: null,
      token: expect.stringMatching(/^dust_tok_/),
    },
  ]);
});

it('on loopback there are no limits, unless they are asked for', async () => {
  const writes = async (env: Record<string, string>): Promise<number[]> => {
    const codes: number[] = [];
    for (const n of [1, 2, 3]) {
      const answer = await fetch(`${env.DUST_BASE_URL}/api/stores/local/default/entries/n`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${env.DUST_TOKEN}`, 'content-type': 'application/json' },
        body: String(n),
      });
      codes.push(answer.status);
    }
    return codes;
  };
  await serving(['--rate-limit-writes', '2'], async (printed) => {
    expect(await writes(exported(printed))).toEqual([200, 200, 429]);
  });
  await serving(['--rate-limit-writes', '2', '--no-rate-limit'], async (printed) => {
    expect(await writes(exported(printed))).toEqual([200, 200, 200]);
  });
  const limitOf = async (env: Record<string, string>): Promise<string | null> => {
    const answer = await fetch(`${env.DUST_BASE_URL}/api/stores/local/default/entries`, {
      headers: { authorization: `Bearer ${env.DUST_TOKEN}` },
    });
    return answer.headers.get('x-ratelimit-limit');
  };
  for (const [flags, limit] of [
    [[], null],
    [['--rate-limit'], '1000'],
    [['--rate-limit-writes', '5'], '1000'],
    [['--rate-limit-reads', '5'], '5'],
  ] as const) {
    await serving([...flags], async (printed) => {
      expect(await limitOf(exported(printed))).toBe(limit);
    });
  }
});

it.each([
  [['--host', '0.0.0.0'], 'give the server a token of your own'],
  [['--port', 'http'], '--port must be a whole number'],
  [['--port', '99999'], '--port must be a whole number from 0 to 65535, not "99999"'],
  [['--store', 'acme'], '--store: a store is named "org/name"'],
  [['--store', 'a/b', '--store', 'a/b'], '--store: a store is named twice'],
  [['--imitate', '0.2'], '--imitate must be 0.1 or, with commas between them, some of no-features'],
  [['--imitate', '0.1,late-writers'], '0.1 or names of faults, such as late-writer, not "late-writers"'],
  [['--imitate', ''], '--imitate must be 0.1'],
  [['--token', 'short'], '--token must have 16 or more'],
  [['--token', TOKEN, '--token', 'short'], '--token must have 16 or more'],
  [['--read-token', 'short'], '--read-token must have 16 or more'],
  [['--token', 'x'.repeat(4097)], '--token must have 4096 characters at the most'],
])('serve %j is refused', async (argv, reason) => {
  const { code, out, err } = await world.run(['serve', ...argv]);
  expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(reason) });
  expect(err).not.toContain('short');
});

it('a variable that holds no token is named', async () => {
  const { code, err } = await world.run(['serve'], { env: { DUST_TOKEN: 'short' } });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('DUST_TOKEN must have 16 or more') });
  expect(err).not.toContain('tokens[');
});

it('a port that is taken is named', async () => {
  const url = await world.serve();
  const { code, err } = await world.run(['serve', '--port', new URL(url).port], { env: {} });
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('EADDRINUSE') });
});
