import type { AnswerHead } from '../client/http-client.js';
import { readRateLimit, secondsToWait } from '../client/rate-limit.js';

/** How many requests go out at once before the first answer has told the limits. */
const CAUTIOUS = 8;

/** Milliseconds by which two answers may disagree about one reset: headers carry whole seconds. */
const SAME_RESET = 2000;

const TOO_MANY_REQUESTS = 429;
const SERVER_FAULT = 500;

/**
 * What is known of one quota. `unknown`: no answer has told yet, or the last window is over. `unlimited`: the server
 * tells no limits. `limited`: `remaining` requests until `resetAt`, counted when the last answer was made.
 */
type Knowledge =
  | { readonly phase: 'unknown' | 'unlimited' }
  | { readonly phase: 'limited'; readonly remaining: number; readonly resetAt: number };

/** What the server has said about one quota, and what may be sent by it. Times are milliseconds since the epoch. */
export class RateBudget {
  #knowledge: Knowledge = { phase: 'unknown' };
  /** Until then the server has asked to be left alone. */
  #closedUntil = 0;
  #tellsLimits = false;

  /** How many requests may be under way at once. */
  allowed(now: number): number {
    if (now < this.#closedUntil) return 0;
    const knowledge = this.#current(now);
    if (knowledge.phase === 'limited') return knowledge.remaining;
    return knowledge.phase === 'unlimited' ? Number.POSITIVE_INFINITY : CAUTIOUS;
  }

  /** When more may be sent without another answer; undefined when time alone changes nothing. */
  opensAt(now: number): number | undefined {
    if (now < this.#closedUntil) return this.#closedUntil;
    const knowledge = this.#current(now);
    return knowledge.phase === 'limited' ? knowledge.resetAt : undefined;
  }

  /** Takes in what an answer says, of whatever status. */
  learn({ status, headers }: AnswerHead, now: number): void {
    const limit = readRateLimit(headers, now);
    const { remaining, resetAfter } = limit;
    const told = remaining !== undefined && resetAfter !== undefined;
    this.#tellsLimits ||= told;
    if (status === TOO_MANY_REQUESTS) {
      this.#closedUntil = Math.max(this.#closedUntil, now + (secondsToWait(limit) ?? 0) * 1000);
      this.#knowledge = { phase: 'unknown' };
    } else if (told) {
      this.#knowledge = merge(this.#current(now), remaining, now + resetAfter * 1000, now);
    } else if (!this.#tellsLimits && status < SERVER_FAULT) {
      this.#knowledge = { phase: 'unlimited' };
    }
  }

  #current(now: number): Knowledge {
    const { phase } = this.#knowledge;
    if (phase === 'limited' && now >= this.#knowledge.resetAt) this.#knowledge = { phase: 'unknown' };
    return this.#knowledge;
  }
}

/** Answers overtake each other: within one window the least that was said to remain counts. */
function merge(before: Knowledge, remaining: number, resetAt: number, now: number): Knowledge {
  if (resetAt <= now) return before;
  if (before.phase !== 'limited' || Math.abs(resetAt - before.resetAt) > SAME_RESET) {
    return { phase: 'limited', remaining, resetAt };
  }
  return {
    phase: 'limited',
    remaining: Math.min(remaining, before.remaining),
    resetAt: Math.max(resetAt, before.resetAt),
  };
}
