import { silentLogger } from '../../../src/logging.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import type { Store } from '../../../src/server/index.js';
import { ContractRuns } from './contract-runs.js';
import { CountingProxy } from '../counting-proxy.js';

const STORE = 'acme/shared';
const TOKEN = 'dust_tok_of_the_remote_contract';

/** Long enough to compile everything from scratch on a busy machine. */
const PATIENCE = 60_000;

const runs = new ContractRuns();

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
    await runs.end();
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
      const files = ['realtime/events', 'writing/leases', 'calls/manager'].map(
        (name) => `tests/contract/${name}`,
      );
      // Each write waits for others' that are told late, a second at a time.
      const some = '(JSON channel.* flat|MessagePack channel.* map).*(own writes|other writers|half done)';
      const onEveryWay = ['-t', `manager|all tests of "leases"|runs out|releasing twice|${some}`];
      const output = await runs.pass([...files, ...onEveryWay, '--with-second-program'], variables());

      expect(output).toContain(`The contract on the server at ${url}`);
      expect(output).toMatch(/3 rows: \d+ passed, 0 failed, \d+ left out, \d+ not asked for\n/);
      expect(output).toMatch(/Left out, \d+: HTTP has no leases.*\n {2}- all tests of "leases", on HTTP of /);
      expect(output).toMatch(
        /Left out, \d+: it moves the store's clock.*\n {2}- leases, on the JSON channel of /,
      );
      expect(output).not.toMatch(/all tests of .* on the \w+ channel/);
      expect(output).not.toContain(TOKEN);

      const [, http, channel] =
        /made (\d+) writes over HTTP and (\d+) over the channel to acme\/shared/.exec(output) ?? [];
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
      const { code, output } = await runs.run(
        ['tests/contract/calls/manager', '-t', 'HTTP of'],
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

  it('names every store that is not there, and leaves the others as they were', async () => {
    const before = everything();
    const stores = { DUST_STORE: '', DUST_TEST_STORES: `acme/other, ${STORE}, acme/third` };
    const { code, output } = await runs.run(['tests/contract/calls/manager'], variables(stores));
    expect(output).toMatch(/has no store acme\/other.*\n.*has no store acme\/third/);
    expect(output).not.toMatch(/Tests:|dust_tok_/);
    expect(code).toBe(1);
    expect(everything()).toEqual(before);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a variable that is missing', { DUST_TOKEN: '' }, /DUST_TOKEN is missing/],
    ['two that are missing', { DUST_TOKEN: '', DUST_STORE: '' }, /DUST_TOKEN and DUST_STORE are missing/],
    ['a url that is none for HTTP', { DUST_BASE_URL: 'ws://127.0.0.1' }, /must begin with http/],
    ['a store without an organisation', { DUST_STORE: 'shared' }, /DUST_STORE must be/],
    ['a list with what is no store', { DUST_TEST_STORES: 'acme/a, b ,,c' }, /"b" and "" and "c" is none/],
    ['a store that is listed twice', { DUST_TEST_STORES: 'acme/a,acme/b,acme/a' }, /names acme\/a twice/],
    ['neither a store nor a list', { DUST_STORE: '' }, /DUST_STORE is missing.*DUST_TEST_STORES instead/],
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
    const args = ['tests/contract/calls/manager', '--with-second-program'];
    const { code, output } = await runs.run(args, variables(overrides));
    expect(output).toMatch(message);
    expect(output).not.toMatch(/Tests:|dust_tok_/);
    expect(code).toBe(1);
    expect(store.status().storeSeq).toBe(seq);
  });
});
