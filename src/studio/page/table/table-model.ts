import { computed, signal } from '@preact/signals';
import type { EntityInfo } from '../../api/messages.js';
import { concerns, segmentsOf } from '../state/paths.js';
import type { TableRoute } from '../state/route.js';
import type { CommitMessage } from '../wire/changes.js';
import { api } from '../wire/client.js';
import { compareRows } from './compare-rows.js';
import { Flashes } from './flashes.js';
import { RecordPages } from './record-pages.js';

/** What has changed since the rows were read, and would move them. */
export interface Offer {
  readonly added: number;
  readonly gone: ReadonlySet<string>;
}

const NO_OFFER: Offer = { added: 0, gone: new Set() };

/** Changes of this long are taken in together, in milliseconds; and rows are not read more often than a quarter of the time. */
const GATHER_FOR = 150;
const SHARE_OF_TIME = 4;

/** The rows of one table: an entity in one order, with its filters. */
export class TableModel {
  readonly entity: EntityInfo;
  readonly pages: RecordPages;
  readonly flashes = new Flashes();
  readonly offer = signal<Offer>(NO_OFFER);
  readonly #version = signal(0);
  readonly #touched = new Set<string>();
  #window = { first: 0, end: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refresh: AbortController | undefined;
  #wait = GATHER_FOR;

  constructor(entity: EntityInfo, { order, filters, withDeleted }: TableRoute) {
    this.entity = entity;
    this.pages = new RecordPages(
      (start, aborted) =>
        api.records(
          { entity: entity.name, filters, order, ...(withDeleted ? { withDeleted } : {}), ...start },
          aborted,
        ),
      () => {
        this.#version.value++;
      },
    );
  }

  /** The pages; whoever reads them here follows their changes. */
  readonly shown = computed(() => {
    const version = this.#version.value;
    return { pages: this.pages, version };
  });

  /** Says which rows are looked at. */
  look(first: number, end: number): void {
    this.#window = { first, end };
    this.pages.show(first, end);
  }

  /** Reads everything anew. */
  reload(): void {
    this.offer.value = NO_OFFER;
    this.#touched.clear();
    this.pages.reset();
    this.pages.show(this.#window.first, this.#window.end);
  }

  /** Tries again what failed. */
  retry(): void {
    this.pages.retry(this.#window.first, this.#window.end);
  }

  /** Takes in what a commit did. */
  take({ operations }: CommitMessage): void {
    const { prefix } = this.entity;
    for (const { path } of operations) {
      if (!concerns(path, prefix)) continue;
      const slug = path.length > prefix.length ? segmentsOf(path.slice(prefix.length + 1))[0] : undefined;
      if (slug === undefined) {
        // All of them at once: there is no row to compare with.
        this.reload();
        return;
      }
      this.#touched.add(slug);
    }
    if (this.#touched.size > 0) this.#later();
  }

  /** Ends what is under way. */
  close(): void {
    clearTimeout(this.#timer);
    this.#refresh?.abort();
    this.pages.close();
    this.flashes.close();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.#compare(), this.#wait);
  }

  async #compare(): Promise<void> {
    const touched = new Set(this.#touched);
    this.#touched.clear();
    const began = performance.now();
    this.#refresh = new AbortController();
    const { first, end } = this.#window;
    try {
      await this.#compareWindow(first, end, touched, this.#refresh.signal);
    } catch {
      // Aborted, or failed: what is shown stays as it is, and the next change compares again.
    }
    this.#wait = Math.max(GATHER_FOR, (performance.now() - began) * SHARE_OF_TIME);
    this.#timer = undefined;
    if (this.#touched.size > 0 && !this.#refresh.signal.aborted) this.#later();
  }

  async #compareWindow(
    first: number,
    end: number,
    touched: ReadonlySet<string>,
    aborted: AbortSignal,
  ): Promise<void> {
    const total = this.pages.total;
    const fresh = await this.pages.fresh(first, end, aborted);
    if (aborted.aborted) return;
    if (this.pages.extent === 0) {
      this.reload();
      return;
    }
    let inSight = 0;
    const gone = new Set(this.offer.peek().gone);
    for (const { page, before, answer } of fresh) {
      const changes = compareRows(before, answer.rows, touched);
      this.pages.replace(page, changes.rows);
      for (const slug of changes.changed) this.flashes.mark(slug);
      for (const slug of changes.gone) gone.add(slug);
      inSight += changes.added.length;
    }
    const counted = fresh[0]?.answer.total;
    const more = counted === undefined || total === undefined ? 0 : counted - total + gone.size;
    const before = this.offer.peek();
    // A count is of all since the rows were read; what is seen in the window is of this change only.
    const added =
      counted === undefined || total === undefined ? before.added + inSight : Math.max(more, inSight);
    if (added !== before.added || gone.size !== before.gone.size) this.offer.value = { added, gone };
  }
}

/** What the button says that takes an offer in. */
export function offerText({ added, gone }: Offer): string {
  const parts: string[] = [];
  if (added > 0) parts.push(`${added.toLocaleString('en')} new ${added === 1 ? 'record' : 'records'}`);
  if (gone.size > 0) parts.push(`${gone.size.toLocaleString('en')} removed or moved`);
  return parts.join(', ');
}
