// Kills a process that updates, imports, takes backups or compacts, with SIGKILL at a random moment, over and over on one
// folder; and the commands import and restore. Nothing that was acknowledged may be lost, all of the data must be whole
// each time (`verify: true`), and a backup is whole with all that was acknowledged before it, or is not there.
//   npm run drive -- kill --rounds 30 --seed 1
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { DataSource, silentLogger } from 'dust-orm';
import { Note } from './parts/note.mjs';
import { numbers } from './parts/options.mjs';
import { randomInts } from './parts/random.mjs';
import { Tally } from './parts/tally.mjs';

const PROGRAM = fileURLToPath(new URL('./parts/kill-program.mjs', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../dist/esm/cli/main.js', import.meta.url));
const WAYS = ['updates', 'imports', 'backups', 'compaction'];

const { rounds, seed } = numbers({ rounds: 30, seed: 1 });
const random = randomInts(seed);
const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));
const path = join(folder, 'data');
const backups = join(folder, 'backups');
/** What was acknowledged last, by id. */
const acknowledged = new Map();
/** What had been acknowledged when a backup began, and was not written since, by the backup's folder. */
const held = new Map();

/** The records of a folder of which every page and every value is sound. */
async function read(from) {
  const dataSource = await new DataSource({
    path: from,
    verify: true,
    entities: [Note],
    logger: silentLogger,
  }).initialize();
  try {
    const notes = await dataSource.getRepository(Note).find();
    return new Map(notes.map(({ id, text, count }) => [id, [text, count]]));
  } finally {
    await dataSource.destroy();
  }
}

/** How many records are neither as acknowledged nor newer. */
const lost = (found, expected) =>
  [...expected].filter(([id, [text, count]]) => {
    const [foundText, foundCount] = found.get(id) ?? [];
    return foundText !== text && !(foundCount > count);
  }).length;

async function killWriter(way, round) {
  const child = fork(PROGRAM, [way, path, backups, String(round)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const enough = 1 + random(way === 'imports' ? 12 : 150);
  let messages = 0;
  child.on('message', ({ wrote = [], backup, stage }) => {
    for (const [id, text, count] of wrote) acknowledged.set(id, [text, count]);
    if (stage === 'begun') held.set(`${way}-${round}-${backup}`, { before: new Map(acknowledged), stage });
    if (stage === 'done') held.get(`${way}-${round}-${backup}`).stage = stage;
    if (++messages === enough) child.kill('SIGKILL');
  });
  const [, signal] = await ended;
  return signal === 'SIGKILL';
}

async function killCommand(...argv) {
  const child = spawn(process.execPath, [COMMAND, ...argv], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await Promise.race([wait(150 + random(2500), undefined, { ref: false }), ended]);
  child.kill('SIGKILL');
  await ended;
}

const writes = new Tally('acknowledged writes');
const taken = new Tally('backups');
const restores = new Tally('restores');
try {
  mkdirSync(backups);
  for (let round = 0; round < rounds; round++) {
    const way = WAYS[round % WAYS.length];
    writes.expect(`${way} killed`, await killWriter(way, round));
    const found = await read(path);
    const gone = lost(found, acknowledged);
    writes.expect(gone === 0 ? 'nothing lost' : `${gone} lost after ${way}`, gone === 0);
    for (const [name, { before, stage }] of held) {
      if (!existsSync(join(backups, name))) {
        taken.expect(stage === 'done' ? 'done and not there' : 'not there', stage !== 'done');
        continue;
      }
      const missing = lost(await read(join(backups, name)), before);
      taken.expect(missing === 0 ? 'whole' : `${missing} missing`, missing === 0);
    }
    held.clear();
    for (const name of readdirSync(backups)) rmSync(join(backups, name), { recursive: true });
  }

  for (let round = 0; round < Math.ceil(rounds / 6); round++) {
    const dump = join(folder, 'dump.jsonl');
    const leaves = Array.from({ length: 3000 }, (_, i) => ({
      path: `notes/dump${i}/text`,
      value: `dump ${i}`,
      type: 'string',
    }));
    writeFileSync(
      dump,
      [{ _header: true, path_schema_version: 3 }, ...leaves].map((line) => JSON.stringify(line)).join('\n'),
    );
    await killCommand('import', dump, '--data', path);
    const gone = lost(await read(path), acknowledged);
    writes.expect(gone === 0 ? 'nothing lost by a killed import' : `${gone} lost by an import`, gone === 0);

    const backup = join(folder, `backup${round}`);
    const dataSource = await new DataSource({ path, entities: [Note], logger: silentLogger }).initialize();
    const notes = dataSource.getRepository(Note);
    await notes.save({ id: 'which', text: `old ${round}` });
    await dataSource.backup(backup);
    await notes.save({ id: 'which', text: `new ${round}` });
    await dataSource.destroy();
    await killCommand('restore', backup, path, '--replace');
    const [which] = (await read(path)).get('which') ?? [];
    const isEither = which === `old ${round}` || which === `new ${round}`;
    restores.expect(
      !isEither ? `neither: ${which}` : which.startsWith('old') ? 'the backup' : 'what was there',
      isEither,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const kept = [writes, taken, restores].map((tally) => tally.report());
process.exitCode = kept.every(Boolean) ? 0 : 1;
