import type { FindManyOptions, ScopeOptions } from './find-options.js';

/** Which page to read. */
export interface FindPageOptions<T> extends Pick<
  FindManyOptions<T>,
  'where' | 'order' | 'select' | 'signal' | 'consistency' | 'populate' | keyof ScopeOptions
> {
  /** The most entities on the page, at least 1. Default 20. */
  readonly take?: number;
  /** The `cursor` of the page before. Left out: the first page. */
  readonly after?: string | null | undefined;
}

/** A page of what meets a query. */
export interface Page<T> {
  /** In the order that was asked for, equal ones by slug in store order. */
  readonly items: T[];
  /** What `after` takes for the next page; null when there is none. Short, and of this query alone. It hides nothing. */
  readonly cursor: string | null;
  /** Whether anything comes behind the page. */
  readonly hasMore: boolean;
}
