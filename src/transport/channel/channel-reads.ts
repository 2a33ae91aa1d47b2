import type { Path } from '../../protocol/paths/path.js';
import { checkPath, checkPathList } from '../../protocol/requests/request-checks.js';
import type { LocalRecords } from '../../protocol/values/record-access.js';
import type { Entry, Leaf } from '../../protocol/values/value.js';
import type { MirrorReads } from '../../sync/index.js';
import { assertNotAborted } from '../abort.js';
import type { ListPage, ListQuery, LocalReadOptions, RequestOptions, Transport } from '../transport.js';
import type { ChannelConnection } from './channel-connection.js';
import type { Coverage } from './coverage.js';
import type { Patience } from './patience.js';
import type { ReadChoice } from './read-choice.js';

/** One read, from the mirror and over HTTP. */
interface Ways<T> {
  readonly local: (mirror: MirrorReads) => T;
  readonly remote: () => Promise<T>;
}

/** What a transport reads: from the mirror when that has it and may be trusted, else over HTTP. */
export class ChannelReads {
  readonly #connection: ChannelConnection;
  readonly #choice: ReadChoice;
  readonly #http: Transport;
  readonly #patience: Patience;

  constructor(connection: ChannelConnection, choice: ReadChoice, http: Transport, patience: Patience) {
    this.#connection = connection;
    this.#choice = choice;
    this.#http = http;
    this.#patience = patience;
  }

  /** Reads something, wherever a read of what is mirrored goes. @throws what such a read fails with */
  async probe(options: RequestOptions = {}): Promise<void> {
    const mirror = this.#mirror(options, () => true);
    if (mirror === undefined) await this.#http.status(options);
    else mirror.probe();
  }

  get(path: Path, options: RequestOptions = {}): Promise<Entry | null> {
    return this.#readAt(path, options, {
      local: (mirror) => mirror.get(path),
      remote: () => this.#http.get(path, options),
    });
  }

  getMany(paths: readonly Path[], options: RequestOptions = {}): Promise<ReadonlyMap<Path, Leaf>> {
    checkPathList(paths);
    for (const path of paths) checkPath(path);
    return this.#read(options, (coverage) => paths.every((path) => coverage.has(path)), {
      local: (mirror) => mirror.getMany(paths),
      remote: () => this.#http.getMany(paths, options),
    });
  }

  exists(path: Path, options: RequestOptions = {}): Promise<boolean> {
    return this.#readAt(path, options, {
      local: (mirror) => mirror.exists(path),
      remote: () => this.#http.exists(path, options),
    });
  }

  subtree(path: Path, options: RequestOptions = {}): Promise<readonly Leaf[]> {
    return this.#readAt(path, options, {
      local: (mirror) => mirror.subtree(path),
      remote: () => this.#http.subtree(path, options),
    });
  }

  /** The mirror's records; undefined while reads below the prefix go over HTTP. */
  records(prefix: Path, options: LocalReadOptions = {}): LocalRecords | undefined {
    const isCovered = (coverage: Coverage): boolean => coverage.has(prefix);
    // Watchers are told of the mirror, however old it is.
    if (options.asWatched === true) return this.#covering(options, isCovered)?.records(prefix);
    return this.#mirror(options, isCovered)?.records(prefix);
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#read(query, (coverage) => coverage.hasQuery(query), {
      local: (mirror) => mirror.list(query),
      remote: () => this.#http.list(query),
    });
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return this.#read(query, (coverage) => coverage.hasQuery(query), {
      local: (mirror) => mirror.listKeys(query),
      remote: () => this.#http.listKeys(query),
    });
  }

  #readAt<T>(path: Path, options: RequestOptions, ways: Ways<T>): Promise<T> {
    checkPath(path);
    return this.#read(options, (coverage) => coverage.has(path), ways);
  }

  /** What a write depends on waits as the write would, for whichever way is there first. */
  async #read<T>(
    options: RequestOptions,
    isCovered: (coverage: Coverage) => boolean,
    { local, remote }: Ways<T>,
  ): Promise<T> {
    const read = async (): Promise<T> => {
      const mirror = this.#mirror(options, isCovered);
      return mirror === undefined ? remote() : local(mirror);
    };
    return options.forWrite === true ? this.#patience.read(read, options.signal) : read();
  }

  /** The mirror, if it can answer; undefined sends the read over HTTP. */
  #mirror(options: RequestOptions, isCovered: (coverage: Coverage) => boolean): MirrorReads | undefined {
    const mirror = this.#covering(options, isCovered);
    return mirror !== undefined && this.#choice.readsMirror() ? mirror : undefined;
  }

  /** The mirror, if it has what is asked for. */
  #covering({ signal }: RequestOptions, isCovered: (coverage: Coverage) => boolean): MirrorReads | undefined {
    const { engine } = this.#connection.lease;
    assertNotAborted(signal);
    return isCovered(this.#connection.coverage) ? engine.reads : undefined;
  }
}
