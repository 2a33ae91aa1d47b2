import { join } from 'node:path';

/** The part of better-sqlite3 that is used here. */
export interface Database {
  pragma(text: string): unknown;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  transaction<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void;
  close(): void;
}

/** A prepared statement. */
export interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
}

/** Where a rival has its file. */
export function fileOf(folder: string | undefined, name: string): string {
  return folder === undefined ? ':memory:' : join(folder, `${name}.sqlite`);
}

/** As durable as ours: each commit is on the medium before it is acknowledged. */
export const DURABLE = ['journal_mode = WAL', 'synchronous = FULL'] as const;
