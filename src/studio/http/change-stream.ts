import type { ServerResponse } from 'node:http';
import { Subscription, distinctUntilChanged, map } from 'rxjs';
import type { Clock } from '../../clock.js';
import { Budget } from '../../protocol/requests/budget.js';
import type { Commit } from '../../protocol/requests/operation.js';
import type { Transport } from '../../transport/transport.js';
import type { ChangeMessage } from '../api/messages.js';

/** What may wait for a browser to read it. */
const ROOM = { count: 500, bytes: 1024 * 1024 };

/** Operations of a commit that are told one by one. */
const MAX_OPERATIONS = 1000;

/** Milliseconds between signs of life. */
const HEARTBEAT = 15_000;

/** What a {@link ChangeStream} tells of. */
export interface ChangeStreamParts {
  readonly transport: Transport;
  readonly clock: Clock;
}

/**
 * Tells one browser of the commits of a store, as server-sent events. What it does not read waits, as far as there is room; of what
 * comes then it learns only how much it was.
 */
export class ChangeStream {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #room = new Budget(ROOM);
  readonly #waiting: string[] = [];
  readonly #subscriptions = new Subscription();
  #missed = 0;
  #isFull = false;
  #calm: (() => void) | undefined;
  #hasEnded = false;

  /** Begins at once, and ends when the browser goes, or by {@link end}. */
  constructor(response: ServerResponse, { transport, clock }: ChangeStreamParts) {
    this.#response = response;
    this.#clock = clock;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.on('drain', () => {
      this.#isFull = false;
      this.#flush();
    });
    response.once('close', () => {
      this.end();
    });
    this.#write(': welcome\n\n');
    this.#beat();
    this.#subscriptions.add(
      transport.status$
        .pipe(
          map(({ state }) => state),
          distinctUntilChanged(),
        )
        .subscribe({
          next: (state) => {
            this.#tell({ kind: 'state', state });
          },
          error: this.#over,
          complete: this.#over,
        }),
    );
    if (!transport.capabilities.realtime || this.#hasEnded) return;
    this.#subscriptions.add(
      transport.watch('**').subscribe({
        next: (commit) => {
          this.#tell(messageOf(commit), commit.operations.length);
        },
        // The state tells when the store is closed, and ends this.
        error: this.#over,
      }),
    );
  }

  /** Calling it again does nothing. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#calm?.();
    this.#subscriptions.unsubscribe();
    this.#waiting.length = 0;
    this.#response.end();
  }

  readonly #over = (): void => {
    this.end();
  };

  #tell(message: ChangeMessage, operations = 0): void {
    if (this.#hasEnded) return;
    const text = `data: ${JSON.stringify(message)}\n\n`;
    // What came after something that was missed would be taken for all there was.
    if (this.#missed > 0 || !this.#room.take(Buffer.byteLength(text))) {
      this.#missed += operations;
      return;
    }
    this.#waiting.push(text);
    this.#flush();
  }

  #flush(): void {
    while (!this.#isFull) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#room.give(Buffer.byteLength(text));
      this.#write(text);
    }
    if (this.#isFull || this.#missed === 0 || this.#hasEnded) return;
    const missed = this.#missed;
    this.#missed = 0;
    this.#tell({ kind: 'behind', missed });
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#isFull = true;
  }

  #beat(): void {
    this.#calm = this.#clock.schedule(() => {
      if (!this.#isFull) this.#write(': still here\n\n');
      this.#beat();
    }, HEARTBEAT);
  }
}

function messageOf({ first, last, operations }: Commit): ChangeMessage {
  return {
    kind: 'commit',
    first,
    last,
    operations: operations.slice(0, MAX_OPERATIONS).map(({ storeSeq, op, path, deviceId }) => ({
      storeSeq,
      op,
      path,
      deviceId,
    })),
  };
}
