import { spawn } from 'node:child_process';
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

/** `npm run test:contract -- <args>` with these variables and no others of the kind. */
function testContract(args: readonly string[], variables: Record<string, string>): Promise<Outcome> {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [join(ROOT, 'scripts/test-contract.mjs'), ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
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
    server = new DustServer({ stores: { [STORE]: store }, tokens, rateLimits: limits, logger: silentLogger });
    ({ url } = await server.listen({ port: 0 }));
  });

  afterEach(async () => {
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
    'passes, names what it leaves out and why, and leaves the store as it was',
    async () => {
      const before = everything();
      const files = ['tests/contract/manager', 'tests/contract/field-operations'];
      const { code, output } = await testContract(files, variables());

      expect(output).toContain(`The contract on ${STORE} at ${url}`);
      expect(output).toMatch(/\d+ tests run\.\n\d+ left out:/);
      expect(output).toMatch(
        / {2}- all tests of "counters and sets" \(left out: HTTP cannot change counters and sets/,
      );
      expect(output).toMatch(/ {2}- .*openFile gives the content of a file \(left out: it puts/);
      expect(output).not.toContain(TOKEN);
      expect(code).toBe(0);
      expect(everything()).toEqual(before);
      expect(store.status().storeSeq).toBeGreaterThan(10);
    },
    PATIENCE,
  );

  it(
    'leaves the store as it was when tests fail, too, and says that they did',
    async () => {
      const before = everything();
      const proxy = await CountingProxy.open(url, (_, target) => target.endsWith('/batch_write'));
      const { code, output } = await testContract(
        ['tests/contract/manager'],
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
    ['a server that is not there', { DUST_BASE_URL: 'http://127.0.0.1:9' }, /cannot be reached/],
  ])('runs nothing with %s, and says what is wrong', async (_, overrides, message) => {
    const seq = store.status().storeSeq;
    const { code, output } = await testContract(['tests/contract/manager'], variables(overrides));
    expect(output).toMatch(message);
    expect(output).not.toMatch(/Tests:|dust_tok_/);
    expect(code).toBe(1);
    expect(store.status().storeSeq).toBe(seq);
  });
});
