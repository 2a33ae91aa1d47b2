import { LeaseRenewal } from '../../../../src/repository/leases/lease-renewal.js';
import type { Lease } from '../../../../src/repository/leases/lease.js';
import { TestClock } from '../../../../src/testing/test-clock.js';

const TTL = 30_000;

describe('LeaseRenewal', () => {
  let clock: TestClock;
  let renewals: number;
  let answer: () => Promise<void>;

  const renewing = (signal?: AbortSignal): LeaseRenewal => {
    const lease: Pick<Lease, 'renew'> = {
      renew: () => {
        renewals++;
        return answer();
      },
    };
    return new LeaseRenewal(lease as Lease, clock, TTL, { signal });
  };

  beforeEach(() => {
    clock = new TestClock(0);
    renewals = 0;
    answer = () => Promise.resolve();
  });

  it('renews at every third of the time, until it is stopped', async () => {
    const renewal = renewing();
    await clock.advance(TTL / 3 - 1);
    expect(renewals).toBe(0);
    await clock.advance(1);
    expect(renewals).toBe(1);
    await clock.advance(TTL);
    expect(renewals).toBe(4);
    renewal.stop();
    expect(clock.pending).toBe(0);
    expect(renewal.ended.aborted).toBe(false);
  });

  it('says that the lease is lost, and why, when a renewal fails', async () => {
    const lost = new Error('not held');
    answer = () => Promise.reject(lost);
    const renewal = renewing();
    await clock.advance(TTL / 3);
    expect([renewal.ended.aborted, renewal.ended.reason]).toEqual([true, lost]);
    expect([renewals, clock.pending]).toEqual([1, 0]);
    renewal.stop();
  });

  it('has ended where the caller gave up before it began', () => {
    const renewal = renewing(AbortSignal.abort('enough'));
    expect([renewal.ended.aborted, renewal.ended.reason]).toEqual([true, 'enough']);
    renewal.stop();
  });

  it.each(['fails', 'succeeds'])(
    'says nothing, and renews no more, when a renewal %s that was under way',
    async (how) => {
      let settle: () => void = () => undefined;
      answer = () =>
        new Promise((resolve, reject) => {
          settle = () => {
            if (how === 'fails') reject(new Error('not held'));
            else resolve();
          };
        });
      const renewal = renewing();
      await clock.advance(TTL / 3);
      renewal.stop();
      settle();
      await clock.advance(0);
      expect([renewal.ended.aborted, renewals, clock.pending]).toEqual([false, 1, 0]);
    },
  );
});
