import { validate } from 'class-validator';
import type { LinkValues, Rules } from './link.js';

/** One way to the same records. All that is inserted or saved is validated by the same rules before. */
export interface Rival {
  readonly name: string;
  insertMany(values: readonly LinkValues[]): Promise<void>;
  insert(values: LinkValues): Promise<void>;
  find(slug: string): Promise<Rules | null | undefined>;
  /** The records behind a slug. */
  page(after: string, take: number): Promise<readonly Rules[]>;
  findByUrl(url: string): Promise<Rules | null | undefined>;
  newest(take: number): Promise<readonly Rules[]>;
  countRanks(from: number, to: number): Promise<number>;
  update(slug: string, note: string): Promise<void>;
  /** Loads a record, changes its title, validates and saves it. */
  change(slug: string, title: string): Promise<void>;
  all(): Promise<readonly Rules[]>;
  delete(slug: string): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a rival: in memory, or in a folder of its own. */
export type OpenRival = (folder: string | undefined) => Promise<Rival>;

/** How many rows go into one statement. */
export const CHUNK = 1_000;

/** An instance of the class with these values, which obeys the rules. */
export async function valid<T extends object>(type: new () => T, values: LinkValues): Promise<T> {
  const link = Object.assign(new type(), values);
  await checkValid(link);
  return link;
}

/** @throws Error when the rules do not hold */
export async function checkValid(link: object): Promise<void> {
  const errors = await validate(link, { forbidUnknownValues: false });
  if (errors.length > 0) throw new Error(String(errors));
}
