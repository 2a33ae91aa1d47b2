/**
 * How records are looked for: by their slugs, in ranges of slugs, by an index, through all records of the class, in several
 * of these ways one after the other, or not at all, as none can match.
 */
export type ReadPath = 'slugs' | 'slug range' | 'index' | 'scan' | 'several' | 'nothing';

/** How a query was carried out. */
export interface ReadCost {
  /** How the records were looked for. */
  readonly path: ReadPath;
  /** The parts of the index that was used, by their names on the wire; undefined for other paths. */
  readonly index?: string | undefined;
  /** How many records were looked at. */
  readonly examined: number;
}

/** Hears how a query was carried out. */
export type OnRead = (cost: ReadCost) => void;
