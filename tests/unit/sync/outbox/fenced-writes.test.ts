import { isDustError } from '../../../../src/errors.js';
import { EngineBench, calm, ok, refused } from '../engine-bench.js';

/** So often a write is sent again under a new session (outbox.ts, MAX_FENCED). */
const MAX_FENCED = 5;

let bench: EngineBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

/** Answers an increment with `fenced` so many times, each time under a fresh session, and then with success. */
async function increment(fenced: number) {
  bench = new EngineBench();
  const link = await bench.goLive();
  const outcome = bench.engine.write({ op: 'increment', path: 'c', value: 1 }).then(
    ({ storeSeq }) => storeSeq,
    (error: unknown) => isDustError(error) && error.kind,
  );
  let seq = 0;
  let sent = 0;
  for (let i = 0; i < 2 * fenced + 4; i++) {
    await calm();
    const { payload, reply } = link.writes.at(-1)!;
    const { op, path, client_op_id, holder = null } = payload;
    if (op === 'lease') {
      const token = ++seq;
      link.event(token, 'lease', path, { _type: 'lease', token, expires_at: 1e6, holder }, client_op_id);
      reply(ok({ store_seq: token, token, expires_at: 1e6, holder }));
    } else if (op === 'increment' && link.writes.filter((write) => write.payload.op === op).length > sent) {
      if (sent++ < fenced) {
        reply(refused('fenced'));
      } else {
        link.event(++seq, 'increment', 'c', 1, client_op_id);
        reply(ok({ store_seq: seq }));
      }
    }
  }
  return { outcome: await outcome, sent };
}

it('a write is sent again under five more sessions', async () => {
  expect(await increment(MAX_FENCED)).toEqual({ outcome: MAX_FENCED + 2, sent: MAX_FENCED + 1 });
});

it('and fails when that one is refused, too: the fence is not what is wrong', async () => {
  expect(await increment(MAX_FENCED + 1)).toEqual({ outcome: 'fenced', sent: MAX_FENCED + 1 });
});
