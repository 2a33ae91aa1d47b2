import type { ClusterStatus, LogInspection, MemberStatus } from '../../cluster/index.js';
import { KNOWN_LEVEL, clusterStatus } from '../../cluster/index.js';
import { messageOf } from '../../errors.js';
import type { ClusterTarget } from '../target/cluster-target.js';
import { withLog } from '../target/cluster-target.js';
import type { CliContext } from '../context.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';

/** Beyond, times in the store differ from those of this machine by more than anybody would take for chance. In milliseconds. */
const CLOCK_DIFFERENCE = 2_000;
/** A node that does not make itself known for so long has trouble, or ended without a word. In milliseconds. */
const LONG_SILENCE = 60_000;
/** Beyond so many bytes of frames a snapshot should have been taken long ago. */
const SNAPSHOT_OVERDUE = 134_217_728;
/** Settings of `synchronous_commit` with which a write is on the standby's disk before it is acknowledged. */
const WAITS: ReadonlySet<string> = new Set(['on', 'remote_apply']);

/** Whether the log of a cluster can be reached, and all is as it must be for what is promised. */
export async function* checkCluster(
  target: ClusterTarget,
  { io, signal }: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  let found: ClusterStatus;
  const before = io.clock.now();
  try {
    found = await withLog(target, (log) =>
      clusterStatus(log, { knownLevel: KNOWN_LEVEL, signal, now: before }),
    );
  } catch (error) {
    yield fail('cluster', messageOf(error));
    return;
  }
  yield ok(
    'cluster',
    `${found.engine} answers as the primary; the log of ${target.store} stands at ${found.position}.`,
  );
  yield* findingsOf(found, { from: before, to: io.clock.now() });
}

/** What is to be said of how a cluster stands, which was asked for between two times of this machine. */
export function* findingsOf(
  found: ClusterStatus,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<Finding, void, undefined> {
  const { database } = found;
  if (database !== undefined) {
    yield* checkStandby(database);
    yield checkClock(database.time, from, to);
  }
  yield* checkNodes(found);
  yield checkSnapshots(found);
}

function* checkStandby({ standbys, commit }: LogInspection): Generator<Finding, void, undefined> {
  if (standbys === undefined) {
    yield warn(
      'standby',
      'The user of the address may not see the standbys. Grant it pg_read_all_stats to have them looked at.',
    );
    return;
  }
  const synchronous = standbys.filter(({ isSynchronous }) => isSynchronous);
  if (synchronous.length === 0) {
    const others =
      standbys.length === 0 ? 'no standby' : `${standbys.length} standbys, none of them synchronous`;
    yield warn(
      'standby',
      `The database has ${others}: what was acknowledged is lost with the primary’s disk. Set synchronous_standby_names.`,
    );
  } else if (!WAITS.has(commit)) {
    yield warn(
      'standby',
      `synchronous_commit is ${commit}: a write is acknowledged before it is on the standby’s disk. Set it to on.`,
    );
  } else {
    yield ok(
      'standby',
      `${synchronous.map(({ name }) => name).join(', ')} has every write before it is acknowledged.`,
    );
  }
}

/** The server was asked at some moment between the two. */
function checkClock(time: number, from: number, to: number): Finding {
  const difference = time < from ? time - from : time > to ? time - to : 0;
  const seconds = Math.abs(difference / 1000).toFixed(1);
  return Math.abs(difference) > CLOCK_DIFFERENCE
    ? warn(
        'clock',
        `The database’s clock is ${seconds} s ${difference > 0 ? 'ahead of' : 'behind'} this machine’s; leases and time stamps go by it. Run NTP on both.`,
      )
    : ok('clock', 'The clocks of the database and of this machine agree.');
}

function* checkNodes({ members, lost, level }: ClusterStatus): Generator<Finding, void, undefined> {
  const silent = members.filter((member) => member.silent > LONG_SILENCE);
  const gone = [...lost, ...silent];
  if (gone.length > 0 && silent.length === members.length) {
    const since = Math.round(
      gone.reduce((least, { silent: one }) => Math.min(least, one), Infinity) / 60_000,
    );
    yield fail(
      'nodes',
      `No node is at work: ${namesOf(gone)} said nothing for ${since} minutes and more, and not that it ends. It halted, was killed, or cannot write to ` +
        'the log. Ask its /readyz and look into its log.',
    );
    return;
  }
  if (members.length === 0) {
    yield warn('nodes', 'No node has made itself known in the last five minutes.');
    return;
  }
  if (silent.length > 0) {
    yield warn(
      'nodes',
      `${namesOf(silent)} said nothing for more than a minute: ended without a word, halted, or cut off. Ask its /readyz and look into its log.`,
    );
  }
  const more = members.every((member) => member.level > level)
    ? `; all understand more than level ${level}: dust-orm cluster upgrade`
    : '';
  if (silent.length < members.length) {
    const live = members.filter((member) => member.silent <= LONG_SILENCE);
    const behind = live.reduce((most, member) => Math.max(most, member.behind), 0);
    yield ok('nodes', `${namesOf(live)}: ${behind} frames behind at the most${more}.`);
  }
}

function checkSnapshots({ snapshots, sinceSnapshot }: ClusterStatus): Finding {
  const last = snapshots.at(-1);
  const megabytes = (sinceSnapshot / 1e6).toFixed(1);
  const where =
    last === undefined
      ? `There is no snapshot, and the log has ${megabytes} MB`
      : `The last snapshot is at ${last.position}, and the log has ${megabytes} MB behind it`;
  return sinceSnapshot > SNAPSHOT_OVERDUE
    ? warn(
        'snapshot',
        `${where}: nodes take one each 64 MB. Look into their logs, or run dust-orm cluster snapshot.`,
      )
    : ok('snapshot', `${where}.`);
}

function namesOf(members: readonly MemberStatus[]): string {
  return members.map(({ name }) => name).join(', ');
}
