import type { LogInspection } from '../log/inspection.js';
import type { ReplicatedLog } from '../log/replicated-log.js';
import type { Member } from '../members/members.js';
import { livingMembers } from '../members/members.js';
import type { ObserverOptions } from './log-observer.js';
import { LogObserver } from './log-observer.js';

/** A node, as those see it who look after a cluster. */
export interface MemberStatus {
  readonly id: string;
  readonly name: string;
  /** The greatest level that it understands. */
  readonly level: number;
  /** What it had applied when it made itself known. */
  readonly position: number;
  /** How much of what the log had then it had not applied, in frames. */
  readonly behind: number;
  /** How long ago it did so, in milliseconds. */
  readonly silent: number;
}

/** How a cluster stands. */
export interface ClusterStatus {
  readonly engine: string;
  /** Of the frame that was taken in last; 0 for none. */
  readonly position: number;
  /** The oldest frame that is kept; 0 for none. */
  readonly first: number;
  /** What the log's frames mean: nodes must understand this level. */
  readonly level: number;
  /** The greatest level that this version understands. */
  readonly knownLevel: number;
  /** Bytes of frames behind the newest snapshot. */
  readonly sinceSnapshot: number;
  readonly members: readonly MemberStatus[];
  /** Nodes that fell silent more than five minutes ago and never said that they end, as long as no other one makes itself known. */
  readonly lost: readonly MemberStatus[];
  /** The oldest first, with their size on the shelf. */
  readonly snapshots: readonly { readonly position: number; readonly bytes: number }[];
  /** Of an engine that says something of itself. */
  readonly database: LogInspection | undefined;
}

/** What a {@link ClusterStatus} is asked for with. */
export interface StatusOptions extends ObserverOptions {
  /** By this machine, in milliseconds since the Unix epoch: how long nodes are silent goes by it where an engine tells no time. */
  readonly now?: number | undefined;
}

/** Reads how a cluster stands of its log. Writes nothing. @throws DustError as {@link LogObserver.catchUp} does */
export async function clusterStatus(log: ReplicatedLog, options: StatusOptions): Promise<ClusterStatus> {
  const places = new Map<string, number>();
  const observer = new LogObserver(log, options);
  const mark = await observer.catchUp((_, __, position, proposals) => {
    for (const proposal of proposals) if (proposal.kind === 'member') places.set(proposal.id, position);
  });
  const { first } = await log.bounds();
  const database = await log.inspect?.();
  const now = Math.max(mark.time, database?.time ?? options.now ?? 0);
  const { taken, bytes } = mark.snapshots;
  const living = livingMembers(mark.members, now);
  const statusOf = ({ id, name, level, position, time }: Member): MemberStatus => ({
    id,
    name,
    level,
    position,
    // Of one whose word lies before the snapshot the place is not known.
    behind: Math.max((places.get(id) ?? position + 1) - 1 - position, 0),
    silent: now - time,
  });
  return {
    engine: database?.engine ?? log.name,
    position: mark.position,
    first,
    level: mark.level,
    knownLevel: options.knownLevel,
    sinceSnapshot: bytes - (taken.at(-1)?.bytes ?? 0),
    members: living.map(statusOf),
    lost: mark.members.filter((member) => !living.includes(member)).map(statusOf),
    snapshots: taken.map(({ position, size }) => ({ position, bytes: size })),
    database,
  };
}
