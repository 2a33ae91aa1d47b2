import { listLinks } from './api.js';
import { LinkItem } from './link-item.js';

const PAGE = 50;

/**
 * The list on the page. It is read from the server when the connection stands, and kept by the changes told since;
 * those that come while it is being read wait until it has been.
 */
export class LinkList {
  #items = new Map();
  #elements;
  #search = '';
  #hasMore = false;
  #loads = 0;
  #isLoading = false;
  /** Whether a list has come: until then nobody knows that there is nothing. */
  #hasList = false;
  #waiting = [];
  /** When links were removed since the list was read, so that an answer that is late brings none of them back. */
  #removedAt = new Map();

  constructor(elements) {
    this.#elements = elements;
  }

  /** Shows the first page of what `search` finds, instead of what is shown. */
  async load(search = this.#search) {
    this.#search = search;
    this.#isLoading = true;
    this.#removedAt.clear();
    const load = ++this.#loads;
    const page = await listLinks({ search, take: PAGE }).catch((error) => {
      if (load === this.#loads) this.#settle();
      throw error;
    });
    // Somebody types faster than the server answers.
    if (load !== this.#loads) return;
    this.#hasList = true;
    const found = new Set(page.items.map(({ slug }) => slug));
    for (const slug of this.#items.keys()) if (!found.has(slug)) this.#take(slug);
    for (const link of page.items) this.#set(link);
    this.#hasMore = page.total > page.items.length;
    this.#settle();
  }

  async loadMore() {
    const page = await listLinks({ search: this.#search, skip: this.#items.size, take: PAGE });
    for (const link of page.items) this.#set(link);
    this.#hasMore = page.total > this.#items.size;
    this.#draw();
  }

  /** Takes a change that the server tells of. Returns what happened, in words, if it is to be seen here. */
  apply(change) {
    if (this.#isLoading) {
      this.#waiting.push(change);
      return undefined;
    }
    if (change.type === 'upserted') return this.put(change.link);
    this.#removedAt.set(change.slug, change.storeSeq);
    return this.remove(change.slug);
  }

  /** Shows a link as it is now, unless a later state of it is shown. */
  put(link) {
    const before = this.#items.get(link.slug)?.link;
    if ((before?.revision ?? this.#removedAt.get(link.slug)) >= link.revision) return undefined;
    if (!this.#belongs(link, before !== undefined)) return before && this.remove(link.slug);
    this.#set(link).flash();
    this.#draw();
    if (before === undefined) return `Added: ${link.title}`;
    // A view that is counted is no news to read out.
    return before.title === link.title && before.note === link.note ? undefined : `Changed: ${link.title}`;
  }

  remove(slug) {
    const title = this.#items.get(slug)?.link.title;
    this.#take(slug);
    this.#draw();
    return title && `Removed: ${title}`;
  }

  #settle() {
    this.#isLoading = false;
    this.#draw();
    for (const change of this.#waiting.splice(0)) this.apply(change);
  }

  /** Whether a link is to be shown: the search finds it, and it is not on a page further down. */
  #belongs(link, isShown) {
    const text = [link.title, link.url, link.note].join('\n').toLowerCase();
    if (!text.includes(this.#search.toLowerCase())) return false;
    const last = [...this.#items.values()].at(-1)?.link;
    return isShown || !this.#hasMore || last === undefined || byAge(link, last) < 0;
  }

  #set(link) {
    const item = this.#items.get(link.slug) ?? new LinkItem(link, this);
    item.show(link);
    this.#items.set(link.slug, item);
    return item;
  }

  #take(slug) {
    this.#items.get(slug)?.element.remove();
    this.#items.delete(slug);
  }

  #draw() {
    const { list, loading, empty, more } = this.#elements;
    const items = [...this.#items.values()].sort((a, b) => byAge(a.link, b.link));
    this.#items = new Map(items.map((item) => [item.link.slug, item]));
    items.forEach(({ element }, index) => {
      // Moving an element takes the focus from it, so only those out of place are moved.
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    loading.hidden = this.#hasList || !this.#isLoading;
    empty.hidden = !this.#hasList || items.length > 0;
    empty.textContent = this.#search === '' ? 'Nothing here yet.' : 'Nothing found.';
    more.hidden = !this.#hasMore;
  }
}

/** Newest first, as the server lists them. */
function byAge(a, b) {
  const [one, other] = [a.addedAt ?? '', b.addedAt ?? ''];
  if (one !== other) return one > other ? -1 : 1;
  return a.slug < b.slug ? -1 : 1;
}
