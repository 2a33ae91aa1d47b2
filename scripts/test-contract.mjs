// `npm run test:contract`: the contract suite on every transport of ours, or, when DUST_BASE_URL, DUST_TOKEN and DUST_STORE
// are set, on that store of a server that is already running. The suite then writes below one new segment, which is
// removed at the end, whatever the outcome. Arguments reach Jest: file patterns first, then options.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remoteStoreFrom } from './remote-store.mjs';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Resolves with Jest's exit code. An interrupt reaches Jest, too, and is answered after it has ended. */
function runJest(options, env = process.env) {
  const given = process.argv.slice(2);
  const patterns = given[0] === undefined || given[0].startsWith('-') ? ['tests/contract/'] : [];
  const child = spawn(process.execPath, [jest, ...patterns, ...given, ...options], {
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
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-contract-'));
  const results = join(folder, 'results.json');
  // One file after the other, and one compiler setting: the server's limits are for all of them together.
  const options = ['--selectProjects', 'define', '--runInBand', '--json', `--outputFile=${results}`];
  await store.check(root);
  try {
    console.log(`The contract on ${store.store} at ${store.url}, below ${root}.`);
    console.log('Servers limit requests: at the usual limits the whole suite takes about seven minutes.');
    const code = await runJest(options, { ...process.env, DUST_CONTRACT_ROOT: root });
    summarise(store, results);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await store.remove(root);
    console.log(`Removed ${root}.`);
  }
}

/** Names every test that was left out; its title ends with the reason. */
function summarise(store, results) {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const leftOut = tests.filter(({ status }) => status === 'todo').map(({ fullName }) => fullName);
  console.log(
    `\nThe contract on ${store.store} at ${store.url}: ${tests.length - leftOut.length} tests run.`,
  );
  console.log(leftOut.length === 0 ? 'None was left out.' : `${leftOut.length} left out:`);
  for (const name of leftOut) console.log(`  - ${name}`);
}

try {
  const store = remoteStoreFrom(process.env);
  process.exitCode = store === undefined ? await runJest([]) : await runAgainst(store);
} catch (error) {
  console.error(`test:contract: ${error.message}`);
  process.exitCode = 1;
}
