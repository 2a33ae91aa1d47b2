import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import { Budget } from '../protocol/budget.js';
import { invalidOption } from './errors.js';
import type { Bounds } from './options.js';

const MEBIBYTE = 1024 * 1024;

/** The bounds in force, each of them set. */
export type ResolvedBounds = Required<Record<keyof Bounds, number>>;

const DEFAULTS: ResolvedBounds = {
  body: 8 * MEBIBYTE,
  url: 16_384,
  requestTimeout: 30_000,
  readTimeout: 30_000,
  channelBuffer: 16 * MEBIBYTE,
  channelMessages: MEBIBYTE,
  received: 64 * MEBIBYTE,
  unread: 256 * MEBIBYTE,
  connections: 4096,
};

const NAMES: OptionNames<Bounds> = {
  body: true,
  url: true,
  requestTimeout: true,
  readTimeout: true,
  channelBuffer: true,
  channelMessages: true,
  received: true,
  unread: true,
  connections: true,
};

/** The bounds in force. @throws DustError `invalid_options` */
export function resolveBounds(bounds: Bounds = {}): ResolvedBounds {
  checkOptionNames('bounds', bounds, NAMES);
  const resolved = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS) as (keyof Bounds)[]) {
    resolved[name] = checked(name, bounds[name] ?? DEFAULTS[name]);
  }
  return resolved;
}

/** What waits in a server, for all its clients together, in bytes. Their number is bounded by that of their connections. */
export interface ServerMemory {
  /** What was received and is not done: parts of messages and bodies, and messages that wait for their turn. */
  readonly received: Budget;
  /** What was answered or told and is not read. */
  readonly unread: Budget;
}

/** The memory of a server in which nothing waits. */
export function newServerMemory({ received, unread }: ResolvedBounds): ServerMemory {
  const count = Number.MAX_SAFE_INTEGER;
  return { received: new Budget({ count, bytes: received }), unread: new Budget({ count, bytes: unread }) };
}

function checked(name: keyof Bounds, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalidOption(`bounds.${name} is a positive whole number, not ${String(value)}.`);
}
