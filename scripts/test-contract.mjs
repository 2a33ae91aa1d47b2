// `npm run test:contract`: the contract suite on every transport of ours, or, when DUST_BASE_URL, DUST_TOKEN and DUST_STORE
// are set, on that store of a server that is already running: over HTTP, and over the channel in both serialisations. With
// DUST_TEST_STORES=acme/a,acme/b,acme/c in place of DUST_STORE, each of these ways has a store of its own. The suite then
// writes below new segments, which are removed at the end, whatever the outcome, and ends with what ran and what was left
// out. With --with-second-program, another program writes to each store meanwhile. Other arguments reach Jest: file patterns
// first, then options.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_STORES, destinationFrom } from './contract/destination.mjs';
import { RemoteStore } from './contract/remote-store.mjs';
import { describeRows, planRows } from './contract/rows.mjs';
import { startSecondProgram } from './contract/second-program.mjs';
import { summarise } from './contract/summary.mjs';

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

async function runAgainst(destination) {
  const root = `contract-${randomUUID()}`;
  const stores = destination.stores.slice(0, MAX_STORES).map((name) => new RemoteStore(destination, name));
  const written = [];
  try {
    const problems = [];
    for (const store of stores) {
      written.push({ store, root });
      const problem = await store.check(root);
      if (problem === undefined) continue;
      problems.push(problem);
      written.pop();
    }
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const rows = planRows({ url: destination.url, stores, root });
    written.push(...rows);
    tellPlan(destination, rows);
    return await besideSecondPrograms(stores, () => runRows(rows));
  } finally {
    await removeAll(written);
    if (written.length > 0) console.log(`Removed what was written below ${root}.`);
  }
}

function tellPlan({ url, stores }, rows) {
  console.log(`The contract on the server at ${url}:`);
  for (const line of describeRows(rows)) console.log(line);
  const unused = stores.slice(MAX_STORES);
  if (unused.length > 0) console.log(`Not used, with a store for each row: ${unused.join(', ')}.`);
  console.log('Servers limit requests: at the usual limits the whole suite takes more than an hour.');
  console.log("For a part of it: -t 'HTTP of', -t 'JSON channel' or -t 'MessagePack channel'.");
}

/** Runs Jest on these rows, one test file after the other: the limits of the server are for all of them together. */
async function runRows(rows) {
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-contract-'));
  const results = join(folder, 'results.json');
  try {
    const plan = rows.map(({ store, ...row }) => ({ ...row, store: store.name, features: store.features }));
    const code = await runJest(
      ['--selectProjects', 'define', '--runInBand', '--json', `--outputFile=${results}`],
      { ...process.env, DUST_CONTRACT_ROWS: JSON.stringify(plan), DUST_CONTRACT_FOLDER: folder },
    );
    console.log('\nThe contract, row by row:');
    for (const line of summarise(rows, results)) console.log(line);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves to what `run` does, with a second program writing to each store from before its start until after its end. */
async function besideSecondPrograms(stores, run) {
  if (!withSecondProgram) return run();
  const root = `contract-second-${randomUUID()}`;
  const programs = await Promise.allSettled(stores.map(({ name }) => startSecondProgram(name, root)));
  const stopAll = () =>
    Promise.allSettled(programs.map(({ value: stop, reason }) => stop?.() ?? Promise.reject(reason)));
  try {
    for (const { reason } of programs) if (reason !== undefined) throw reason;
    console.log(`A second program writes to each store meanwhile, below ${root}.`);
    const code = await run();
    for (const [i, { value: written, reason }] of (await stopAll()).entries()) {
      if (written === undefined) throw reason;
      const { http, channel } = written;
      const where = `to ${stores[i].name} meanwhile`;
      console.log(
        `\nThe second program made ${http} writes over HTTP and ${channel} over the channel ${where}.`,
      );
    }
    return code;
  } finally {
    await stopAll();
    await removeAll(stores.map((store) => ({ store, root })));
  }
}

/** Tries all of it before it throws. */
async function removeAll(places) {
  const removed = await Promise.allSettled(places.map(({ store, root }) => store.remove(root)));
  const failures = removed.flatMap(({ reason }) => reason?.message ?? []);
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

try {
  const destination = destinationFrom(process.env);
  if (destination === undefined && withSecondProgram) {
    throw new Error(`${SECOND_PROGRAM} is for a store of a server that is already running.`);
  }
  process.exitCode = destination === undefined ? await runJest([]) : await runAgainst(destination);
} catch (error) {
  console.error(`test:contract: ${error.message}`);
  process.exitCode = 1;
}
