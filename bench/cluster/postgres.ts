import type { Group } from '../measure.js';
import { incrementRows } from './increments.js';
import { whilePaired } from './place.js';
import { readRows } from './reads.js';
import { severalNodesRows } from './several-nodes.js';

/** What nodes do over a log in a database, beside what a store does that needs nobody. */
export const overPostgres: Group = {
  name: 'cluster: nodes over PostgreSQL with a synchronous standby, all on this machine',
  onlyByName: true,
  run: () =>
    whilePaired(async (place) => [
      ...(await readRows(place)),
      ...(await incrementRows(place)),
      ...(await severalNodesRows(place)),
    ]),
};
