import type { LogInspection } from '../../log/inspection.js';
import type { PostgresConnection } from './connection.js';
import { INSPECT, STANDBYS } from './schema.js';

interface InspectedRow {
  readonly version: string;
  readonly bytes: string;
  readonly time: string;
  readonly commit: string;
}

interface StandbyRow {
  readonly name: string;
  readonly state: string | null;
  readonly sync: string | null;
  readonly behind: string | null;
}

/** What the server says of itself. @throws DustError `network`, `closed` */
export async function inspectServer(connection: PostgresConnection, store: string): Promise<LogInspection> {
  const [row] = await connection.query<InspectedRow>(INSPECT, [store]);
  const standbys = await connection.query<StandbyRow>(STANDBYS, []);
  const { version = '', bytes = '0', time = '0', commit = '' } = row ?? {};
  return {
    engine: `PostgreSQL ${version}`,
    bytes: Number(bytes),
    time: Number(time),
    commit,
    // Without the right to see them, there are rows with nothing in them.
    standbys: standbys.some(({ state }) => state === null)
      ? undefined
      : standbys.map(({ name, state, sync, behind }) => ({
          name,
          state: state ?? '',
          isSynchronous: sync === 'sync' || sync === 'quorum',
          behind: Number(behind ?? 0),
        })),
  };
}
