import type { SyncState, SyncStatus } from '../../../../src/sync/engine-types.js';
import { silentLogger } from '../../../../src/logging.js';
import { TestClock } from '../../../../src/testing/index.js';
import type { ReadState } from '../../../../src/transport/channel/read-choice.js';
import { ReadChoice } from '../../../../src/transport/channel/read-choice.js';

const STALE_AFTER = 30_000;

function scene() {
  const clock = new TestClock();
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => warnings.push(message) };
  const choice = new ReadChoice({ store: 'acme/reading', clock, logger, staleAfter: STALE_AFTER });
  const states: ReadState[] = [];
  choice.states$.subscribe((state) => states.push(state));
  const follow = (state: SyncState, status: Partial<SyncStatus> = {}): void =>
    choice.follow({ state, storeSeq: 0, isUsable: true, pendingWrites: 0, ...status });
  return { choice, clock, warnings, states, follow };
}

describe('reads', () => {
  it('go to the mirror only once it has been whole', async () => {
    const { choice, follow } = scene();
    expect(choice.readsMirror()).toBe(false);
    for (const state of ['connecting', 'joining', 'catchingUp'] as const) {
      follow(state, { isUsable: false });
      expect(choice.readsMirror()).toBe(false);
    }
    follow('live');
    expect(choice.readsMirror()).toBe(true);
    follow('repairing');
    expect(choice.readsMirror()).toBe(true);
  });

  it('stay with the mirror for as long as an interruption is short', async () => {
    const { choice, clock, follow, states } = scene();
    follow('live');
    follow('reconnecting');
    await clock.advance(STALE_AFTER - 1);
    expect(choice.readsMirror()).toBe(true);
    follow('connecting');
    follow('catchingUp');
    follow('live');
    await clock.advance(STALE_AFTER);
    expect(choice.readsMirror()).toBe(true);
    expect(states).toEqual([
      { isLive: false, readsFrom: 'http' },
      { isLive: true, readsFrom: 'channel' },
      { isLive: false, readsFrom: 'channel' },
      { isLive: true, readsFrom: 'channel' },
    ]);
  });

  it('go over HTTP behind a longer one, until the mirror has caught up', async () => {
    const { choice, clock, follow } = scene();
    follow('live');
    follow('reconnecting');
    await clock.advance(1);
    follow('connecting');
    await clock.advance(STALE_AFTER - 1);
    expect(choice.state).toEqual({ isLive: false, readsFrom: 'http' });
    for (const state of ['joining', 'catchingUp'] as const) {
      follow(state);
      expect(choice.readsMirror()).toBe(false);
    }
    follow('live');
    expect(choice.readsMirror()).toBe(true);
  });

  it('wait for nothing: a mirror that lacks what was told is passed over, without a warning', async () => {
    const { choice, follow, warnings } = scene();
    follow('live', { storeSeq: 5 });
    choice.need(7);
    choice.need(6);
    expect(choice.readsMirror()).toBe(false);
    follow('live', { storeSeq: 7 });
    expect(choice.readsMirror()).toBe(true);
    expect(warnings).toEqual([]);
  });
});

describe('the warning', () => {
  it('comes with the first read over HTTP, and once a minute at the most', async () => {
    const { choice, clock, warnings } = scene();
    expect(warnings).toEqual([]);
    for (let second = 0; second < 120; second++) {
      choice.readsMirror();
      await clock.advance(1000);
    }
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('acme/reading');
  });
});

describe('closing', () => {
  it('leaves no timer', async () => {
    const { choice, clock, follow, states } = scene();
    follow('live');
    follow('reconnecting');
    choice.close();
    await clock.advance(2 * STALE_AFTER);
    expect(states.at(-1)).toEqual({ isLive: false, readsFrom: 'channel' });
  });
});
