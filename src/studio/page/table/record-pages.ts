import type { RecordRow, RecordsPage } from '../../api/messages.js';

/** Where a page begins. */
export interface PageStart {
  readonly cursor?: string | undefined;
  readonly skip?: number | undefined;
  readonly take: number;
}

/** Reads a page. */
export type LoadPage = (start: PageStart, signal: AbortSignal) => Promise<RecordsPage>;

/** How many records a page has, how many pages are kept, and how far `skip` goes. */
export interface PageLimits {
  readonly size: number;
  readonly keep: number;
  readonly furthestSkip: number;
}

/** 1,200 records in memory; the studio's process skips at most 100,000. */
export const PAGE_LIMITS: PageLimits = { size: 100, keep: 12, furthestSkip: 100_000 };

interface HeldPage {
  readonly start: PageStart;
  readonly rows: readonly RecordRow[];
  readonly previous: string | null;
}

/**
 * The records of a table as one long list, read page by page where somebody looks. A page that follows one which was read goes on
 * from its cursor; one far away is skipped to. Pages far from the last place that was looked at are dropped.
 */
export class RecordPages {
  readonly #load: LoadPage;
  readonly #limits: PageLimits;
  readonly #changed: () => void;
  readonly #pages = new Map<number, HeldPage>();
  /** The cursor that each page begins with, as far as it is known; they stay good when their page is dropped. */
  readonly #cursors = new Map<number, string>();
  readonly #underWay = new Map<number, AbortController>();
  #end: number | undefined;
  #total: number | undefined;
  #frontier = 0;
  #failure: unknown;
  #lastPage: RecordsPage | undefined;

  /** `changed` is called after every change of what is known. */
  constructor(load: LoadPage, changed: () => void, limits: PageLimits = PAGE_LIMITS) {
    this.#load = load;
    this.#changed = changed;
    this.#limits = limits;
  }

  /** How many rows can be scrolled to: all of them, where their number is known and they can be reached. */
  get extent(): number {
    if (this.#end !== undefined) return this.#end;
    const { size, furthestSkip } = this.#limits;
    if (this.#total !== undefined) {
      return Math.min(this.#total, Math.max(furthestSkip, this.#frontier) + size);
    }
    return this.#frontier === 0 ? 0 : this.#frontier + size;
  }

  /** How many there are; undefined while nobody has counted. */
  get total(): number | undefined {
    return this.#end ?? this.#total;
  }

  /** Whether a first page is there, so that an extent of 0 means that there are none. */
  get begun(): boolean {
    return this.#lastPage !== undefined;
  }

  /** The answer that came last: how records were looked for. */
  get lastPage(): RecordsPage | undefined {
    return this.#lastPage;
  }

  /** Why the last page could not be read. */
  get failure(): unknown {
    return this.#failure;
  }

  /** How many pages are held. */
  get held(): number {
    return this.#pages.size;
  }

  /** The record of a row; undefined when it is not here. */
  row(index: number): RecordRow | undefined {
    const { size } = this.#limits;
    return this.#pages.get(Math.floor(index / size))?.rows[index % size];
  }

  /** The row of a slug, when it is here. */
  indexOf(slug: string): number | undefined {
    for (const [page, { rows }] of this.#pages) {
      const at = rows.findIndex((row) => row.slug === slug);
      if (at >= 0) return page * this.#limits.size + at;
    }
    return undefined;
  }

  /** Reads what of these rows is not here, and drops what is far from them. */
  show(first: number, end: number): void {
    const from = Math.floor(first / this.#limits.size);
    const to = Math.max(from, Math.ceil(Math.max(end, 1) / this.#limits.size) - 1);
    for (const [page, controller] of this.#underWay) {
      if (page < from || page > to) controller.abort();
    }
    for (let page = from; page <= to; page++) {
      if (!this.#pages.has(page) && !this.#underWay.has(page) && this.#mayExist(page)) void this.#read(page);
    }
    this.#dropFar((from + to) / 2);
  }

  /** Reads the pages of these rows again and returns them beside what is here, which stays. */
  async fresh(first: number, end: number, signal: AbortSignal): Promise<FreshPage[]> {
    const size = this.#limits.size;
    const fresh: FreshPage[] = [];
    for (let page = Math.floor(first / size); page * size < Math.max(end, 1); page++) {
      const held = this.#pages.get(page);
      if (held) fresh.push({ page, before: held.rows, answer: await this.#load(held.start, signal) });
    }
    return fresh;
  }

  /** Puts other rows in the place of a page's. */
  replace(page: number, rows: readonly RecordRow[]): void {
    const held = this.#pages.get(page);
    if (!held) return;
    this.#pages.set(page, { ...held, rows });
    this.#changed();
  }

  /** Forgets the records that were read. How many there were stays until it is known anew, so that nobody loses their place. */
  reset(): void {
    this.close();
    this.#pages.clear();
    this.#cursors.clear();
    this.#failure = undefined;
    this.#changed();
  }

  /** Reads again after a failure. */
  retry(first: number, end: number): void {
    this.#failure = undefined;
    this.#changed();
    this.show(first, end);
  }

  /** Ends what is under way. */
  close(): void {
    for (const controller of this.#underWay.values()) controller.abort();
    this.#underWay.clear();
  }

  #mayExist(page: number): boolean {
    if (this.#failure !== undefined) return false;
    return page === 0 || page * this.#limits.size < this.extent;
  }

  #startOf(page: number): PageStart {
    const { size: take } = this.#limits;
    if (page === 0) return { take };
    const cursor = this.#cursors.get(page) ?? this.#pages.get(page + 1)?.previous;
    return cursor ? { cursor, take } : { skip: page * take, take };
  }

  async #read(page: number, start = this.#startOf(page)): Promise<void> {
    const controller = new AbortController();
    this.#underWay.set(page, controller);
    try {
      const answer = await this.#load(start, controller.signal);
      if (controller.signal.aborted) return;
      this.#underWay.delete(page);
      // A page before one that was read may be shorter by now: then its rows have other numbers.
      const isShort =
        start.cursor !== undefined && !this.#cursors.has(page) && answer.rows.length < start.take;
      if (isShort) await this.#read(page, { skip: page * start.take, take: start.take });
      else this.#hold(page, start, answer);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#underWay.delete(page);
      this.#failure = error;
      this.#changed();
    }
  }

  #hold(page: number, start: PageStart, answer: RecordsPage): void {
    const at = page * this.#limits.size;
    const { rows, next, previous, total } = answer;
    this.#lastPage = answer;
    this.#pages.set(page, { start, rows, previous });
    if (total !== undefined && total !== this.#total) {
      this.#total = total;
      this.#end = undefined;
    }
    if (next !== null) {
      this.#cursors.set(page + 1, next);
      this.#frontier = Math.max(this.#frontier, at + rows.length);
      if (this.#end !== undefined && this.#end <= at + rows.length) this.#end = undefined;
    } else if (rows.length > 0 || page === 0) {
      this.#end = at + rows.length;
    } else {
      // Skipped to where nothing is any more.
      this.#total = Math.min(this.#total ?? at, at);
    }
    this.#changed();
  }

  #dropFar(middle: number): void {
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of far.slice(0, Math.max(0, far.length - this.#limits.keep))) this.#pages.delete(page);
  }
}

/** A page as it is now, and its rows as they are shown. */
export interface FreshPage {
  readonly page: number;
  readonly before: readonly RecordRow[];
  readonly answer: RecordsPage;
}
