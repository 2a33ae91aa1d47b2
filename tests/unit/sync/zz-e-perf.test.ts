import { Pattern } from '../../../src/protocol/pattern.js';
import { EngineBench, calm } from './engine-bench.js';
test('perf', async () => {
  const bench = new EngineBench();
  const link = await bench.goLive();
  for (let i = 0; i < 10000; i++) bench.engine.watch(Pattern.parse(`l/r${i}/**`), () => undefined);
  const N = 200_000; const t = process.hrtime.bigint();
  for (let i = 1; i <= N; i++) { link.event(i, 'set', `l/r${i % 5000}/t`, i); if (i % 500 === 0) await calm(); }
  await calm(); await calm();
  const ms = Number(process.hrtime.bigint() - t) / 1e6;
  console.log('live ops/s', Math.round(N / ms * 1000), bench.engine.status.storeSeq);
  const b2 = new EngineBench(); void b2.engine.start(); b2.link.accept(300_000); await calm();
  const t2 = process.hrtime.bigint();
  for (let i = 1; i <= 300_000; i++) b2.link.event(i, 'set', `l/r${i % 100000}/t`, i);
  b2.link.complete(300_000); while (b2.engine.status.state !== 'live') await calm();
  console.log('catch-up ops/s', Math.round(300_000 / (Number(process.hrtime.bigint() - t2) / 1e6) * 1000));
  const t3 = process.hrtime.bigint(); let n = 0, seq = 0; const l = await new EngineBench(); const lk = await l.goLive();
  const W = 50_000; const all: Promise<unknown>[] = [];
  for (let i = 0; i < 5000; i++) all.push(l.engine.write({ op: 'set', path: 'a', value: i }));
  while (n < 5000) { for (; n < lk.pushes.length - 1 && n < 5000; n++) { const p = lk.pushes[n + 1]!; lk.event(++seq, 'set', 'a', 1, p.payload.client_op_id); p.reply({ status: 'ok', response: { store_seq: seq } }); } await calm(); }
  await Promise.all(all); console.log('writes/s', Math.round(5000 / (Number(process.hrtime.bigint() - t3) / 1e6) * 1000), W);
}, 100000);
