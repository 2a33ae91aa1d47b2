import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'dust-orm';
import { sseStream, toAsyncIterable } from 'dust-orm';
import type { Observable } from 'rxjs';
import { takeUntil, timer } from 'rxjs';
import type { Gate } from './gate.js';
import { Soaked } from './soaked.js';

/** Subscriptions that stand at once. */
const ROUND = 20;

/** Milliseconds that they stand. */
const STAY = 40;

/** What it works with. */
export interface ChurnParts {
  readonly dataSource: DataSource;
  readonly gate: Gate;
  readonly isOver: () => boolean;
}

/** Subscribes in every way and takes all of it back, again and again. Returns how many subscriptions there were. */
export async function churn({ dataSource, gate, isOver }: ChurnParts): Promise<number> {
  const records = dataSource.getRepository(Soaked);
  let count = 0;
  try {
    while (!isOver()) {
      await gate.pass();
      const kinds: readonly (() => Observable<unknown>)[] = [
        () => records.live({ take: 5 }),
        () => records.events(),
        () => sseStream(records.events()),
      ];
      const subscriptions = Array.from({ length: ROUND }, (_, i) =>
        kinds[i % kinds.length]!().subscribe({ error: () => undefined }),
      );
      // Of a connection that is cut the subscribers hear nothing: their events go on after it.
      const iteration = iterate(records.events()).catch(() => undefined);
      await pause(STAY);
      for (const subscription of subscriptions) subscription.unsubscribe();
      await iteration;
      count += ROUND + 1;
    }
  } finally {
    gate.leave();
  }
  return count;
}

/** Takes what comes within a while, and breaks off in the middle. */
async function iterate(source: Observable<unknown>): Promise<void> {
  const seen: unknown[] = [];
  for await (const event of toAsyncIterable(source.pipe(takeUntil(timer(STAY))))) {
    if (seen.push(event) === 3) break;
  }
}

/** Begins to download the whole store and hangs up, again and again. Returns how often. */
export async function downloadAndHangUp(
  { url, store, token }: { readonly url: string; readonly store: string; readonly token: string },
  { gate, isOver }: Pick<ChurnParts, 'gate' | 'isOver'>,
): Promise<number> {
  let count = 0;
  try {
    while (!isOver()) {
      await gate.pass();
      const hangUp = new AbortController();
      try {
        const response = await fetch(`${url}/api/stores/${store}/export`, {
          headers: { authorization: `Bearer ${token}` },
          signal: hangUp.signal,
        });
        await response.body?.getReader().read();
        hangUp.abort();
      } catch {
        // A connection that was cut meanwhile; the next one comes.
      }
      await pause(STAY);
      count += 1;
    }
  } finally {
    gate.leave();
  }
  return count;
}
