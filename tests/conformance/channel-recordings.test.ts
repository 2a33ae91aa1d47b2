import { jsonCodec, messagePackCodec } from '../../src/protocol/wire/frame-codec.js';
import { withoutAdditions } from './additions.js';
import { EXCEPTIONS, withExceptions } from './channel/exceptions.js';
import { CHANNEL_RECORDINGS, recordedLog } from './channel/recorded-log.js';
import { Mismatch, replay } from './channel/replay.js';
import type { RunningRig } from './channel/rigs.js';
import { sessionRig, socketRig } from './channel/rigs.js';

let rig: RunningRig | undefined;

afterEach(async () => {
  await rig?.dispose();
  rig = undefined;
});

test('there are recordings, and exceptions are about them', () => {
  expect(CHANNEL_RECORDINGS.length).toBeGreaterThanOrEqual(15);
  expect(CHANNEL_RECORDINGS).toEqual(expect.arrayContaining(Object.keys(EXCEPTIONS)));
});

describe.each([
  ['sessions', () => sessionRig()],
  ['JSON over sockets', () => socketRig(jsonCodec)],
  ['JSON over sockets, on LMDB', () => socketRig(jsonCodec, { storage: 'LMDB' })],
  ['MessagePack over sockets', () => socketRig(messagePackCodec)],
])('recordings, %s', (_, start) => {
  test.each(CHANNEL_RECORDINGS)('%s', async (name) => {
    rig = await start();
    await replay(rig, withExceptions(recordedLog(name), EXCEPTIONS[name] ?? []), withoutAdditions);
  });
});

describe('recordings, imitated', () => {
  test.each(CHANNEL_RECORDINGS)('%s, sessions', async (name) => {
    rig = await sessionRig({ imitate: '0.1' });
    await replay(rig, recordedLog(name));
  });

  // Over sockets nobody knows how far a catch-up is when the next write comes.
  const timeless = CHANNEL_RECORDINGS.filter((name) => name !== 'channel-catch-up-paging');
  test.each(timeless)('%s, sockets', async (name) => {
    rig = await socketRig(jsonCodec, { imitate: '0.1' });
    await replay(rig, recordedLog(name));
  });
});

describe('exceptions that are not needed any more fail', () => {
  const exceptions = Object.entries(EXCEPTIONS).flatMap(([name, list]) =>
    list.map((exception, i) => ({ name, ...exception, others: list.filter((_, other) => other !== i) })),
  );

  test.each(exceptions)('$name, line $line: $why', async ({ name, others }) => {
    rig = await sessionRig();
    const replayed = replay(rig, withExceptions(recordedLog(name), others), withoutAdditions);
    await expect(replayed).rejects.toBeInstanceOf(Mismatch);
  });
});
