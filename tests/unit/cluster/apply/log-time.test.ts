import { FrameApplier } from '../../../../src/cluster/apply/frame-applier.js';
import { encodeFrame } from '../../../../src/cluster/frame/frame.js';
import type { LogEntry } from '../../../../src/cluster/log/replicated-log.js';
import type { StoreCopy, WriteOrder } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';

const none: WriteOrder['assertReadable'] = () => undefined;

function openCopy(): { readonly store: Store; readonly copy: StoreCopy } {
  let copy: StoreCopy | undefined;
  const order = (given: StoreCopy): WriteOrder => {
    copy = given;
    return { assertReadable: none } as WriteOrder;
  };
  const store = new Store({ storage: createMemoryStorage(), order });
  return { store, copy: copy! };
}

function entry(position: number, time: number): LogEntry {
  const frame = {
    session: { id: 'one', since: 0 },
    number: position,
    level: 1,
    applied: { position: 0, digest: '' },
  };
  return { position, time, bytes: encodeFrame(frame, []) };
}

it('the time of a log whose servers disagree never goes back, for sessions neither', async () => {
  const { copy } = openCopy();
  const applier = new FrameApplier(copy);
  await applier.apply(entry(1, 5_000));
  await applier.apply(entry(2, 3_000));
  expect(applier.mark.sessions).toEqual([{ id: 'one', since: 0, number: 2, time: 5_000 }]);
  await applier.apply(entry(3, 6_000));
  expect(applier.mark.sessions).toMatchObject([{ number: 3, time: 6_000 }]);
});

it('a node that begins in the middle comes to the same', async () => {
  const { copy } = openCopy();
  const applier = new FrameApplier(copy);
  await applier.apply(entry(1, 5_000));
  const begunAgain = new FrameApplier(copy);
  await begunAgain.apply(entry(2, 3_000));
  const { copy: other } = openCopy();
  const whole = new FrameApplier(other);
  await whole.apply(entry(1, 5_000));
  await whole.apply(entry(2, 3_000));
  expect(begunAgain.mark).toEqual(whole.mark);
});
