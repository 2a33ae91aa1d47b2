import { effect, computed, signal } from '@preact/signals';
import type { RecordInfo } from '../../api/messages.js';
import { concerns } from '../state/paths.js';
import { route } from '../state/router.js';
import { store } from '../state/session.js';
import { missedChanges, onCommit } from '../wire/changes.js';
import { api } from '../wire/client.js';

/** Changes of this long are read together, in milliseconds. */
const GATHER_FOR = 120;

/** What lies at a path: a record, or any other part of the store. */
export class RecordModel {
  readonly info = signal<RecordInfo | undefined>(undefined);
  readonly failure = signal<unknown>(undefined);
  /** The leaves that the last change left other than they were. */
  readonly changed = signal<ReadonlySet<string>>(new Set());
  /** Grows with every change that concerns the path. */
  readonly changes = signal(0);
  #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly path: string) {}

  /** Reads it again. */
  async load(): Promise<void> {
    this.#controller.abort();
    const controller = (this.#controller = new AbortController());
    this.failure.value = undefined;
    try {
      const info = await api.record(this.path, controller.signal);
      if (!controller.signal.aborted) this.put(info);
    } catch (error) {
      if (!controller.signal.aborted) this.failure.value = error;
    }
  }

  /** Takes what is there now, and notes what of it is new. */
  put(info: RecordInfo): void {
    const before = this.info.peek();
    const revisions = new Map(before?.leaves.map(({ path, revision }) => [path, revision]));
    this.changed.value = new Set(
      before
        ? info.leaves.filter(({ path, revision }) => revisions.get(path) !== revision).map(({ path }) => path)
        : [],
    );
    this.info.value = info;
  }

  /** Reads it again soon. */
  touch(): void {
    this.changes.value++;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, GATHER_FOR);
  }

  /** Ends what is under way. */
  close(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

/** The record or path that is open. */
export const record = signal<RecordModel | undefined>(undefined);

const wanted = computed(() => {
  if (!store.value) return undefined;
  if (route.value.view === 'path') return route.value.path === '' ? undefined : route.value.path;
  return route.value.view === 'table' ? route.value.record : undefined;
});

/** Keeps {@link record} what the address names, and what the store has. */
export function followRecord(): void {
  effect(() => {
    if (wanted.value === undefined) {
      record.value = undefined;
      return;
    }
    const model = new RecordModel(wanted.value);
    record.value = model;
    void model.load();
    return () => {
      model.close();
    };
  });
  onCommit(({ operations }) => {
    const model = record.peek();
    if (model && operations.some(({ path }) => concerns(path, model.path))) model.touch();
  });
  missedChanges.subscribe((times) => {
    if (times > 0) record.peek()?.touch();
  });
}
