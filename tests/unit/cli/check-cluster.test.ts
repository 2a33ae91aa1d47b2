import { findingsOf } from '../../../src/cli/doctor/check-cluster.js';
import type { ClusterStatus } from '../../../src/cluster/index.js';

const STANDBY = { name: 'db2', state: 'streaming', isSynchronous: true, behind: 0 };
const DATABASE = { engine: 'PostgreSQL 15', bytes: 100, time: 10_000, commit: 'on', standbys: [STANDBY] };
const NODE = { id: 'a', name: 'one:1', level: 1, position: 7, behind: 0, silent: 5_000 };
const WELL: ClusterStatus = {
  engine: 'PostgreSQL 15',
  position: 8,
  first: 1,
  level: 1,
  knownLevel: 1,
  sinceSnapshot: 100,
  members: [NODE],
  lost: [],
  snapshots: [{ position: 4, bytes: 50 }],
  database: DATABASE,
};

const found = (change: Partial<ClusterStatus>): string[] =>
  [...findingsOf({ ...WELL, ...change }, { from: 9_000, to: 10_500 })].map(
    ({ check, status, message }) => `${check} ${status}: ${message}`,
  );

const onDatabase = (change: Partial<typeof DATABASE>): string[] =>
  found({ database: { ...DATABASE, ...change } });

it('all is well with a cluster that has what is promised for', () => {
  expect(found({})).toEqual([
    'standby ok: db2 has every write before it is acknowledged.',
    'clock ok: The clocks of the database and of this machine agree.',
    'nodes ok: one:1: 0 frames behind at the most.',
    'snapshot ok: The last snapshot is at 4, and the log has 0.0 MB behind it.',
  ]);
});

it.each<[string, string[], string]>([
  ['no standby', onDatabase({ standbys: [] }), 'standby warn: The database has no standby: '],
  [
    'one that is not waited for',
    onDatabase({ standbys: [{ ...STANDBY, isSynchronous: false }] }),
    'standby warn: The database has 1 standbys, none of them synchronous: ',
  ],
  [
    'a commit that waits for less',
    onDatabase({ commit: 'local' }),
    'standby warn: synchronous_commit is local: ',
  ],
  [
    'standbys that the user may not see',
    found({ database: { ...DATABASE, standbys: undefined } }),
    'standby warn: The user of the address may not see the standbys.',
  ],
  [
    'a clock that is ahead',
    onDatabase({ time: 13_000 }),
    'clock warn: The database’s clock is 2.5 s ahead of ',
  ],
  [
    'a clock that is behind',
    onDatabase({ time: 6_000 }),
    'clock warn: The database’s clock is 3.0 s behind ',
  ],
  ['no nodes', found({ members: [] }), 'nodes warn: No node has made itself known'],
  [
    'a silent node',
    found({ members: [NODE, { ...NODE, name: 'other:2', silent: 61_000 }] }),
    'nodes warn: other:2 said nothing for more than a minute',
  ],
  [
    'a lost node beside one that is at work',
    found({ lost: [{ ...NODE, name: 'other:2', silent: 400_000 }] }),
    'nodes ok: one:1: 0 frames behind',
  ],
  [
    'nodes that are all silent',
    found({ members: [{ ...NODE, silent: 61_000 }] }),
    'nodes fail: No node is at work: one:1 said nothing for 1 minutes',
  ],
  [
    'nodes that are all forgotten and never said that they end',
    found({ members: [], lost: [{ ...NODE, silent: 7_200_000 }] }),
    'nodes fail: No node is at work: one:1 said nothing for 120 minutes',
  ],
  [
    'nodes that understand more',
    found({ members: [{ ...NODE, level: 2, behind: 3 }] }),
    'nodes ok: one:1: 3 frames behind at the most; all understand more than level 1: dust-orm cluster upgrade.',
  ],
  [
    'a snapshot that is overdue',
    found({ sinceSnapshot: 200_000_000, snapshots: [] }),
    'snapshot warn: There is no snapshot, and the log has 200.0 MB: nodes take one each 64 MB.',
  ],
])('%s is told', (_, findings, begin) => {
  expect(findings.filter((finding) => finding.startsWith(begin))).toHaveLength(1);
});

it('an engine that says nothing of itself is not asked for a standby', () => {
  expect(found({ database: undefined }).map((finding) => finding.split(' ')[0])).toEqual([
    'nodes',
    'snapshot',
  ]);
});
