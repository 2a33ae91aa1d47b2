import type { EntityMapper } from '../../mapping/types.js';
import { reasonOf, RecordSource } from '../../query/index.js';
import type { Transport } from '../../transport/transport.js';

/** Records that have one thing in common. */
export interface RecordCount {
  /** What they have in common. */
  readonly reason: string;
  readonly count: number;
  /** The first of their slugs. */
  readonly slugs: readonly string[];
}

/** What all records of an entity come to. */
export interface RecordSurvey {
  readonly entity: string;
  /** How many records there are. */
  readonly records: number;
  /** How many do not fit their class. */
  readonly unfit: number;
  /** Why they do not. */
  readonly reasons: readonly RecordCount[];
  /** In what others are older than the class; one record may count in several ways. */
  readonly older: readonly RecordCount[];
}

export interface SurveyOptions {
  readonly signal: AbortSignal;
  /** Is told now and then how many records were read. */
  readonly onProgress: (records: number) => Promise<void>;
}

/** So many slugs are named of each kind. */
const NAMED = 3;
/** So many kinds are told apart; what comes beyond them is counted together. */
const MOST_KINDS = 50;
const PROGRESS_STEP = 500;

/** Reads all records of an entity, one after the other, and counts what is amiss with them. */
export async function surveyRecords(
  transport: Transport,
  mapper: EntityMapper<object>,
  { signal, onProgress }: SurveyOptions,
): Promise<RecordSurvey> {
  const [reasons, older] = [new Counts(), new Counts()];
  let [records, unfit] = [0, 0];
  const source = new RecordSource(transport, mapper.metadata);
  const everything = {
    path: { by: 'scan', reverse: false },
    needed: Infinity,
    options: { signal },
    onStray: () => undefined,
  } as const;
  for await (const record of source.stream(everything)) {
    const { problem, age, applied = [] } = mapper.hydrate(record);
    if (problem !== undefined) {
      unfit++;
      reasons.add(reasonOf(problem), record.slug);
    }
    if (age?.version !== undefined) older.add(`version ${age.version}`, record.slug);
    for (const name of age?.earlierNames ?? []) {
      older.add(`values under the earlier name ${name}`, record.slug);
    }
    for (const name of applied) older.add(`no ${name}, which reads with its default`, record.slug);
    if (++records % PROGRESS_STEP === 0) await onProgress(records);
  }
  return { entity: mapper.metadata.name, records, unfit, reasons: reasons.list(), older: older.list() };
}

class Counts {
  readonly #kinds = new Map<string, { count: number; readonly slugs: string[] }>();

  add(kind: string, slug: string): void {
    const reason = this.#kinds.has(kind) || this.#kinds.size < MOST_KINDS ? kind : 'other reasons';
    const known = this.#kinds.get(reason) ?? { count: 0, slugs: [] };
    this.#kinds.set(reason, known);
    known.count++;
    if (known.slugs.length < NAMED) known.slugs.push(slug);
  }

  list(): readonly RecordCount[] {
    return [...this.#kinds]
      .map(([reason, { count, slugs }]) => ({ reason, count, slugs }))
      .sort((a, b) => b.count - a.count);
  }
}
