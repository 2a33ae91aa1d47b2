import type { BatchOperation } from '../../../../src/store/index.js';
import type { SimulatedNetwork } from './network.js';
import type { Random } from './random.js';
import type { Fault } from './scenario.js';
import type { SimulatedLink } from './simulated-link.js';
import type { SimulatedServer } from './server.js';

/** What a fault may strike. */
export interface Target {
  readonly server: SimulatedServer;
  readonly network: SimulatedNetwork;
  /** Ends a client's process and starts it again on the same disk. */
  restartClient(): void;
  /** The server stands further back. `links` still bring what was sent before. */
  restored(links: readonly SimulatedLink[]): void;
}

/** Lets one fault happen now, everything about it drawn from `random`. */
export function strike(
  fault: Fault,
  { server, network, restartClient, restored }: Target,
  random: Random,
): void {
  const { scheduler } = server;
  const link = network.links.length === 0 ? undefined : random.pick(network.links);
  switch (fault) {
    case 'cut':
      link?.cut(
        random.int(0, 2 * network.latency),
        random.int(0, 2 * network.latency),
        random.pick([1000, 1001, 1006]),
      );
      return;
    case 'halfOpen':
      link?.halfOpen(random.pick(['up', 'down', 'both']));
      return;
    case 'partition':
      if (link !== undefined) network.partition(link.deviceId, random.pick([1_000, 5_000, 15_000]));
      return;
    case 'stall':
      link?.stall(random.pick([100, 2_000, 20_000]));
      return;
    case 'channelCrash':
      link?.crashChannel();
      return;
    case 'serverCrash':
      server.crash();
      scheduler.schedule(
        () => {
          server.isUp = true;
        },
        random.pick([10, 1_000, 70_000]),
      );
      return;
    case 'compact':
      void server.compact(random.pick([0, 0, 10]));
      return;
    case 'silentWrite':
      silently(server, [drawSilent(random, server.marksCommits)], random);
      return;
    case 'silentBatch':
      silently(
        server,
        Array.from({ length: random.int(2, 5) }, () => drawSilent(random, server.marksCommits)),
        random,
      );
      return;
    case 'restore':
      // Links to a server that was down are told so; nothing else keeps a mirror from noticing.
      if (server.isReadOnly || !server.isUp) return;
      for (const each of network.links) each.cut(0, 0, 1006);
      void server.restore(random.int(Math.floor(server.seq / 2), server.seq)).then(() => {
        restored(network.links);
      });
      return;
    case 'restart':
      restartClient();
      return;
    case 'revoke':
      if (link !== undefined) network.revoke(link.deviceId);
  }
}

function silently(server: SimulatedServer, operations: readonly BatchOperation[], random: Random): void {
  if (server.isReadOnly) return;
  void server.batch({ operations, clientOpId: `http-${random.int(0, 2 ** 31)}` });
}

/** A write of a stranger, where the clients write too. */
function drawSilent(random: Random, takesEveryKind: boolean): BatchOperation {
  const value = `silent ${random.int(0, 999)}`;
  const slug = random.pick(['a', 'b', 'c']);
  switch (random.int(0, takesEveryKind ? 6 : 4)) {
    case 6:
      return { op: 'merge', path: `links/${slug}`, value: { title: value, n: random.int(0, 9) } };
    case 5:
      return { op: 'increment', path: 'counts/reset', value: random.int(1, 9) };
    case 0:
      return { op: 'delete', path: `links/${slug}` };
    case 1:
      return { op: 'set', path: `links/${slug}`, value: { title: value, n: random.int(0, 9) } };
    case 2:
      return { op: 'set', path: 'counts/reset', value: random.int(0, 100) };
    case 3:
      return { op: 'set', path: 'tags/reset', value: [value] };
    default:
      return { op: 'set', path: `links/${slug}/title`, value };
  }
}
