// Four processes serve the Express example from one folder. The one that has the folder is killed with SIGKILL, over and over, and started
// again, while clients write to all of them. Nothing that was acknowledged may be lost and nothing counted twice; the others pause for a second at
// the most, from the kill to the first answer to a write that was begun after it.
//   npm run drive -- share --rounds 20
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { numbers } from './parts/options.mjs';
import { Tally } from './parts/tally.mjs';

const EXAMPLE = fileURLToPath(new URL('../../examples/express-reading-list/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROCESSES = 4;
/** Milliseconds. */
const LONGEST_PAUSE = 1000;
const START_TIME = 60_000;
/** Links that everybody follows. */
const LINKS = ['one', 'two', 'three'];

const { rounds, writers } = numbers({ rounds: 20, writers: 3 });
const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));
const path = join(folder, 'data');
const headers = { 'content-type': 'application/json' };

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const built = spawnSync(process.execPath, [tsc, '-p', join(EXAMPLE, 'tsconfig.build.json')], { cwd: ROOT });
if (built.status !== 0) throw new Error(`the example could not be built: ${built.stdout}${built.stderr}`);

/** What the writers of all processes were told. */
const views = { acknowledged: 0, unknown: 0 };
const added = { acknowledged: new Set(), unknown: new Set() };
const answers = new Tally('answers');
let isStopped = false;

/** A process and those who write to it, while it lives. */
class Instance {
  url;
  #child;
  #ended;
  #writing = [];
  /** Resolves with the time from the kill to the first answer to what was begun after it. */
  #watch;

  static async start(number) {
    const instance = new Instance();
    const env = { ...process.env, DUST_PATH: path, DUST_SHARE: 'true', PORT: '0', NODE_ENV: 'production' };
    instance.#child = spawn(process.execPath, [join(EXAMPLE, 'dist/main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    instance.#ended = once(instance.#child, 'exit');
    const lines = createInterface({ input: instance.#child.stdout });
    const line = await Promise.race([
      once(lines, 'line', { signal: AbortSignal.timeout(START_TIME) }).then(([first]) => first),
      instance.#ended.then(() => undefined),
    ]);
    if (line === undefined) throw new Error('a process ended before it listened');
    instance.url = line.replace(/^.* /, '');
    if (number !== undefined) instance.#write(number);
    return instance;
  }

  async role() {
    const response = await fetch(`${this.url}/health`).catch(() => undefined);
    return (await response?.json())?.shared;
  }

  pauseFrom(begin) {
    return new Promise((resolve) => {
      this.#watch = { begin, resolve };
    });
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.#ended;
    await Promise.all(this.#writing);
  }

  /** Resolves when its writers have ended. */
  async quiet() {
    await Promise.all(this.#writing);
  }

  /** What it shows of the list. */
  async list() {
    const all = [];
    for (let skip = 0; ; skip += 100) {
      const response = await fetch(`${this.url}/links?take=100&skip=${skip}`);
      const { items } = await response.json();
      all.push(...items);
      if (items.length < 100) return all;
    }
  }

  async stop() {
    this.#child.kill('SIGTERM');
    const [code] = await this.#ended;
    return code;
  }

  #write(number) {
    for (let writer = 0; writer < writers; writer++) this.#writing.push(this.#view(writer));
    this.#writing.push(this.#add(number));
  }

  async #view(writer) {
    for (let n = writer; !isStopped; n++) {
      const outcome = await this.#post(`/links/${LINKS[n % LINKS.length]}/views`, undefined, 200);
      if (outcome === 'gone') {
        views.unknown++;
        return;
      }
      if (outcome === 'done') views.acknowledged++;
      else if (outcome === 'unknown') views.unknown++;
    }
  }

  async #add(number) {
    for (let n = 0; !isStopped; n++) {
      const slug = `link-${number}-${n}`;
      const body = { slug, title: slug, url: 'https://example.com' };
      const outcome = await this.#post('/links', body, 201);
      if (outcome === 'done') added.acknowledged.add(slug);
      else if (outcome !== 'refused') added.unknown.add(slug);
      if (outcome === 'gone') return;
    }
  }

  /** `done`, `refused`, `unknown`, or `gone` with the process. */
  async #post(target, body, expected) {
    const begin = performance.now();
    const response = await fetch(`${this.url}${target}`, {
      method: 'POST',
      headers,
      body: body && JSON.stringify(body),
    }).catch(() => undefined);
    if (response === undefined) return 'gone';
    await response.arrayBuffer().catch(() => undefined);
    const { status } = response;
    answers.expect(String(status), status === expected);
    if (status !== expected) return status === 504 ? 'unknown' : 'refused';
    if (this.#watch !== undefined && begin >= this.#watch.begin) {
      this.#watch.resolve(performance.now() - this.#watch.begin);
      this.#watch = undefined;
    }
    return 'done';
  }
}

const counts = new Tally('what was written');
const pauses = new Tally('pauses');
const measured = [];
const ms = (number) => String(Math.round(number)).padStart(5);
let instances = [];
try {
  const first = await Instance.start();
  for (const slug of LINKS) {
    const body = JSON.stringify({ slug, title: slug, url: 'https://example.com' });
    await fetch(`${first.url}/links`, { method: 'POST', headers, body });
  }
  await first.stop();
  let number = 0;
  instances = await Promise.all(Array.from({ length: PROCESSES }, () => Instance.start(number++)));

  console.log('round | pauses of the others, ms | a new one started, ms');
  for (let round = 1; round <= rounds; round++) {
    await wait(300);
    const roles = await Promise.all(instances.map((instance) => instance.role()));
    counts.expect('one has the folder', roles.filter((role) => role === 'owner').length === 1);
    const owner = instances[roles.indexOf('owner')];
    if (owner === undefined) throw new Error(`nobody has the folder: ${roles}`);
    instances = instances.filter((instance) => instance !== owner);
    const begin = performance.now();
    const others = Promise.all(instances.map((instance) => instance.pauseFrom(begin)));
    await owner.kill();
    const found = await others;
    for (const pause of found) {
      pauses.expect(pause <= LONGEST_PAUSE ? 'within a second' : 'longer', pause <= LONGEST_PAUSE);
    }
    measured.push(...found);
    const started = performance.now();
    instances.push(await Instance.start(number++));
    console.log(`${ms(round)} | ${found.map(ms).join(' ')} | ${ms(performance.now() - started)}`);
  }

  isStopped = true;
  await Promise.all(instances.map((instance) => instance.quiet()));
  const same = (lists) => lists.every((list) => JSON.stringify(list) === JSON.stringify(lists[0]));
  let seen = [];
  // What the others wrote is seen a moment later.
  for (let look = 0; look < 50 && (seen.length === 0 || !same(seen)); look++) {
    await wait(100);
    seen = await Promise.all(instances.map((instance) => instance.list()));
  }
  counts.expect('all see the same', same(seen));
  for (const list of seen) {
    const counted = list.reduce((sum, link) => sum + link.views, 0);
    const most = views.acknowledged + views.unknown;
    counts.expect('every view counted', counted >= views.acknowledged);
    counts.expect('no view counted twice', counted <= most);
    const slugs = new Set(list.map(({ slug }) => slug));
    counts.expect(
      'every link there',
      [...added.acknowledged].every((slug) => slugs.has(slug)),
    );
    const known = new Set([...LINKS, ...added.acknowledged, ...added.unknown]);
    counts.expect(
      'no link from nowhere',
      [...slugs].every((slug) => known.has(slug)),
    );
  }
  for (const instance of instances.splice(0)) counts.expect(`ended with ${await instance.stop()}`, true);
  counts.expect('no socket is left', !existsSync(join(path, 'share')));
} finally {
  isStopped = true;
  await Promise.all(instances.map((instance) => instance.kill()));
  rmSync(folder, { recursive: true, force: true });
}

measured.sort((a, b) => a - b);
const part = (share) => ms(measured[Math.min(measured.length - 1, Math.floor(measured.length * share))] ?? 0);
console.log(
  `acknowledged: ${views.acknowledged} views, ${added.acknowledged.size} links; unknown: ${views.unknown} views, ${added.unknown.size} links`,
);
console.log(`pauses, ms: median ${part(0.5)}, nine of ten within ${part(0.9)}, longest ${part(1)}`);
const kept = [counts, answers, pauses].map((tally) => tally.report());
process.exitCode = kept.every(Boolean) ? 0 : 1;
