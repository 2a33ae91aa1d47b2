import { Observable } from 'rxjs';
import type { Commit, RecordCommit } from '../../src/protocol/requests/operation.js';
import type { Path } from '../../src/protocol/paths/path.js';
import type { Pattern } from '../../src/protocol/paths/pattern.js';
import { Store } from '../../src/store/index.js';
import { ForwardingTransport } from '../../src/transport/forwarding-transport.js';
import type { Transport, TransportStatus } from '../../src/transport/transport.js';

/** A store that knows how many listeners have not been ended. */
export class CountedStore extends Store {
  watching = 0;

  override watch(pattern: Pattern, listener: (commit: Commit) => void): () => void {
    return this.#counted(super.watch(pattern, listener));
  }

  override watchRecords(prefix: Path, listener: (commits: readonly RecordCommit[]) => void): () => void {
    return this.#counted(super.watchRecords(prefix, listener));
  }

  #counted(end: () => void): () => void {
    this.watching++;
    let isOver = false;
    return () => {
      if (!isOver) this.watching--;
      isOver = true;
      end();
    };
  }
}

/** A transport that knows how many subscriptions have not been ended. */
export class CountedTransport extends ForwardingTransport {
  protected readonly way: Transport;
  subscriptions = 0;

  constructor(way: Transport) {
    super();
    this.way = way;
  }

  override get status$(): Observable<TransportStatus> {
    return this.#counted(super.status$);
  }

  override watch(pattern: string): Observable<Commit> {
    return this.#counted(super.watch(pattern));
  }

  override watchRecords(prefix: Path): Observable<readonly RecordCommit[]> {
    return this.#counted(super.watchRecords(prefix));
  }

  #counted<T>(source: Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      this.subscriptions++;
      subscriber.add(() => {
        this.subscriptions--;
      });
      subscriber.add(source.subscribe(subscriber));
    });
  }
}
