import { MAX_DELAY } from '../clock.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import { Budget } from '../protocol/requests/budget.js';
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
    const given: unknown = bounds[name];
    if (given !== undefined) resolved[name] = checked(name, given);
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

/** Bounds that are waits. */
const TIMES: readonly (keyof Bounds)[] = ['requestTimeout', 'readTimeout'];

function checked(name: keyof Bounds, value: unknown): number {
  const max = TIMES.includes(name) ? MAX_DELAY : Number.MAX_SAFE_INTEGER;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= max) return value;
  const most = max === MAX_DELAY ? ` up to ${MAX_DELAY}` : '';
  throw invalidOption(`bounds.${name} is a positive whole number${most}, not ${shown(value)}.`);
}

function shown(value: unknown): string {
  return typeof value === 'number' || value === null ? String(value) : `a value of type ${typeof value}`;
}
