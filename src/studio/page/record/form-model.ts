import { signal } from '@preact/signals';
import type { JsonObject, JsonValue } from '../../../protocol/values/value.js';
import type { ColumnInfo, EntityInfo, RecordInfo, SaveRequest, WriteAnswer } from '../../api/messages.js';
import { api } from '../wire/client.js';
import type { FieldControl } from './field-text.js';
import { controlFor, fromText, toText } from './field-text.js';
import type { Merge } from './merge-draft.js';
import { mergeDraft, resolveClashes } from './merge-draft.js';
import { byProperty } from './violations.js';

/** A record that was changed by somebody else while the form was open. */
export interface Conflict {
  readonly current: RecordInfo;
  readonly merge: Merge;
}

/** A record's form: what was there, what has been edited, and what came of saving it. */
export class FormModel {
  readonly entity: EntityInfo;
  readonly isNew: boolean;
  /** The fields of the form. */
  readonly columns: readonly ColumnInfo[];
  readonly edits = signal<ReadonlyMap<string, string | null>>(new Map());
  readonly violations = signal<ReadonlyMap<string, readonly string[]>>(new Map());
  readonly conflict = signal<Conflict | undefined>(undefined);
  readonly choices = signal<ReadonlyMap<string, 'theirs' | 'yours'>>(new Map());
  readonly isSaving = signal(false);
  /** What the last save was told beside that it was made. */
  warning: string | undefined;
  #base: ReadonlyMap<string, string | null>;
  #values: JsonObject;
  #revision: number;
  readonly #slug: string | undefined;

  /** `info` is the record that is edited; without one a new record is made. */
  constructor(entity: EntityInfo, info: RecordInfo | undefined) {
    this.entity = entity;
    this.isNew = info === undefined;
    // What is too long to be sent is not here to be edited, and stays as it is.
    const cut = info?.row?.cut ?? [];
    this.columns = entity.columns.filter(
      (column) => isOffered(column, entity, this.isNew) && !cut.includes(column.property),
    );
    this.#values = info?.row?.values ?? {};
    this.#slug = info?.row?.slug;
    this.#revision = info?.revision ?? 0;
    this.#base = this.#textsOf(this.#values);
  }

  /** The revision of the record that the form goes by. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether something is edited that is not saved. */
  get isEdited(): boolean {
    return this.edits.value.size > 0;
  }

  /** What a column is edited with. */
  control(column: ColumnInfo): FieldControl {
    return controlFor(column, this.#values[column.property]);
  }

  /** A field's text as it stands in the form. */
  text(property: string): string | null {
    const edited = this.edits.value.get(property);
    return edited === undefined ? (this.#base.get(property) ?? null) : edited;
  }

  /** Writes a field's text. */
  edit(property: string, text: string | null): void {
    const edits = new Map(this.edits.peek());
    if (text === (this.#base.get(property) ?? null)) edits.delete(property);
    else edits.set(property, text);
    this.edits.value = edits;
    if (this.violations.peek().has(property)) {
      const left = new Map(this.violations.peek());
      left.delete(property);
      this.violations.value = left;
    }
  }

  /** Decides a clash. */
  choose(property: string, side: 'theirs' | 'yours'): void {
    this.choices.value = new Map(this.choices.peek()).set(property, side);
  }

  /** Whether every clash is decided. */
  get isDecided(): boolean {
    return (
      this.conflict.value?.merge.clashes.every(({ property }) => this.choices.value.has(property)) ?? true
    );
  }

  /**
   * Saves what is edited. Resolves with the record when it is written, and with undefined when the form says why it is not.
   *
   * @throws RequestError when the process could not be asked
   */
  async save(): Promise<RecordInfo | undefined> {
    if (this.conflict.peek()) this.edits.value = resolveClashes(this.edits.peek(), this.choices.peek());
    const settled = this.conflict.peek()?.current;
    if (settled?.row && this.edits.peek().size === 0) {
      return this.#settle({ outcome: 'written', storeSeq: 0, record: settled });
    }
    const request = this.#request();
    if (!request) return undefined;
    this.isSaving.value = true;
    try {
      return this.#settle(await api.save(request));
    } finally {
      this.isSaving.value = false;
    }
  }

  #request(): SaveRequest | undefined {
    const values: Record<string, JsonValue> = {};
    const problems = new Map<string, readonly string[]>();
    for (const [property, text] of this.edits.peek()) {
      const column = this.columns.find((other) => other.property === property);
      // A slug stands beside the values.
      if (!column || property === this.entity.slug) continue;
      const read = fromText(text, this.control(column), column);
      if ('problem' in read) problems.set(property, [read.problem]);
      else values[property] = read.value;
    }
    this.violations.value = problems;
    if (problems.size > 0) return undefined;
    const slug = this.isNew ? this.edits.peek().get(this.entity.slug) : this.#slug;
    return {
      entity: this.entity.name,
      ...(typeof slug === 'string' && slug !== '' ? { slug } : {}),
      values,
      revision: this.#revision,
    };
  }

  #settle(answer: WriteAnswer): RecordInfo | undefined {
    switch (answer.outcome) {
      case 'written':
        this.edits.value = new Map();
        this.conflict.value = undefined;
        this.warning = answer.warning;
        return answer.record;
      case 'invalid':
        this.violations.value = byProperty(answer.violations, this.columns);
        return undefined;
      case 'conflict':
        this.#meet(answer.current);
        return undefined;
    }
  }

  #meet(current: RecordInfo): void {
    if (this.isNew) {
      this.violations.value = new Map([[this.entity.slug, ['There is a record with this slug already.']]]);
      return;
    }
    const isRemoved = current.row === undefined;
    const theirs = this.#textsOf(current.row?.values ?? {});
    const merge = mergeDraft(this.#base, theirs, this.edits.peek());
    if (isRemoved) {
      // Saved again, it is a new record with everything that the form has.
      this.edits.value = new Map([...this.#base, ...this.edits.peek()].filter(([, text]) => text !== null));
      this.conflict.value = { current, merge: { ...merge, clashes: [] } };
    } else {
      this.edits.value = merge.edits;
      this.#values = current.row.values;
      this.conflict.value = { current, merge };
    }
    this.#base = theirs;
    this.#revision = current.revision;
    this.choices.value = new Map();
  }

  #textsOf(values: JsonObject): Map<string, string | null> {
    return new Map(
      this.columns.map((column) => {
        const value = values[column.property];
        return [column.property, toText(value, controlFor(column, value ?? this.#values[column.property]))];
      }),
    );
  }
}

/** Whether a form has a field for a column. */
function isOffered(column: ColumnInfo, entity: EntityInfo, isNew: boolean): boolean {
  if (column.property === entity.slug) return isNew;
  if (column.type === 'file') return false;
  // What is written once is not to be changed; what is required of it stands in the form of a new record.
  return column.editable || (isNew && column.required);
}
