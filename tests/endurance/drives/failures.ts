import type { Drives } from '../world.js';
import { refused, slugOf } from '../world.js';

/** Calls that fail, by what they fail with. */
export const FAILURES: Drives = {
  'conflict of a stale save': async ({ notes }, lane, turn) => {
    const stale = await notes.findOneByOrFail({ id: slugOf(lane) });
    await notes.update(slugOf(lane), { text: `overtaken ${turn}` });
    stale.text = 'too late';
    await refused(notes.save(stale), 'conflict');
  },
  'invalid criteria': ({ notes }) => refused(notes.find({ where: {} }), 'invalid_criteria'),
  'invalid value': ({ notes }, lane) =>
    refused(notes.update(slugOf(lane), { text: 7 } as never), 'validation', 'invalid_value'),
  'a read called off before it began': ({ notes }) =>
    refused(notes.find({ signal: AbortSignal.abort() }), 'aborted'),
  'a read called off under way': ({ notes, capabilities }, lane) => {
    const controller = new AbortController();
    const found = notes.find({ where: { rank: lane }, signal: controller.signal });
    controller.abort();
    return capabilities.localReads ? Promise.allSettled([found]) : refused(found, 'aborted');
  },
  'a write called off under way': async ({ notes }, lane, turn) => {
    const controller = new AbortController();
    const written = notes.update(slugOf(lane), { text: `off ${turn}` }, { signal: controller.signal });
    await Promise.resolve();
    controller.abort();
    await Promise.allSettled([written]);
  },
  'a write with the signal of all': ({ notes, signal }, lane, turn) =>
    notes.update(slugOf(lane), { text: `signal ${turn}` }, { signal }),
  'a source of records that throws': ({ scraps }) =>
    scraps
      .insertMany(
        (function* () {
          yield { id: 'half', text: 'x' };
          throw new Error('on purpose');
        })(),
      )
      .then(
        () => Promise.reject(new Error('expected a failure')),
        () => undefined,
      ),
};
