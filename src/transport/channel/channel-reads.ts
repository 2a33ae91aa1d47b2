import type { Path } from '../../protocol/path.js';
import type { Entry, Leaf } from '../../protocol/value.js';
import type { MirrorReads } from '../../sync/index.js';
import { assertNotAborted } from '../abort.js';
import type { ListPage, ListQuery, RequestOptions, Transport } from '../transport.js';
import type { ChannelConnection } from './channel-connection.js';
import type { Coverage } from './coverage.js';
import type { ReadChoice } from './read-choice.js';

/** What a transport reads: from the mirror when that has it and may be trusted, else over HTTP. */
export class ChannelReads {
  readonly #connection: ChannelConnection;
  readonly #choice: ReadChoice;
  readonly #http: Transport;

  constructor(connection: ChannelConnection, choice: ReadChoice, http: Transport) {
    this.#connection = connection;
    this.#choice = choice;
    this.#http = http;
  }

  /** Reads something, wherever a read of what is mirrored goes. @throws what such a read fails with */
  async probe(options: RequestOptions = {}): Promise<void> {
    const mirror = this.#mirror(options, () => true);
    if (mirror === undefined) await this.#http.status(options);
    else mirror.probe();
  }

  async get(path: Path, options: RequestOptions = {}): Promise<Entry | null> {
    const mirror = this.#mirror(options, (coverage) => coverage.has(path));
    return mirror === undefined ? this.#http.get(path, options) : mirror.get(path);
  }

  async getMany(paths: readonly Path[], options: RequestOptions = {}): Promise<ReadonlyMap<Path, Leaf>> {
    const mirror = this.#mirror(options, (coverage) => paths.every((path) => coverage.has(path)));
    return mirror === undefined ? this.#http.getMany(paths, options) : mirror.getMany(paths);
  }

  async exists(path: Path, options: RequestOptions = {}): Promise<boolean> {
    const mirror = this.#mirror(options, (coverage) => coverage.has(path));
    return mirror === undefined ? this.#http.exists(path, options) : mirror.exists(path);
  }

  async subtree(path: Path, options: RequestOptions = {}): Promise<readonly Leaf[]> {
    const mirror = this.#mirror(options, (coverage) => coverage.has(path));
    return mirror === undefined ? this.#http.subtree(path, options) : mirror.subtree(path);
  }

  async list(query: ListQuery): Promise<ListPage> {
    const mirror = this.#mirror(query, (coverage) => coverage.hasQuery(query));
    return mirror === undefined ? this.#http.list(query) : mirror.list(query);
  }

  async listKeys(query: ListQuery): Promise<ListPage<Path>> {
    const mirror = this.#mirror(query, (coverage) => coverage.hasQuery(query));
    return mirror === undefined ? this.#http.listKeys(query) : mirror.listKeys(query);
  }

  /** The mirror, if it can answer; undefined sends the read over HTTP. */
  #mirror({ signal }: RequestOptions, isCovered: (coverage: Coverage) => boolean): MirrorReads | undefined {
    const { engine } = this.#connection.lease;
    assertNotAborted(signal);
    return isCovered(this.#connection.coverage) && this.#choice.readsMirror() ? engine.reads : undefined;
  }
}
