import type { DustError } from '../../errors.js';
import type { LoggedOutcome } from '../../store/index.js';
import type { Proposal } from '../frame/proposal.js';
import { isAlone, proposalText, weightOf } from '../frame/proposal.js';

/** A proposal whose outcome somebody waits for. */
export class PendingProposal {
  readonly text: string;
  /** Of the text, in UTF-8. */
  readonly bytes: number;
  readonly weight: number;
  readonly isAlone: boolean;
  readonly outcome: Promise<LoggedOutcome>;
  /** Whether it may have reached the log. */
  isSent = false;
  /** Where it stands in its queue. */
  place: number | undefined;
  #settle: { resolve(outcome: LoggedOutcome): void; reject(error: DustError): void } | undefined;
  #onSettled: () => void = () => undefined;

  constructor(proposal: Proposal) {
    this.text = proposalText(proposal);
    this.bytes = Buffer.byteLength(this.text);
    this.weight = weightOf(proposal);
    this.isAlone = isAlone(proposal);
    this.outcome = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  /** Whether somebody still waits. */
  get isOpen(): boolean {
    return this.#settle !== undefined;
  }

  /** To be called before it is settled. */
  onSettled(listener: () => void): void {
    this.#onSettled = listener;
  }

  resolve(outcome: LoggedOutcome): void {
    const settle = this.#end();
    settle?.resolve(outcome);
  }

  reject(error: DustError): void {
    const settle = this.#end();
    settle?.reject(error);
  }

  #end(): { resolve(outcome: LoggedOutcome): void; reject(error: DustError): void } | undefined {
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle !== undefined) this.#onSettled();
    return settle;
  }
}
