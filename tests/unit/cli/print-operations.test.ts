import { Subject } from 'rxjs';
import { Output } from '../../../src/cli/output/output.js';
import { printOperations } from '../../../src/cli/output/print-operations.js';
import type { CommittedOperation } from '../../../src/protocol/requests/operation.js';
import { Screen } from './cli-world.js';

function printing(lineOf = ({ storeSeq }: CommittedOperation): string | undefined => String(storeSeq)) {
  const screen = new Screen(false);
  const source = new Subject<CommittedOperation>();
  const stop = new AbortController();
  const printed = printOperations(source, new Output(screen), { lineOf, signal: stop.signal });
  const tell = (count: number, value = 'x', from = 1): void => {
    for (let storeSeq = from; storeSeq < from + count; storeSeq++) {
      source.next({ storeSeq, op: 'set', path: 'a', value, deviceId: null, clientOpId: null } as never);
    }
  };
  return { screen, source, stop, printed, tell };
}

it('operations are printed as they come, those without a line left out', async () => {
  const { screen, source, printed, tell } = printing(({ storeSeq }) =>
    storeSeq % 2 === 0 ? `seq ${storeSeq}` : undefined,
  );
  tell(4);
  source.complete();
  await printed;
  expect(screen.lines).toEqual(['seq 2', 'seq 4']);
});

it.each([
  ['in number', 10_002, 'x'],
  ['in bytes', 70, 'x'.repeat(1024 * 1024)],
])('it ends when too much waits %s for the reader, behind what was told before', async (_, count, value) => {
  const { screen, source, printed, tell } = printing();
  screen.stalls = true;
  // One is on its way to the reader.
  tell(1, value);
  await new Promise(setImmediate);
  tell(count - 1, value, 2);
  expect(source.observed).toBe(false);
  screen.goOn();
  await expect(printed).rejects.toMatchObject({
    kind: 'resync_required',
    message: expect.stringContaining('read more slowly than the store is written to'),
  });
  expect(screen.lines).toEqual([...screen.lines.keys()].map((i) => String(i + 1)));
  expect(screen.lines.length).toBeGreaterThan(60);
  expect(screen.lines.length).toBeLessThan(count);
});

it('a signal ends it, also while the reader does not read', async () => {
  const { screen, source, stop, printed, tell } = printing();
  screen.stalls = true;
  tell(2);
  await new Promise(setImmediate);
  stop.abort();
  source.complete();
  await printed;
  expect(screen.lines).toEqual([]);
});

it('what the source fails with is told', async () => {
  const { source, printed } = printing();
  source.error(new Error('lost'));
  await expect(printed).rejects.toThrow('lost');
});
