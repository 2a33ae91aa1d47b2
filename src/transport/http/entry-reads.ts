import { isDustError } from '../../errors.js';
import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import { checkPath, checkPathList } from '../../protocol/requests/request-checks.js';
import type { Entry, Leaf } from '../../protocol/values/value.js';
import { assemble, isMap } from '../../protocol/values/value.js';
import type { FileContent, ListPage, ListQuery, RequestOptions } from '../transport.js';
import { entriesIn, entryIn, unreadIn } from './answers.js';
import type { EntryRequests } from './entry-requests.js';
import type { HttpConnection } from './http-connection.js';
import { Listing } from './listing.js';
import type { Found } from './subtree.js';
import { leavesByPath, readSubtree, selectBelow } from './subtree.js';
import { unexpectedResponse } from './errors.js';

/** A content address, such as `sha256:` and hexadecimal digits. Nothing else is asked for by URL. */
const HASH = /^\w+:[0-9a-f]+$/;

/** What a transport reads, over the routes of PROTOCOL §3. */
export class EntryReads {
  readonly #connection: HttpConnection;
  readonly #requests: EntryRequests;
  readonly #listing: Listing;
  #hasHead = true;

  constructor(connection: HttpConnection, requests: EntryRequests) {
    this.#connection = connection;
    this.#requests = requests;
    this.#listing = new Listing(connection, requests, (paths, options) => this.getMany(paths, options));
  }

  async get(path: Path, options: RequestOptions): Promise<Entry | null> {
    checkPath(path);
    const answer = await this.#entryAt(path, options);
    if (answer.kind === 'nothing') return null;
    if (answer.kind === 'entry') return answer.entry;
    return entryOf(path, await this.subtree(path, options));
  }

  async getMany(paths: readonly Path[], options: RequestOptions): Promise<ReadonlyMap<Path, Leaf>> {
    checkPathList(paths);
    for (const path of paths) checkPath(path);
    const distinct = [...new Set(paths)];
    const leaves = new Map<Path, Leaf>();
    for (let start = 0; start < distinct.length; start += MAX_PAGE_SIZE) {
      const chunk = distinct.slice(start, start + MAX_PAGE_SIZE);
      const found = entriesIn((await this.#connection.send(this.#requests.leaves(chunk, options))).body);
      for (const path of chunk) {
        const leaf = found.get(path);
        if (leaf !== undefined) leaves.set(path, this.#seen(leaf));
      }
    }
    return leaves;
  }

  async exists(path: Path, options: RequestOptions): Promise<boolean> {
    checkPath(path);
    const head = this.#hasHead ? this.#requests.entry('HEAD', path, options) : undefined;
    if (head !== undefined) {
      try {
        return (await this.#connection.send(head)).status !== 404;
      } catch (error) {
        if (isDustError(error, 'not_implemented')) this.#hasHead = false;
        else if (!isUnassembled(error)) throw error;
      }
    }
    const below = selectBelow(path);
    if (!('pattern' in below)) return (await this.subtree(path, options)).length > 0;
    const { items } = await this.#listing.keys({ ...below, limit: 1, signal: options.signal });
    return items.length > 0 || (await this.#find(path, options)).kind !== 'nothing';
  }

  async subtree(path: Path, options: RequestOptions): Promise<readonly Leaf[]> {
    checkPath(path);
    return readSubtree(path, options, {
      list: (query) => this.#listing.leaves(query),
      find: (at, request) => this.#find(at, request),
    });
  }

  /** Of a path that fills an answer by itself the leaves are listed. */
  async subtrees(
    paths: readonly Path[],
    options: RequestOptions,
  ): Promise<ReadonlyMap<Path, readonly Leaf[]>> {
    checkPathList(paths);
    for (const path of paths) checkPath(path);
    const distinct = [...new Set(paths)];
    const found = new Map<Path, readonly Leaf[]>();
    for (let next = 0; next < distinct.length;) {
      const asked = distinct.slice(next, next + MAX_PAGE_SIZE);
      const { body } = await this.#connection.send(this.#requests.leavesBelow(asked, options));
      const read = asked.slice(0, asked.length - unreadIn(body));
      for (const [path, leaves] of leavesByPath(read, entriesIn(body))) {
        found.set(path, leaves);
        for (const leaf of leaves) this.#seen(leaf);
      }
      next += read.length;
      const [large] = read.length === 0 ? asked : [];
      if (large === undefined) continue;
      const leaves = await this.subtree(large, options);
      if (leaves.length > 0) found.set(large, leaves);
      next++;
    }
    return found;
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#listing.leaves(query);
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return this.#listing.keys(query);
  }

  async getFile(hash: string, options: RequestOptions): Promise<FileContent | null> {
    if (!HASH.test(hash)) return null;
    const { status, headers, body } = await this.#connection.send(this.#requests.file(hash, options));
    if (status === 404) return null;
    if (!(body instanceof Uint8Array)) throw unexpectedResponse('the content of a file');
    return {
      content: new Uint8Array(body),
      contentType: headers.get('content-type') ?? 'application/octet-stream',
    };
  }

  /** What a GET of the path answers; `unreadable` where a URL cannot carry it or the server cannot assemble it. */
  async #entryAt(
    path: Path,
    options: RequestOptions,
  ): Promise<{ kind: 'entry'; entry: Entry } | { kind: 'nothing' } | { kind: 'unreadable' }> {
    const request = this.#requests.entry('GET', path, options);
    if (request === undefined) return { kind: 'unreadable' };
    try {
      const { status, body } = await this.#connection.send(request);
      if (status === 404) return { kind: 'nothing' };
      return { kind: 'entry', entry: this.#seen(entryIn(body, path)) };
    } catch (error) {
      if (isUnassembled(error)) return { kind: 'unreadable' };
      throw error;
    }
  }

  /**
   * What lies at exactly this path. By GET where possible, because `POST /entries/batch` counts against the limit of
   * writes (PROTOCOL §3).
   */
  async #find(path: Path, options: RequestOptions): Promise<Found> {
    const answer = await this.#entryAt(path, options);
    if (answer.kind === 'nothing') return answer;
    if (answer.kind === 'entry') {
      return isMap(answer.entry.value) ? { kind: 'map' } : { kind: 'leaf', leaf: answer.entry };
    }
    const leaf = (await this.getMany([path], options)).get(path);
    return leaf === undefined ? { kind: 'nothing' } : { kind: 'leaf', leaf };
  }

  #seen(leaf: Leaf): Leaf {
    this.#connection.saw(leaf.revision);
    return leaf;
  }
}

/** A server fails with 500 on a map in which a leaf is also a parent (PROTOCOL §2). */
function isUnassembled(error: unknown): boolean {
  return isDustError(error, 'http') && error.status === 500;
}

function entryOf(path: Path, leaves: readonly Leaf[]): Entry | null {
  const [first] = leaves;
  if (first?.path === path) return first;
  const value = assemble(path, leaves);
  if (value === undefined) return null;
  const revision = leaves.reduce((greatest, leaf) => Math.max(greatest, leaf.revision), 0);
  return { path, value, type: 'map', revision };
}
