import type { EntityMetadata, FieldMetadata } from '../../metadata/types.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { PlanningRecords } from './choose-plan.js';

/**
 * What indexes cannot know: they have the values that are stored, and a reader gives records of older classes others. An index with such a
 * property is not planned with, so that a query finds what a look at all records would.
 */
export class IndexDoubts {
  readonly #metadata: EntityMetadata;
  readonly #trusted = new WeakMap<readonly IndexDefinition[], readonly IndexDefinition[]>();

  constructor(metadata: EntityMetadata) {
    this.#metadata = metadata;
  }

  /** Why an index is not planned with; undefined when it is. */
  reasonAgainst({ parts }: IndexDefinition): string | undefined {
    const { schemaVersion, fields } = this.#metadata;
    if (schemaVersion !== undefined && schemaVersion.upgrades.size > 0) {
      return `records of a version before ${schemaVersion.number} are upgraded when they are read`;
    }
    for (const { path } of parts) {
      const [segment] = path.split('/', 1);
      const field = fields.find(({ wireSegment }) => wireSegment === segment);
      const reason = field && reasonIn(field);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** The records with the indexes that are planned with. */
  trusted(records: PlanningRecords): PlanningRecords {
    const { indexes } = records;
    let trusted = this.#trusted.get(indexes);
    if (trusted === undefined) {
      trusted = indexes.filter((index) => this.reasonAgainst(index) === undefined);
      this.#trusted.set(indexes, trusted);
    }
    return { indexes: trusted, count: (access, most) => records.count(access, most) };
  }
}

/** The doubts about the indexes of a class; undefined for a class that reads every record as it is stored. */
export function doubtsOf(metadata: EntityMetadata): IndexDoubts | undefined {
  const { fields, schemaVersion } = metadata;
  const isDoubted =
    (schemaVersion?.upgrades.size ?? 0) > 0 || fields.some((field) => reasonIn(field) !== undefined);
  return isDoubted ? new IndexDoubts(metadata) : undefined;
}

function reasonIn({ propertyName, earlierNames, applyOnRead }: FieldMetadata): string | undefined {
  if (earlierNames !== undefined) {
    return `${propertyName} may lie under an earlier name (${earlierNames.join(', ')})`;
  }
  return applyOnRead === true ? `${propertyName} has a default that is applied on read` : undefined;
}
