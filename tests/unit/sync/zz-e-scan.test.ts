import { writeFileSync, mkdirSync } from 'node:fs';
import { SyncEngine } from '../../../src/sync/engine.js';
import { simulate } from '../../faults/sync/simulation/simulation.js';
import { SCENARIOS, LMDB_SCENARIO } from '../../faults/sync/simulation/scenario.js';
test('scan', async () => {
  mkdirSync('/tmp/e-traces', { recursive: true });
  const rej: string[] = [];
  const on = (e: any) => {
    rej.push(`REJ ${e?.stack ?? e}`);
  };
  process.on('unhandledRejection', on);
  const [from, to] = (process.env.RANGE ?? '1-20').split('-').map(Number) as [number, number];
  const out: string[] = [];
  for (const s of [...SCENARIOS, LMDB_SCENARIO].filter((x) => x.name.includes(process.env.ONLY ?? ''))) {
    if (s.disk === 'lmdb' && process.env.ONLY !== 'LMDB') continue;
    const t = Date.now();
    let bad = 0;
    for (let seed = from; seed <= to; seed++) {
      rej.length = 0;
      let faults: string[] = [],
        trace = '';
      try {
        const o = await simulate(seed, s, (o) => new SyncEngine(o));
        faults = [...o.faults, ...rej];
        if (faults.length) trace = o.trace.render();
      } catch (e: any) {
        faults = [`THROW ${e.stack}`];
      }
      if (!faults.length) continue;
      bad++;
      writeFileSync(
        `/tmp/e-traces/${s.name.replaceAll(' ', '-')}-${seed}.txt`,
        faults.join('\n') + '\n' + trace,
      );
      if (bad <= 8) {
        out.push(
          `  ${s.name} ${seed}: (${faults.length}) ${faults
            .slice(0, 3)
            .map((f) => f.slice(0, 260))
            .join(' | ')}`,
        );
      }
    }
    out.push(`${s.name}: ${bad} bad of ${to - from + 1} in ${Date.now() - t} ms`);
  }
  process.off('unhandledRejection', on);
  writeFileSync('/tmp/e-traces/out.txt', out.join('\n') + '\n');
}, 3_000_000);
