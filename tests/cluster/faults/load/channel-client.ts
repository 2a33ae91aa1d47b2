import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, isDustError } from 'dust-orm';
import type { Balancer } from './balancer.js';
import type { Stage, Worker } from './stage.js';

/** How a client reaches the store. */
export interface ChannelAccess {
  readonly balancer: Balancer;
  readonly store: string;
  readonly token: string;
}

const COUNTERS = 4;
/** Milliseconds. */
const LONGEST_BREAK = 60;
const LEASE = 2_000;
const NOT_HELD_BREAK = 200;

/** A client of the channel, with times short enough for a cut to be noticed soon. */
export async function openChannel(
  { balancer, store, token }: ChannelAccess,
  stage: Stage,
): Promise<DataSource> {
  for (;;) {
    const source = new DataSource({
      url: balancer.url,
      store,
      token,
      entities: [],
      mirror: 'all',
      logging: false,
      channel: {
        heartbeatInterval: 1_000,
        idleTimeout: 2_000,
        openTimeout: 2_000,
        pushTimeout: 3_000,
        backoff: { base: 50, max: 500 },
      },
    });
    try {
      return await source.initialize();
    } catch (error) {
      await source.destroy().catch(() => undefined);
      if (stage.isLate()) throw error;
      await pause(NOT_HELD_BREAK);
    }
  }
}

/** Hears everything that is committed. Returns what ends it. */
export function watchAll(source: DataSource, { told, findings }: Stage, name: string): () => void {
  const subscription = source.transport.watch('**').subscribe({
    next: (commit) => told.hear(name, commit),
    error: (error: unknown) => findings.violation(`the watch of ${name} ended: ${String(error)}`),
  });
  return () => {
    subscription.unsubscribe();
  };
}

/** Counts through the channel, whose own session makes each write count once. */
export async function countByChannel(source: DataSource, stage: Stage, { random }: Worker): Promise<void> {
  const { sums, findings, isOver, journal } = stage;
  while (!isOver()) {
    const path = `channel/${random(COUNTERS)}`;
    const begin = Date.now();
    try {
      await source.transport.increment(path, 1);
      sums.acknowledged(path);
      journal.note(begin);
    } catch (error) {
      if (!isDustError(error)) throw error;
      findings.count(`failed on the channel: ${error.kind}`);
      sums.unsure(path);
      await pause(LONGEST_BREAK);
    }
    await pause(random(LONGEST_BREAK));
  }
}

/** Takes one lease, again and again, and writes under its fence while it lasts, and for a while longer. */
export async function holdLeases(source: DataSource, stage: Stage, { name, random }: Worker): Promise<void> {
  const { findings, isOver } = stage;
  while (!isOver()) {
    try {
      const lease = await source.manager.lease('locks/one', { ttl: LEASE, holder: name });
      findings.count('leases taken');
      for (let i = 0; i < 10 && !isOver(); i++) {
        const value = { by: name, token: lease.token, i };
        await source.transport.set('guarded/one', value, { fence: lease.fence });
        findings.count('writes under a lease');
        await pause(random(2 * NOT_HELD_BREAK));
      }
      if (random(3) > 0) await lease.release();
    } catch (error) {
      if (!isDustError(error)) throw error;
      findings.count(`leases: ${error.kind}`);
      await pause(random(2 * NOT_HELD_BREAK));
    }
  }
}
