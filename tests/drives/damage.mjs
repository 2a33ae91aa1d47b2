// Damages a data file at random places and has child processes open it and read everything, as it is and with
// `verify: true`. Each must be an error with kind and detail, or the whole answer. What is neither is counted: an answer
// with something missing or changed, and an end by a signal.
// npm run drive -- damage --rounds 40 --seed 1
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  openSync,
  closeSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataSource, silentLogger } from 'dust-orm';
import { Note } from './parts/note.mjs';
import { numbers } from './parts/options.mjs';
import { randomInts } from './parts/random.mjs';

const PAGE = 8192;
const PROGRAM = fileURLToPath(new URL('./parts/damage-program.mjs', import.meta.url));
/** So many damaged folders lie on the disk at a time. */
const AT_ONCE = 10;

const { rounds, seed, notes } = numbers({ rounds: 40, seed: 1, notes: 2500 });
const random = randomInts(seed);
const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));

const write = (path, bytes, at) => {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
};
const noise = (length) => Buffer.from(Array.from({ length }, () => random(256)));
const page = (size) => PAGE * random(size / PAGE);

const HARMS = {
  cut: (path, size) => truncateSync(path, random(size)),
  noise: (path, size) => write(path, noise(PAGE), page(size)),
  zeroed: (path, size) => write(path, Buffer.alloc(PAGE), page(size)),
  flipped: (path, size) => {
    const at = random(size);
    const file = openSync(path, 'r');
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    closeSync(file);
    write(path, Buffer.from([byte[0] ^ (1 << random(8))]), at);
  },
};

/** A store of several times what an opening looks at, with pages that are free, large values and files. */
async function makeStore(path) {
  const dataSource = await new DataSource({ path, entities: [Note], logger: silentLogger }).initialize();
  const { transport } = dataSource;
  const text = () => 'x'.repeat(random(20) === 0 ? 9000 + random(30_000) : random(3000)) + random(1e9);
  for (let i = 0; i < notes; i += 50) {
    const operations = Array.from({ length: 50 }, (_, j) => ({
      op: 'set',
      path: `notes/n${i + j}`,
      value: { text: text(), count: random(1000) },
    }));
    await transport.batchWrite(operations);
  }
  for (let i = 0; i < notes / 5; i++) await transport.set(`notes/n${random(notes)}/text`, text());
  for (let i = 0; i < 20; i++) {
    await transport.putFile(`notes/n${i}/file`, noise(1 + random(50_000)), { filename: 'file' });
  }
  await transport.delete('notes/n1000');
  await dataSource.destroy();
}

/** What a child made of each folder; a child that ends by a signal is followed by another one for the rest. */
function readAll(how, folders) {
  const found = [];
  while (found.length < folders.length) {
    const rest = folders.slice(found.length);
    const { stdout, stderr, signal, status } = spawnSync(process.execPath, [PROGRAM, how, ...rest], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    const lines = stdout.split('\n').filter((line) => line !== '');
    found.push(...lines.map((line) => JSON.parse(line)));
    if (lines.length === rest.length) break;
    found.push(signal === null ? { message: `exit code ${status}: ${stderr.slice(0, 500)}` } : { signal });
  }
  return found;
}

function verdict({ signal, kind, detail, read }, truth) {
  if (signal !== undefined) return 'signal';
  if (read !== undefined) return read === truth ? 'whole' : 'wrong';
  return kind === 'storage' && detail !== undefined ? 'error' : 'strange';
}

let broken = 0;
/** Whether the promise of docs/embedded-store.md holds: what verify cannot know is a value that is still one. */
function isKept(harm, how, result) {
  if (result === 'whole' || result === 'error') return true;
  if (result === 'strange') return false;
  if (how === 'verify') return harm === 'flipped' && result === 'wrong';
  return harm !== 'cut';
}

try {
  const sound = join(folder, 'sound');
  await makeStore(sound);
  const { size } = statSync(join(sound, 'data.mdb'));
  const [{ read: truth }] = readAll('verify', [sound]);
  if (truth === undefined) throw new Error('the sound store cannot be read');
  console.log(`a store of ${notes} records, ${Math.round(size / 2 ** 20)} MiB; seed ${seed}`);
  for (const [harm, damage] of Object.entries(HARMS)) {
    const counts = { plain: {}, verify: {} };
    for (let done = 0; done < rounds; done += AT_ONCE) {
      const folders = Array.from({ length: Math.min(AT_ONCE, rounds - done) }, (_, i) =>
        join(folder, `${harm}${done + i}`),
      );
      for (const [i, path] of folders.entries()) {
        cpSync(sound, path, { recursive: true });
        // The first cut takes everything.
        if (harm === 'cut' && done + i === 0) truncateSync(join(path, 'data.mdb'), 0);
        else damage(join(path, 'data.mdb'), size);
      }
      // Verified first: an opening that succeeds writes to the folder.
      for (const how of ['verify', 'plain']) {
        for (const [i, outcome] of readAll(how, folders).entries()) {
          const result = verdict(outcome, truth);
          counts[how][result] = (counts[how][result] ?? 0) + 1;
          if (isKept(harm, how, result)) continue;
          broken++;
          console.error(`${harm} ${done + i}, ${how}: ${result} ${JSON.stringify(outcome)}`);
        }
      }
      for (const path of folders) rmSync(path, { recursive: true });
    }
    for (const [how, found] of Object.entries(counts)) {
      const told = Object.entries(found).map(([result, count]) => `${count} ${result}`);
      console.log(`${harm}, ${how === 'verify' ? 'verify: true' : 'as it is'}: ${told.join(', ')}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(broken === 0 ? 'every promise held' : `${broken} promises broken`);
process.exitCode = broken === 0 ? 0 : 1;
