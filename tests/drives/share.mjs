// Four processes serve the Express example from one folder, as pm2 would have them, while clients write to each over HTTP. The one that has the folder is
// killed with SIGKILL, over and over, and begun again at once. Nothing that was acknowledged may be lost and nothing counted twice, and clients of the
// others wait for a second at the most: without an acknowledged write, and for the answer to any one request.
//   npm run drive -- share --rounds 20
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LinkWriter, Waits } from './parts/link-writer.mjs';
import { numbers } from './parts/options.mjs';
import { ServedProcess } from './parts/served-process.mjs';
import { Tally } from './parts/tally.mjs';

const EXAMPLE = fileURLToPath(new URL('../../examples/express-reading-list/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROCESSES = 4;
/** Milliseconds. */
const LONGEST_PAUSE = 1000;
/** How long writes go on between two kills, in milliseconds. */
const CALM = 500;

const { rounds, writers } = numbers({ rounds: 20, writers: 3 });
const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));
const path = join(folder, 'data');

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const built = spawnSync(process.execPath, [tsc, '-p', join(EXAMPLE, 'tsconfig.build.json')], { cwd: ROOT });
if (built.status !== 0) throw new Error(`the example could not be built: ${built.stdout}${built.stderr}`);

const answers = new Tally('answers');
const pauses = new Tally('pauses');
const counts = new Tally('what was written');
/** Of all rounds, in milliseconds. */
const measured = { gap: [], answer: [], calm: [], restart: [] };
const ms = (number) => String(Math.round(number)).padStart(5);

/** A process, what its clients wait, and those who write to it. */
const instances = [];

const begin = () =>
  ServedProcess.begin(join(EXAMPLE, 'dist/main.js'), {
    ...{ DUST_PATH: path, DUST_SHARE: 'true', NODE_ENV: 'production' },
  });

async function roleOf({ process }) {
  const response = await fetch(`${process.url}/health`).catch(() => undefined);
  return (await response?.json())?.shared;
}

async function owner() {
  const roles = await Promise.all(instances.map(roleOf));
  counts.expect('one has the folder', roles.filter((role) => role === 'owner').length === 1);
  const found = instances[roles.indexOf('owner')];
  if (found === undefined) throw new Error(`nobody has the folder: ${roles}`);
  return found;
}

/** What a process shows of the list. */
async function listOf({ process }) {
  const all = [];
  for (let skip = 0; ; skip += 100) {
    const response = await fetch(`${process.url}/links?take=100&skip=${skip}`);
    const { items } = await response.json();
    all.push(...items);
    if (items.length < 100) return all;
  }
}

/** Kills the one that has the folder, and waits until all four answer again. */
async function round(number) {
  await wait(CALM);
  const killed = await owner();
  const others = instances.filter((instance) => instance !== killed);
  measured.calm.push(...others.map(({ waits }) => waits.gap));
  for (const { waits } of others) waits.reset();
  const gone = killed.process.kill();
  const answering = Promise.all(others.map(({ waits }) => waits.next()));
  await gone;
  const restarted = killed.process.up();
  await answering;
  measured.restart.push(await restarted);
  await killed.waits.next();
  // The others have gone on while the killed one began: what that cost them counts.
  await Promise.all(others.map(({ waits }) => waits.next()));
  for (const { waits } of others) {
    measured.gap.push(waits.gap);
    measured.answer.push(waits.answer);
    const isShort = Math.max(waits.gap, waits.answer) <= LONGEST_PAUSE;
    pauses.expect(isShort ? 'within a second' : 'longer', isShort);
  }
  const waited = (what) => others.map(({ waits }) => ms(waits[what])).join(' ');
  console.log(`${ms(number)} | ${waited('gap')} | ${waited('answer')} | ${ms(measured.restart.at(-1))}`);
  for (const { waits } of instances) waits.reset();
}

/** Counts what stands in a list against what the writers were told. */
function compare(list) {
  const links = new Map(list.map((link) => [link.slug, link]));
  counts.expect('list without a link twice', links.size === list.length);
  const known = new Set();
  for (const { views, added, unknown, link } of instances.flatMap((instance) => instance.writers)) {
    known.add(link);
    if (views > 0) {
      const counted = links.get(link)?.views ?? 0;
      counts.expect('link with every view counted', counted >= views);
      counts.expect('link with no view counted twice', counted <= views + unknown.views);
    }
    for (const slug of added) counts.expect('acknowledged link there', links.has(slug));
    for (const slug of [...added, ...unknown.added]) known.add(slug);
  }
  for (const slug of links.keys()) if (!known.has(slug)) counts.expect('link from nowhere', false);
}

try {
  for (let n = 0; n < PROCESSES; n++) {
    instances.push({ process: await begin(), waits: new Waits(), writers: [] });
  }
  await Promise.all(instances.map(({ process }) => process.up()));
  for (const [n, { process, waits, writers: own }] of instances.entries()) {
    for (let writer = 0; writer < writers; writer++) {
      const slug = `followed-${n}-${writer}`;
      const body = JSON.stringify({ slug, title: slug, url: 'https://example.com' });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${process.url}/links`, { method: 'POST', headers, body });
      own.push(new LinkWriter(slug, 'views', { process, waits, answers }));
    }
    own.push(new LinkWriter(`added-${n}`, 'links', { process, waits, answers }));
  }
  await Promise.all(instances.map(({ waits }) => waits.next()));
  for (const { waits } of instances) waits.reset();

  console.log('round | without an acknowledged write, ms | longest answer, ms | begun again, ms');
  for (let number = 1; number <= rounds; number++) await round(number);

  await Promise.all(instances.flatMap((instance) => instance.writers.map((writer) => writer.stop())));
  const same = (lists) => lists.every((list) => JSON.stringify(list) === JSON.stringify(lists[0]));
  let seen = [];
  // What the others wrote is seen a moment later.
  for (let look = 0; look < 50 && (seen.length === 0 || !same(seen)); look++) {
    await wait(100);
    seen = await Promise.all(instances.map(listOf));
  }
  counts.expect('all see the same', same(seen));
  for (const list of seen) compare(list);
  for (const { process } of instances.slice()) counts.expect(`ended with ${await process.stop()}`, true);
  counts.expect('no socket is left', !existsSync(join(path, 'share')));
} finally {
  for (const { process } of instances) await process.stop('SIGKILL');
  await Promise.all(instances.flatMap((instance) => instance.writers.map((writer) => writer.stop())));
  rmSync(folder, { recursive: true, force: true });
}

const all = instances.flatMap((instance) => instance.writers);
const sum = (of) => all.reduce((total, writer) => total + of(writer), 0);
console.log(
  `acknowledged: ${sum(({ views }) => views)} views, ${sum(({ added }) => added.size)} links; unknown: ` +
    `${sum(({ unknown }) => unknown.views)} views, ${sum(({ unknown }) => unknown.added.size)} links`,
);
for (const [what, title] of [
  ['gap', 'without an acknowledged write'],
  ['answer', 'longest answer'],
  ['calm', 'without an acknowledged write while nobody was killed'],
  ['restart', 'begun again'],
]) {
  const sorted = measured[what].sort((a, b) => a - b);
  const part = (share) => ms(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  console.log(`${title}, ms: median ${part(0.5)}, nine of ten within ${part(0.9)}, longest ${part(1)}`);
}
const kept = [counts, answers, pauses].map((tally) => tally.report());
process.exitCode = kept.every(Boolean) ? 0 : 1;
