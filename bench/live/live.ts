import { argv } from 'node:process';
import type { Group, Row } from '../measure.js';
import { median } from '../measure.js';
import { scratchProject, versionOf } from '../scratch.js';
import { openOurs } from './ours.js';
import type { LiveRival, OpenLiveRival } from './rival.js';
import { rxDb } from './rxdb.js';
import { tinyBase } from './tinybase.js';
import type { LiveSize, LiveWork } from './works.js';
import { LIVE_WORKS } from './works.js';

const VERSIONS = { rxdb: '17.6.0', rxjs: '7.8.2', tinybase: '10.0.1' };
const ROUNDS = 5;

/** Installs packages and takes minutes: only when it is asked for. */
export const live: Group = {
  name: 'live queries: the same work by RxDB and TinyBase',
  onlyByName: true,
  async run() {
    const size = { records: option('--records', 100_000), queries: option('--queries', 1_000) };
    const scratch = scratchProject({ name: 'live', versions: VERSIONS });
    const { load } = scratch;
    console.log(
      `  ${['rxdb', 'tinybase'].map((name) => versionOf(scratch, name)).join(', ')}; rivals in turns`,
    );
    const rivals = [openOurs, rxDb(load), tinyBase(load, false), tinyBase(load, true)];
    const rows: Row[] = [];
    for (const work of LIVE_WORKS) rows.push(...(await compareAll(work, rivals, size)));
    return rows;
  },
};

function option(name: string, otherwise: number): number {
  const place = argv.indexOf(name);
  const value = place < 0 ? otherwise : Number(argv[place + 1]);
  if (Number.isSafeInteger(value) && value >= 100) return value;
  throw new Error(`${name} takes a number from 100 on`);
}

async function compareAll(work: LiveWork, opens: readonly OpenLiveRival[], size: LiveSize): Promise<Row[]> {
  const rivals: LiveRival[] = [];
  try {
    const bytes: number[] = [];
    for (const open of opens) {
      const rival = await open();
      rivals.push(rival);
      await rival.insertMany(work.records(size));
      const before = heap();
      const watched = await work.open(rival, size);
      bytes.push((heap() - before) / Math.max(1, watched.length));
    }
    // Whoever keeps nothing has some garbage less.
    const figures =
      work.measures === 'bytes' ? bytes.map((each) => Math.max(each, 1)) : await timesOf(work, rivals);
    const [ours = NaN, ...theirs] = figures;
    return theirs.map((figure, i) => rowOf(work, size, rivals[i + 1]!.name, figure, ours));
  } finally {
    for (const rival of rivals) await rival.close();
  }
}

/** Nanoseconds for one call of each, the median of rounds in turns after one that warms up. */
async function timesOf({ run, calls }: LiveWork, rivals: readonly LiveRival[]): Promise<number[]> {
  const times: number[][] = rivals.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (let turn = 0; turn < rivals.length; turn++) {
      const i = (turn + round) % rivals.length;
      const started = process.hrtime.bigint();
      for (let call = 0; call < calls; call++) await run(rivals[i]!, round * calls + call);
      if (round > 0) times[i]!.push(Number(process.hrtime.bigint() - started) / calls);
    }
  }
  return times.map(median);
}

/** Bytes that are held, all garbage gone. */
function heap(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function rowOf(work: LiveWork, size: LiveSize, name: string, theirs: number, ours: number): Row {
  const value = theirs / ours;
  const unit = work.measures === 'time' ? 'µs' : 'bytes';
  const shown = (figure: number): string =>
    (work.measures === 'time' ? figure / 1e3 : figure).toLocaleString('en', { maximumSignificantDigits: 3 });
  return {
    work: `${work.name(size)}: ${name} ÷ dust-orm`,
    result: `${shown(theirs)} ÷ ${shown(ours)} ${unit} = ${value.toPrecision(3)} ×`,
    target: '≥ 1 ×',
    met: value >= 1,
  };
}
