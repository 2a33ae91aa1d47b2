import { DustError } from '../../errors.js';
import type { EncodedField, EntityMetadata, FieldMetadata, SchemaVersion } from '../../metadata/types.js';
import { jsonEquals } from '../../protocol/values/json.js';
import { inStoreOrder } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath, escapeSegment, unescapeSegment } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { assemble } from '../../protocol/values/value.js';
import type { RecordAge, StoredRecord } from '../types.js';
import type { DeleteOperation, SetOperation } from '../write-operation.js';
import { UpgradeFault, upgradedLeaves } from './upgrade-record.js';

/** A record in the form that its class has now, or why it cannot have it. */
export type PresentRecord =
  | {
      /** Without the leaf of the version. */
      readonly record: StoredRecord;
      /** In what it is old; undefined when it is not. */
      readonly age: RecordAge | undefined;
      readonly fault?: never;
    }
  | { readonly fault: string; readonly record?: never; readonly age?: never };

/** A record in the form that its class has now, and what brings it there. */
export interface RenewedRecord {
  readonly leaves: readonly Leaf[];
  /** Undefined when there is nothing to do. */
  readonly changes: readonly (SetOperation | DeleteOperation)[] | undefined;
}

/** Why a record cannot be an entity, in words that follow "it does not fit:"; undefined when it can. */
export type Misfit = (record: StoredRecord) => string | undefined;

/** What a class knows of records that older classes wrote: their fields' earlier names, and how they are upgraded. */
export class RecordEvolution {
  readonly #metadata: EntityMetadata;
  readonly #version: SchemaVersion | undefined;
  readonly #renamed: readonly { readonly segment: string; readonly earlier: readonly string[] }[];
  readonly #earlier: ReadonlySet<string>;
  /** What a whole record has beside its fields: its version, where that is not the first one. */
  readonly stamp: readonly EncodedField[];

  readonly #misfit: Misfit;

  /** @param misfit what keeps a record in the present form from being an entity of the class */
  constructor(metadata: EntityMetadata, misfit: Misfit) {
    this.#metadata = metadata;
    this.#misfit = misfit;
    this.#version = metadata.schemaVersion;
    this.#renamed = metadata.fields.flatMap(({ wireSegment, earlierNames }) =>
      earlierNames === undefined
        ? []
        : [{ segment: wireSegment, earlier: earlierNames.map((name) => escapeSegment(name)) }],
    );
    this.#earlier = new Set(this.#renamed.flatMap(({ earlier }) => earlier));
    this.stamp = stampOf(this.#version);
  }

  /** The record in its present form. Costs a look at each leaf when it has it. */
  present(record: StoredRecord): PresentRecord {
    const path = childPath(this.#metadata.prefixPath, record.slug);
    const found = this.#look(path, record.leaves);
    const version = this.#version;
    if (version !== undefined && found.version !== version.number) {
      const fault = versionFault(found.version, version);
      if (fault !== undefined) return { fault };
      try {
        const earlier = {
          path,
          slug: record.slug,
          revision: record.revision,
          version: found.version as number,
        };
        return this.#renamedRecord(
          record,
          path,
          upgradedLeaves({ ...earlier, leaves: found.leaves }, version),
          { ...NOTHING_OLD, version: earlier.version },
        );
      } catch (error) {
        if (error instanceof UpgradeFault) return { fault: error.message };
        // What is no path cannot be a name.
        if (error instanceof DustError) {
          return { fault: `an upgrade gave a record that cannot be stored: ${error.message}` };
        }
        throw error;
      }
    }
    if (found.hasEarlierNames) return this.#renamedRecord(record, path, found.leaves, NOTHING_OLD);
    return {
      record: found.leaves === record.leaves ? record : { ...record, leaves: found.leaves },
      age: undefined,
    };
  }

  /**
   * As {@link present}, of leaves that a write looks at, which need not be the whole record.
   *
   * @throws DustError `invalid_record` when they cannot have that form
   */
  presentLeaves(slug: string, leaves: readonly Leaf[]): readonly Leaf[] {
    const { record, fault } = this.present({ slug, leaves, revision: 0 });
    if (fault !== undefined) throw this.#refuse(slug, fault);
    return record.leaves;
  }

  /**
   * As {@link present}, of all leaves of a record that a write puts into that form.
   *
   * @throws DustError `invalid_record` when it cannot have that form, or is no entity in it
   */
  writableLeaves(slug: string, leaves: readonly Leaf[]): readonly Leaf[] {
    return this.#writable({ slug, leaves, revision: 0 }).record.leaves;
  }

  /**
   * What brings the record up to date where it lies, with `defaults` where it has no value for the field; undefined when there is nothing
   * to do.
   *
   * @throws DustError `invalid_record` when the record cannot have the present form
   */
  changes(
    record: StoredRecord,
    defaults: readonly EncodedField[] = [],
  ): readonly (SetOperation | DeleteOperation)[] | undefined {
    return this.renewed(record, defaults).changes;
  }

  /**
   * What {@link writableLeaves} and {@link changes} tell of a record, by one upgrade.
   *
   * @throws DustError as these do
   */
  renewed(record: StoredRecord, defaults: readonly EncodedField[] = []): RenewedRecord {
    const { record: present, age } = this.#writable(record);
    const { leaves } = present;
    const path = childPath(this.#metadata.prefixPath, record.slug);
    const filled = missingIn(path, leaves, defaults);
    if (age === undefined) return { leaves, changes: filled.length === 0 ? undefined : filled };
    const stamped = this.stamp.map(({ field, value }): SetOperation => {
      return { op: 'set', path: `${path}/${field.wireSegment}`, value };
    });
    const moved = moves(path, record.leaves, leaves, this.#version);
    return { leaves, changes: [...moved, ...filled, ...stamped] };
  }

  /** What an upgrade made is written only where it can be read: the earlier form is gone then. */
  #writable(found: StoredRecord): Extract<PresentRecord, { readonly fault?: never }> {
    const present = this.present(found);
    if (present.fault !== undefined) throw this.#refuse(found.slug, present.fault);
    const misfit = present.age?.version === undefined ? undefined : this.#misfit(present.record);
    if (misfit !== undefined) {
      throw this.#refuse(found.slug, `its upgrade made a record that does not fit: ${misfit}`);
    }
    return present;
  }

  #look(path: Path, leaves: readonly Leaf[]): Looked {
    const start = path.length + 1;
    let version: JsonValue = 1;
    let at = -1;
    let hasEarlierNames = false;
    const versionSegment = this.#version?.wireSegment;
    for (let i = 0; i < leaves.length; i++) {
      const segment = segmentOf(leaves[i]!.path, start);
      if (segment === versionSegment) {
        at = i;
        version = leaves[i]!.value;
      } else if (this.#earlier.has(segment)) {
        hasEarlierNames = true;
      }
    }
    return { version, hasEarlierNames, leaves: at < 0 ? leaves : leaves.toSpliced(at, 1) };
  }

  /** The record with what lies under earlier names under the present ones. */
  #renamedRecord(record: StoredRecord, path: Path, leaves: readonly Leaf[], age: RecordAge): PresentRecord {
    const start = path.length + 1;
    const bySegment = leavesBySegment(leaves, start);
    const earlierNames: string[] = [];
    for (const { segment, earlier } of this.#renamed) {
      for (const name of earlier) {
        const own = bySegment.get(name);
        if (own === undefined) continue;
        earlierNames.push(unescapeSegment(name));
        bySegment.delete(name);
        if (!bySegment.has(segment)) bySegment.set(segment, moved(own, start, name, segment));
      }
    }
    const present = inStoreOrder([...bySegment.values()].flat(), (leaf) => leaf.path);
    return { record: { ...record, leaves: present }, age: { ...age, earlierNames } };
  }

  #refuse(slug: string, fault: string): DustError {
    const { name, prefixPath } = this.#metadata;
    return new DustError(
      'invalid_record',
      `${name} ${JSON.stringify(slug)} cannot be written: ${fault}. Nothing was written.`,
      { path: childPath(prefixPath, slug) },
    );
  }
}

/** What a class knows of records that older classes wrote; undefined when that is nothing. */
export function evolutionOf(metadata: EntityMetadata, misfit: Misfit): RecordEvolution | undefined {
  const { schemaVersion, fields } = metadata;
  return schemaVersion === undefined &&
    fields.every(({ earlierNames, applyOnRead }) => (earlierNames ?? applyOnRead) === undefined)
    ? undefined
    : new RecordEvolution(metadata, misfit);
}

const NOTHING_OLD: RecordAge = { version: undefined, earlierNames: [] };

interface Looked {
  /** What the leaf of the version holds; 1 where there is none. */
  readonly version: JsonValue;
  readonly hasEarlierNames: boolean;
  /** Without that leaf. */
  readonly leaves: readonly Leaf[];
}

function versionFault(found: JsonValue, { number, wireName }: SchemaVersion): string | undefined {
  if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 1) {
    return `its version (${wireName}) is ${JSON.stringify(found)}, which is none`;
  }
  return found > number
    ? `it is of version ${found}, which a newer program wrote, and this class is of version ${number}`
    : undefined;
}

function segmentOf(path: Path, start: number): string {
  const end = path.indexOf('/', start);
  return end < 0 ? path.slice(start) : path.slice(start, end);
}

/** The leaves below a record by the segment that follows it, which begins at `start`. */
function leavesBySegment(leaves: readonly Leaf[], start: number): Map<string, Leaf[]> {
  const bySegment = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const segment = segmentOf(leaf.path, start);
    const own = bySegment.get(segment);
    if (own === undefined) bySegment.set(segment, [leaf]);
    else own.push(leaf);
  }
  return bySegment;
}

function moved(leaves: readonly Leaf[], start: number, from: string, to: string): Leaf[] {
  return leaves.map((leaf) => ({
    ...leaf,
    path: `${leaf.path.slice(0, start)}${to}${leaf.path.slice(start + from.length)}`,
  }));
}

/** What makes the one set of leaves the other. */
function moves(
  path: Path,
  before: readonly Leaf[],
  after: readonly Leaf[],
  version: SchemaVersion | undefined,
): (SetOperation | DeleteOperation)[] {
  const [old, present] = [valuesIn(path, before), valuesIn(path, after)];
  if (version !== undefined) old.delete(version.wireSegment);
  const sets = Array.from(present).flatMap(([segment, value]): SetOperation[] => {
    const stands = old.get(segment);
    return stands !== undefined && jsonEquals(stands, value)
      ? []
      : [{ op: 'set', path: `${path}/${segment}`, value }];
  });
  const gone = [...old.keys()].filter((segment) => !present.has(segment));
  return [...sets, ...gone.map((segment): DeleteOperation => ({ op: 'delete', path: `${path}/${segment}` }))];
}

function valuesIn(path: Path, leaves: readonly Leaf[]): Map<string, JsonValue> {
  const below = leaves.filter((leaf) => leaf.path.startsWith(`${path}/`));
  const values = new Map<string, JsonValue>();
  for (const [segment, own] of leavesBySegment(below, path.length + 1)) {
    const value = assemble(`${path}/${segment}`, own);
    if (value !== undefined) values.set(segment, value);
  }
  return values;
}

function missingIn(path: Path, leaves: readonly Leaf[], fields: readonly EncodedField[]): SetOperation[] {
  return fields.flatMap(({ field, value }): SetOperation[] => {
    const at = `${path}/${field.wireSegment}`;
    const own = leaves.filter((leaf) => leaf.path === at || leaf.path.startsWith(`${at}/`));
    const isThere = own.length > 1 || (own[0] !== undefined && !(field.required && own[0].value === null));
    return isThere ? [] : [{ op: 'set', path: at, value }];
  });
}

function stampOf(version: SchemaVersion | undefined): readonly EncodedField[] {
  if (version === undefined || version.number === 1) return [];
  const { wireName, wireSegment, number } = version;
  const field: FieldMetadata = {
    propertyName: wireName,
    wireName,
    wireSegment,
    role: 'plain',
    type: 'integer',
    array: false,
    required: false,
    nullable: false,
    select: true,
    default: undefined,
    transformers: [],
    enumValues: undefined,
    nestedClass: undefined,
    coerce: false,
  };
  return [{ field, value: number }];
}
