import { NEVER } from 'rxjs';
import type { Logger } from '../../../../src/logging.js';
import { silentLogger } from '../../../../src/logging.js';
import type { EntityMapper, StoredRecord } from '../../../../src/mapping/types.js';
import type { EntityMetadata, FieldMetadata, FieldType } from '../../../../src/metadata/types.js';
import type { OnInvalidRecord } from '../../../../src/query/index.js';
import { RecordReader } from '../../../../src/query/index.js';
import type { LiveContext } from '../../../../src/realtime/index.js';
import { LiveLists } from '../../../../src/realtime/index.js';
import type { Transport } from '../../../../src/transport/transport.js';
import { FakeTransport } from './fake-transport.js';
import { RecordingLogger } from './recording-logger.js';

/** The entity of these tests: flat, below `notes`. */
export class Note {
  slug!: string;
  title!: string;
  rank?: number | null;
}

function field(name: string, type: FieldType, required: boolean): FieldMetadata {
  return {
    propertyName: name,
    wireName: name,
    wireSegment: name,
    role: 'plain',
    type,
    array: false,
    required,
    nullable: !required,
    select: true,
    coerce: false,
    default: undefined,
    transformers: [],
    enumValues: undefined,
    nestedClass: undefined,
  };
}

const fields = [field('title', 'string', true), field('rank', 'integer', false)];
const byName = new Map(fields.map((each) => [each.wireName, each]));

export const noteMetadata: EntityMetadata<Note> = {
  target: Note,
  name: 'Note',
  prefix: ['notes'],
  prefixPath: 'notes',
  mode: 'flat',
  store: undefined,
  slugProperty: 'slug',
  fields,
  fieldByProperty: byName,
  fieldByWireSegment: byName,
  versionField: undefined,
  nullsOnRead: false,
  indexes: [],
  references: [],
};

const unused = (): never => {
  throw new Error('Watching needs no writes.');
};

function noteMapper(metadata: EntityMetadata<Note>): EntityMapper<Note> {
  return {
    metadata,
    evolution: undefined,
    isOutdated: () => false,
    knownSlugOf: () => undefined,
    recordOf: () => undefined,
    anotherOf: () => undefined,
    instantiate: () => new Note(),
    filledIn: unused,
    slugOf: unused,
    hydrate({ slug, leaves }: StoredRecord) {
      const note = Object.assign(new Note(), { slug });
      for (const { path, value } of leaves) {
        const name = path.split('/')[2] ?? '';
        if (byName.has(name)) Object.assign(note, { [name]: value });
      }
      if (typeof note.title === 'string') return { entity: note };
      return { problem: { slug, missing: ['title'], unrecognised: [], malformed: [] } };
    },
    merge: unused,
    adopted: unused,
    storedFields: unused,
    shareMemory: unused,
    fillFrom: unused,
    markPartlyStored: unused,
    markDeletion: unused,
    encode: unused,
    changedFields: unused,
    encodeAll: unused,
    encodeDeletion: unused,
    encodeTimeOfChange: unused,
    leftOutOf: () => undefined,
    revisionOf: unused,
    markStored: unused,
    forget: unused,
    decode: unused,
    encodeMember: unused,
  };
}

/** A note with what it is to have. */
export function note(slug: string, title = slug, rank?: number | null): Note {
  return Object.assign(new Note(), { slug, title }, rank === undefined ? {} : { rank });
}

interface ContextOptions {
  readonly onInvalidRecord?: OnInvalidRecord;
  readonly logger?: Logger;
  readonly metadata?: Partial<EntityMetadata<Note>>;
}

/** What the Observables of notes in a store are built from. */
export function contextOver(transport: Transport, options: ContextOptions = {}): LiveContext<Note> {
  const { onInvalidRecord = 'skip', logger = silentLogger } = options;
  const metadata = { ...noteMetadata, ...options.metadata };
  const mapper = noteMapper(metadata);
  const reader = new RecordReader({ transport, mapper, logger, onInvalidRecord });
  const context = { transport, metadata, mapper, reader, ending$: NEVER };
  return { ...context, lists: new LiveLists(context) };
}

/** The same over a fake transport, with a way to write as another device does. */
export function setUpNotes(options: ContextOptions = {}) {
  const transport = new FakeTransport();
  const logger = new RecordingLogger();
  const context = contextOver(transport, { logger, ...options });
  const put = (slug: string, rank?: number, deviceId?: string) =>
    transport.commit('set', `notes/${slug}`, { title: slug, ...(rank !== undefined && { rank }) }, deviceId);
  return { transport, logger, context, put };
}
