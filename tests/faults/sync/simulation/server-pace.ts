import type { Random } from './random.js';

/** How a simulated server takes its time, and what it gets wrong. Drawn once per run, eased when a run goes quiet. */
export interface ServerPace {
  /** Most ms that a message waits for its turn. */
  readonly step: number;
  /** Most ms between a commit and its broadcast: what turns the order of two writers' events around. */
  readonly broadcast: number;
  /** How likely a channel is so slow that its mailbox outlives its connection, and the most ms it takes per message. */
  readonly slow: { readonly chance: number; readonly step: number };
  /** Operations on a page of catch-up. */
  readonly page: number;
  /** Whether messages that arrive during a catch-up are worked on between its pages. */
  readonly interleaves: boolean;
  /** How likely a write is refused with `rate_limited`. */
  readonly limited: number;
}

export function drawPace(random: Random, slowChannels: boolean): ServerPace {
  return {
    step: random.pick([0, 2, 10]),
    broadcast: random.pick([0, 5, 40]),
    slow: { chance: slowChannels ? random.pick([0.2, 0.6]) : 0, step: random.pick([50, 400, 1500]) },
    page: random.pick([2, 5, 20]),
    interleaves: random.chance(0.5),
    limited: random.chance(0.2) ? 0.05 : 0,
  };
}

/** The pace of a server that has all the time in the world. */
export function easedPace(pace: ServerPace): ServerPace {
  return { ...pace, step: 1, broadcast: 1, slow: { chance: 0, step: 0 }, limited: 0 };
}
