import type { Registry } from 'prom-client';
import type { ServerMemory } from '../bounds.js';
import type { ChannelLoad } from './channel-load.js';
import type { Prometheus, Sample } from './prometheus.js';
import { addCounter, addGauge } from './prometheus.js';

/** What a server is asked for its load. */
export interface LoadSources {
  /** By name, `org/name`. */
  readonly stores: ReadonlyMap<string, unknown>;
  readonly memory: ServerMemory;
  /** Open connections, those of the channel included. */
  readonly connections: () => number;
  readonly channel: () => ChannelLoad;
  /** Requests that were refused, by what limited them. */
  readonly refusals: () => Readonly<Record<string, number>>;
}

/** Adds what is known of connections, queues and limits. */
export function addLoadMetrics(prometheus: Prometheus, registry: Registry, sources: LoadSources): void {
  const gauge = (name: string, help: string, labels: string[], samples: () => Sample[]): void => {
    addGauge(prometheus, registry, { name, help, labels, samples });
  };
  gauge('dust_connections', 'Open connections.', ['kind'], () => {
    const { sockets } = sources.channel();
    return [
      [{ kind: 'http' }, sources.connections() - sockets],
      [{ kind: 'channel' }, sockets],
    ];
  });
  gauge('dust_channel_subscriptions', 'Joins to the channel of a store.', ['store'], () => {
    const { subscriptions } = sources.channel();
    return [...sources.stores.keys()].map((store) => [{ store }, subscriptions.get(store) ?? 0]);
  });
  gauge('dust_channel_catching_up', 'Joins whose clients are not up to date yet.', [], () => [
    [{}, sources.channel().catchingUp],
  ]);
  gauge(
    'dust_channel_furthest_behind_bytes',
    'What waits for that client of the channel for whom most waits.',
    [],
    () => [[{}, sources.channel().furthestBehind]],
  );
  gauge('dust_queue_items', 'What waits, in number.', ['queue'], () => queues(sources, 'count'));
  gauge('dust_queue_bytes', 'What waits, in bytes.', ['queue'], () => queues(sources, 'bytes'));
  addCounter(prometheus, registry, {
    name: 'dust_rate_limited_total',
    help: 'Requests and messages that a rate limit refused.',
    labels: ['limit'],
    samples: () => Object.entries(sources.refusals()).map(([limit, count]): Sample => [{ limit }, count]),
  });
}

function queues({ memory, channel }: LoadSources, measure: 'count' | 'bytes'): Sample[] {
  const { inlet, mailbox, outlet } = channel();
  return Object.entries({
    received: memory.received,
    unread: memory.unread,
    channel_inlet: inlet,
    channel_mailbox: mailbox,
    channel_outlet: outlet,
  }).map(([queue, amount]) => [{ queue }, amount[measure]]);
}
