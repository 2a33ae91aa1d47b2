import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Intake } from './intake.js';
import { readSnapshot, readThroughSeq } from '../messages/read-messages.js';
import { readOperation } from '../messages/read-operation.js';
import type { OperationSource } from './reorder-buffer.js';

/** What a {@link MessageFeed} tells of, beside what it passes to the intake. */
export interface MessageFeedHandlers {
  onOperation(operation: CommittedOperation): void;
  /** An operation had to be left out. */
  onOverflow(): void;
}

/** Passes what links say on to the intake. */
export class MessageFeed {
  readonly #intake: Intake;
  readonly #handlers: MessageFeedHandlers;

  constructor(intake: Intake, handlers: MessageFeedHandlers) {
    this.#intake = intake;
    this.#handlers = handlers;
  }

  /**
   * Takes one message. Returns the seq that a catch-up is complete through, when it says so. Messages it does not know
   * are none of its business.
   *
   * @throws WireFault for a message that cannot be true: nothing that its link says can be trusted any more
   */
  receive(event: string, payload: unknown, source: OperationSource): number | undefined {
    switch (event) {
      case 'event': {
        const operation = readOperation(payload);
        this.#handlers.onOperation(operation);
        if (!this.#intake.offer(operation, source)) this.#handlers.onOverflow();
        return undefined;
      }
      case 'snapshot':
        this.#intake.offerSnapshot(readSnapshot(payload));
        return undefined;
      case 'catch_up_complete':
        return readThroughSeq(payload);
      default:
        return undefined;
    }
  }
}
