import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/cli/run.js';
import { DustServer } from '../../../src/server/index.js';
import { Fault, expectThat } from '../engine/fault.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asJson } from '../inputs/form.js';
import { strings } from '../inputs/mutated-json.js';
import { FUZZED_STORE } from './frame-samples.js';
import { FuzzedStores, TOKEN } from './fuzzed-server.js';
import { memoryIo } from './memory-io.js';

const COMMANDS: readonly (readonly string[])[] = [
  ...[
    ['get', 'a/b'],
    ['ls', 'a'],
    ['put', 'a/b', '{"x":1}'],
    ['rm', 'a/b'],
    ['export', 'out.jsonl'],
  ],
  ...[['import', '-'], ['doctor'], ['put', 'a/b', '-', '--if-absent'], ['help'], ['--version'], []],
  ...[
    ['ls', 'a', '--limit', '3', '--json'],
    ['export', '-'],
    ['rm', 'a', '--json'],
    ['import', 'out.jsonl'],
  ],
];
const FLAGS = [
  ...[
    '--json',
    '--data',
    'folder',
    '--store',
    FUZZED_STORE,
    '--config',
    'ormconfig.json',
    '--url',
    '--token',
  ],
  ...[
    '--if-match',
    '--if-absent',
    '--limit',
    '--help',
    '--port',
    '--no-rate-limit',
    '-',
    '--',
    '-x',
    '--data=d',
  ],
  ...['5', '-1', '1e9', 'a/b', '{"a":1}', '"x"', '[', '{"path":"a","value":1,"type":"integer"}'],
];
const DUMP = '{"_header":true,"path_schema_version":3}\n{"path":"a/b","value":"x","type":"string"}\n';

interface Input {
  readonly args: readonly string[];
  readonly stdin: string;
}

const words = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...FLAGS) },
  { weight: 1, arbitrary: strings },
);

const inputs = fc
  .record({
    command: fc.constantFrom(...COMMANDS),
    cut: fc.nat({ max: 6 }),
    more: fc.array(words, { maxLength: 4 }),
    stdin: fc.oneof(fc.constant(DUMP), strings),
  })
  .map(({ command, cut, more, stdin }): Input => {
    const kept = command.slice(0, cut === 0 ? 1 : command.length);
    return { args: [...kept, ...more].map(harmless), stdin };
  });

/** Nothing outside of the run's own folder is written, no other address listened on or asked. */
function harmless(arg: string): string {
  if (/^(--host|serve)/.test(arg)) return 'get';
  const text = arg.includes('://') ? arg.replace(/:\/\/.*/, '://127.0.0.1:1/') : arg;
  return text.replaceAll('..', '.').replace(/(^|=)[\s/~]*\//, '$1');
}

/** The exit codes that the help promises. */
const CODES: ReadonlySet<number> = new Set([0, 1, 2, 3, 130, 143]);

/** Arguments of `dust-orm`, against a server on this machine: it ends with a known code, says so, and shows no stack. */
export function cliTarget(command: typeof run = run): Target {
  return defineTarget<Input>({
    name: 'cli',
    share: 3,
    batch: 100,
    inputs,
    form: { write: ({ args, stdin }) => ({ args, stdin }), read: (stored) => asJson<never>().read(stored) },
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'dust-fuzz-'));
      const stores = await FuzzedStores.open();
      const server = new DustServer(stores.options);
      const { url } = await server.listen({ port: 0 });
      const env = { DUST_BASE_URL: url, DUST_TOKEN: TOKEN, DUST_STORE: FUZZED_STORE };
      return {
        check: (input) => check(input, folder, env, command),
        unharmed: () => stores.assertUnharmed(),
        close: async () => {
          await server.close();
          await stores.close();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  });
}

async function check(
  { args, stdin }: Input,
  folder: string,
  env: Readonly<Record<string, string>>,
  command: typeof run,
): Promise<void> {
  const { io, stdout, stderr, stop } = memoryIo(folder, env, stdin);
  const patience = setTimeout(stop, 2000);
  let code: number;
  try {
    code = await command(args, io);
  } catch (error) {
    throw new Fault(`it rejected: ${String(error)}`);
  } finally {
    clearTimeout(patience);
  }
  expectThat(CODES.has(code), `the exit code ${code}`);
  const said = stdout.text + stderr.text;
  expectThat(!/^ +at .+:\d+:\d+\)?$/m.test(said), `a stack is shown: ${said.slice(0, 300)}`);
  expectThat(!said.includes(TOKEN), 'the token is shown');
  if (code === 1 && !args.includes('doctor')) expectThat(stderr.text !== '', 'it failed without a word');
}
