import { randomUUID } from 'node:crypto';
import { useCompiledPackage } from '../compiled-sources.js';
import { ContractRuns } from './contract-runs.js';
import { ServedProcess } from '../served-process.js';

const TOKEN = `dust_tok_${randomUUID()}`;
const [A, B, C] = ['acme/a', 'acme/b', 'acme/c'] as const;

/** Long enough to compile everything from scratch on a busy machine. */
const PATIENCE = 240_000;

/** Runs nothing of the suite, and says all that is said before and after it. */
const NOTHING = ['tests/contract/calls/unknown-options', '-t', 'no test is called so'];

const compiled = useCompiledPackage();
const runs = new ContractRuns();

/** The leaves of a store, as it dumps them. */
async function dumpOf({ url }: ServedProcess, store: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/stores/${store}/export`, {
    headers: { accept: 'application/json', authorization: `Bearer ${TOKEN}` },
  });
  const [, ...leaves] = (await response.text()).split('\n');
  return leaves;
}

/** The line of each row before the run, and after it. */
const planned = (output: string): string[] => output.match(/^ {2}- .*: in acme\/\w, below .*$/gm) ?? [];
const counted = (output: string): string[] => output.match(/^ {2}- .*, in acme\/\w: \d+ passed.*$/gm) ?? [];

describe('the contract suite on a server in another process', () => {
  let server: ServedProcess;

  const serve = async (flags: readonly string[]): Promise<void> => {
    const stores = ['--store', B, '--store', C];
    const options = { store: A, token: TOKEN, port: 0, flags: [...flags, ...stores] };
    server = await ServedProcess.start(compiled.folder, options);
  };
  const run = (args: readonly string[], stores: Record<string, string>) =>
    runs.pass(args, { DUST_BASE_URL: server.url, DUST_TOKEN: TOKEN, ...stores });

  afterEach(async () => {
    await runs.end();
    await server.kill();
  });

  it(
    'that stands in for one of version 0.1: a store for each row, one file in each, all else named',
    async () => {
      await serve(['--imitate', '0.1']);
      const before = await Promise.all([A, B, C].map((store) => dumpOf(server, store)));
      const files = ['tests/contract/writing/field-operations', 'tests/contract/writing/files'];
      const output = await run([...files, '-t', 'files|File'], {
        DUST_TEST_STORES: `${A}, ${B},${C}`,
      });

      expect(planned(output)).toEqual([
        expect.stringMatching(
          /HTTP of .*: in acme\/a, below .*-http; it announces nothing.*; one file is stored$/,
        ),
        expect.stringMatching(
          /JSON .*: in acme\/b, below .*-json; it announces nothing.*; one file is stored$/,
        ),
        expect.stringMatching(
          /MessagePack .*: in acme\/c, .*-messagepack; it announces nothing.*; one file is stored$/,
        ),
      ]);
      expect(counted(output)).toEqual([
        expect.stringMatching(/HTTP of .*, in acme\/a: 2 passed, 0 failed, 3 left out, \d+ not asked for$/),
        expect.stringMatching(/JSON .*, in acme\/b: 16 passed, 0 failed, 13 left out, \d+ not asked for$/),
        expect.stringMatching(
          /MessagePack .*, in acme\/c: 16 passed, 0 failed, 13 left out, \d+ not asked for$/,
        ),
      ]);
      expect(output).toMatch(/^Left out, 26: a 0\.1 server takes one file in a store .*another test$/m);
      expect(output).not.toMatch(/no reason is given|or another row stores it|dust_tok_/);
      expect(await Promise.all([A, B, C].map((store) => dumpOf(server, store)))).toEqual(before);

      // Each has had its file now, and says so.
      const again = await run(NOTHING, { DUST_TEST_STORES: `${A},${B},${C}` });
      expect(planned(again)).toEqual(
        Array(3).fill(expect.stringMatching(/; no file is stored: the store has had one$/)),
      );
    },
    PATIENCE,
  );

  it(
    'that stands in for one of version 0.1: rows that share a store share its one file',
    async () => {
      await serve(['--imitate', '0.1']);
      const output = await run(NOTHING, { DUST_STORE: A });
      expect(planned(output)).toEqual([
        expect.stringMatching(/HTTP of .*: in acme\/a, below .*-http; .*: another row stores it$/),
        expect.stringMatching(/JSON .*: in acme\/a, below .*-json; .*; one file is stored$/),
        expect.stringMatching(/MessagePack .*: in acme\/a, .*-messagepack; .*: another row stores it$/),
      ]);
      const two = await run(NOTHING, { DUST_TEST_STORES: `${A},${B}`, DUST_STORE: C });
      expect(planned(two)).toEqual([
        expect.stringMatching(/HTTP of .*: in acme\/a, .*: another row stores it$/),
        expect.stringMatching(/JSON .*: in acme\/b, .*; one file is stored$/),
        expect.stringMatching(/MessagePack .*: in acme\/a, .*; one file is stored$/),
      ]);
    },
    PATIENCE,
  );

  it(
    'that announces what it can: that is tried too, and nothing is left out for its version',
    async () => {
      await serve([]);
      const files = ['calls/capabilities', 'mapping/slugs', 'writing/files'].map(
        (name) => `tests/contract/${name}`,
      );
      const output = await run([...files, '-t', 'are what|case alone|come back|HTTP cannot'], {
        DUST_STORE: A,
      });

      const announced = /; it has batch-if-absent, .*commits, .*unique-indexes.*; files are stored$/;
      expect(planned(output)).toEqual(Array(3).fill(expect.stringMatching(announced)));
      expect(counted(output)).toEqual([
        expect.stringMatching(/HTTP of .*, in acme\/a: \d+ passed, 0 failed, 2 left out, \d+ not asked for$/),
        expect.stringMatching(/JSON .*, in acme\/a: \d+ passed, 0 failed, 0 left out, \d+ not asked for$/),
        expect.stringMatching(
          /MessagePack .*, in acme\/a: \d+ passed, 0 failed, 0 left out, \d+ not asked for$/,
        ),
      ]);
      expect(output).not.toContain('0.1 server');
    },
    PATIENCE,
  );
});
