// `npm run test:contract`: the contract suite on every transport of ours, or, when DUST_BASE_URL, DUST_TOKEN and DUST_STORE
// are set, on that store of a server that is already running: over HTTP, and over the channel in both serialisations. The
// suite then writes below one new segment, which is removed at the end, whatever the outcome. With --with-second-program,
// another program writes to the store meanwhile. Other arguments reach Jest: file patterns first, then options.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remoteStoreFrom } from './remote-store.mjs';
import { startSecondProgram } from './second-program.mjs';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

const SECOND_PROGRAM = '--with-second-program';
const withSecondProgram = process.argv.includes(SECOND_PROGRAM);
const forJest = process.argv.slice(2).filter((argument) => argument !== SECOND_PROGRAM);

/** Resolves with Jest's exit code. An interrupt reaches Jest, too, and is answered after it has ended. */
function runJest(options, env = process.env) {
  const patterns = forJest[0] === undefined || forJest[0].startsWith('-') ? ['tests/contract/'] : [];
  const child = spawn(process.execPath, [jest, ...patterns, ...forJest, ...options], {
    cwd: projectRoot,
    stdio: 'inherit',
    env,
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function runAgainst(store) {
  const root = `contract-${randomUUID()}`;
  await store.check(root);
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-contract-'));
  const results = join(folder, 'results.json');
  // One file after the other, and one compiler setting: the server's limits are for all of them together.
  const options = ['--selectProjects', 'define', '--runInBand', '--json', `--outputFile=${results}`];
  try {
    console.log(`The contract on ${store.store} at ${store.url}, below ${root}.`);
    console.log('Servers limit requests: at the usual limits the whole suite takes about 35 minutes.');
    console.log("For a part of it: -t 'HTTP of', -t 'JSON channel' or -t 'MessagePack channel'.");
    const env = { ...process.env, DUST_CONTRACT_ROOT: root, DUST_CONTRACT_FOLDER: folder };
    const run = async () => {
      const code = await runJest(options, env);
      if (existsSync(results)) summarise(store, results);
      return code;
    };
    return withSecondProgram ? await besideSecondProgram(store, run) : await run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await store.remove(root);
    console.log(`Removed ${root}.`);
  }
}

/** Resolves to what `run` does, with a second program writing to the store from before its start until after its end. */
async function besideSecondProgram(store, run) {
  const root = `contract-second-${randomUUID()}`;
  try {
    const stop = await startSecondProgram(root);
    console.log(`A second program writes meanwhile, below ${root}.`);
    const code = await run();
    const { http, channel } = await stop();
    console.log(
      `\nThe second program made ${http} writes over HTTP and ${channel} over the channel meanwhile.`,
    );
    return code;
  } finally {
    await store.remove(root);
  }
}

/** Names every test that was left out; its title ends with the reason. */
function summarise(store, results) {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const run = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const leftOut = tests.filter(({ status }) => status === 'todo').map(({ fullName }) => fullName);
  console.log(`\nThe contract on ${store.store} at ${store.url}: ${run.length} tests run.`);
  console.log(leftOut.length === 0 ? 'None was left out.' : `${leftOut.length} left out:`);
  for (const name of leftOut) console.log(`  - ${name}`);
}

try {
  const store = remoteStoreFrom(process.env);
  if (store === undefined && withSecondProgram) {
    throw new Error(`${SECOND_PROGRAM} is for a store of a server that is already running.`);
  }
  process.exitCode = store === undefined ? await runJest([]) : await runAgainst(store);
} catch (error) {
  console.error(`test:contract: ${error.message}`);
  process.exitCode = 1;
}
