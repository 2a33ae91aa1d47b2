import { writeFileSync } from 'node:fs';
import { SyncEngine } from '../../../src/sync/engine.js';
import { simulate } from '../../faults/sync/simulation/simulation.js';
import { Trace } from '../../faults/sync/simulation/trace.js';
import { SCENARIOS, LMDB_SCENARIO } from '../../faults/sync/simulation/scenario.js';
test('one', async () => {
  const lines: string[] = [];
  const orig = Trace.prototype.add;
  let n = 0;
  (Trace.prototype as any).add = function (this: any, who: string, what: string, detail?: unknown) {
    if (++n < 6000) {
      lines.push(`${this.now?.() ?? ''} ${who} ${what} ${JSON.stringify(detail) ?? ''}`);
    }
    if (n === 200_000) {
      writeFileSync('/tmp/e-one.txt', lines.join('\n'));
      process.exit(3);
    }
  };
  const s = [...SCENARIOS, LMDB_SCENARIO].find((x) => x.name.includes(process.env.ONLY ?? ''))!;
  const o = await simulate(Number(process.env.SEED), s, (o) => new SyncEngine(o));
  (Trace.prototype as any).add = orig;
  writeFileSync('/tmp/e-one.txt', [...o.faults, ...lines].join('\n'));
}, 100_000);
