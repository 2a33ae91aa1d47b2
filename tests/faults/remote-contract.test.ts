import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { silentLogger } from '../../src/logging.js';
import { DustServer, openStore } from '../../src/server/index.js';
import type { Store } from '../../src/server/index.js';
import { CountingProxy } from './counting-proxy.js';

const ROOT = join(__dirname, '../..');
const STORE = 'acme/shared';
const TOKEN = 'dust_tok_of_the_remote_contract';

/** Long enough to compile everything from scratch on a busy machine. */
const PATIENCE = 60_000;

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

const running = new Set<ChildProcess>();

/** `npm run test:contract -- <args>` with these variables and no others of the kind. */
function testContract(args: readonly string[], variables: Record<string, string>): Promise<Outcome> {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [join(ROOT, 'scripts/test-contract.mjs'), ...args], { env });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, output });
    });
  });
}

/** Ends a run that a test has given up, before its server is gone. */
async function ended(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'close');
}

describe('the contract suite on a server that is already running', () => {
  let store: Store;
  let server: DustServer;
  let url: string;

  beforeEach(async () => {
    store = await openStore();
    await store.write({ op: 'set', path: 'contract/somebody-elses', value: { a: 1 } });
    await store.write({ op: 'set', path: 'contract-mark', value: 'theirs' });
    const limits = { reads: 1_000_000, writes: 1_000_000 };
    const tokens = [{ token: TOKEN }];
    // A server that tells nobody on the channel of writes over HTTP.
    server = new DustServer({
      stores: { [STORE]: store },
      tokens,
      rateLimits: limits,
      imitate: '0.1',
      logger: silentLogger,
    });
    ({ url } = await server.listen({ port: 0 }));
  });

  afterEach(async () => {
    await Promise.all([...running].map(ended));
    await server.close();
    await store.close();
  });

  const everything = () => store.list({ pattern: '**' }).items;
  const variables = (overrides: Record<string, string> = {}) => ({
    DUST_BASE_URL: url,
    DUST_STORE: STORE,
    DUST_TOKEN: TOKEN,
    ...overrides,
  });

  it(
    'passes over HTTP and the channel while a second program writes, names what it leaves out, leaves the store as it was',
    async () => {
      const before = everything();
      const files = ['events', 'leases', 'manager'].map((name) => `tests/contract/${name}`);
      const onEveryWay = ['-t', 'manager|leases|JSON channel.* flat|MessagePack channel.* map'];
      const { code, output } = await testContract(
        [...files, ...onEveryWay, '--with-second-program'],
        variables(),
      );

      expect(output).toContain(`The contract on ${STORE} at ${url}`);
      expect(output).toMatch(/\d+ tests run\.\n\d+ left out:/);
      expect(output).toMatch(/ {2}- all tests of "leases", on HTTP of .* \(left out: HTTP has no leases/);
      expect(output).toMatch(
        / {2}- leases, on the JSON channel of .* \(left out: it moves the store's clock/,
      );
      expect(output).not.toMatch(/all tests of .* on the \w+ channel/);
      expect(output).not.toContain(TOKEN);
      expect(code).toBe(0);

      const [, http, channel] = /made (\d+) writes over HTTP and (\d+) over the channel/.exec(output) ?? [];
      expect(Number(http)).toBeGreaterThan(100);
      expect(Number(channel)).toBeGreaterThan(100);
      expect(store.status().storeSeq).toBeGreaterThan(Number(http) + Number(channel));
      expect(everything()).toEqual(before);
    },
    3 * PATIENCE,
  );

  it(
    'leaves the store as it was when tests fail, too, and says that they did',
    async () => {
      const before = everything();
      const proxy = await CountingProxy.open(url, (_, target) => target.endsWith('/batch_write'));
      const { code, output } = await testContract(
        ['tests/contract/manager', '-t', 'HTTP of'],
        variables({ DUST_BASE_URL: proxy.url }),
      );
      await proxy.close();

      expect(output).toMatch(/Tests: +\d+ failed/);
      expect(code).toBe(1);
      expect(everything()).toEqual(before);
      expect(store.status().storeSeq).toBeGreaterThan(before.length);
    },
    PATIENCE,
  );

  it.each<[string, Record<string, string>, RegExp]>([
    ['a variable that is missing', { DUST_TOKEN: '' }, /DUST_TOKEN is missing/],
    ['two that are missing', { DUST_TOKEN: '', DUST_STORE: '' }, /DUST_TOKEN and DUST_STORE are missing/],
    ['a url that is none for HTTP', { DUST_BASE_URL: 'ws://127.0.0.1' }, /must begin with http/],
    ['a store without an organisation', { DUST_STORE: 'shared' }, /DUST_STORE must be/],
    ['a store that is not there', { DUST_STORE: 'acme/other' }, /has no store acme\/other/],
    ['a token that is not known', { DUST_TOKEN: 'dust_tok_nobody' }, /does not know the token/],
    [
      'a second program and no server',
      { DUST_BASE_URL: '', DUST_TOKEN: '', DUST_STORE: '' },
      /is for a store/,
    ],
    ['a server that is not there', { DUST_BASE_URL: 'http://127.0.0.1:9' }, /cannot be reached/],
  ])('runs nothing with %s, and says what is wrong', async (_, overrides, message) => {
    const seq = store.status().storeSeq;
    const args = ['tests/contract/manager', '--with-second-program'];
    const { code, output } = await testContract(args, variables(overrides));
    expect(output).toMatch(message);
    expect(output).not.toMatch(/Tests:|dust_tok_/);
    expect(code).toBe(1);
    expect(store.status().storeSeq).toBe(seq);
  });
});
