import type { PostgresConnection } from './connection.js';

/** Repeats a statement that deletes some of what is to go, and says how many, until nothing is left. */
export async function untilGone(
  connection: PostgresConnection,
  statement: string,
  values: readonly unknown[],
): Promise<void> {
  for (;;) {
    const [row] = await connection.query<{ gone: number }>(statement, values);
    if (row === undefined || row.gone === 0) return;
  }
}
