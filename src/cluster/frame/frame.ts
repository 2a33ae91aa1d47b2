import { brokenFrame, unknownFrame } from '../errors.js';
import type { Proposal } from './proposal.js';
import { weightOf } from './proposal.js';
import { isProposal } from './proposal-shape.js';

/** The format of frames: guards how they are read. */
export const FRAME_VERSION = 1;

/** How many proposals a frame holds at most. */
export const MAX_FRAME_PROPOSALS = 1_000;

/** How many operations they come to at most: applying a frame holds the event loop. */
export const MAX_FRAME_OPERATIONS = 4_000;

/** How many bytes a frame holds at most, but for one with a single proposal that is larger. */
export const MAX_FRAME_BYTES = 524_288;

/** A node's turn of writing, from its start to its end or to the time at which it was quiet for too long. */
export interface SessionId {
  /** Random. */
  readonly id: string;
  /** The position that the node had applied when it began. */
  readonly since: number;
}

/** What the sender had applied: a place, and the running hash of all that led to it. */
export interface DigestAt {
  readonly position: number;
  readonly digest: string;
}

/** What a node appends to the log at once. */
export interface Frame {
  readonly session: SessionId;
  /** 1, 2, 3 … of the session: a frame that was appended twice is applied once. */
  readonly number: number;
  /** What its proposals mean: as understood by nodes of this level and above. */
  readonly level: number;
  readonly applied: DigestAt;
  readonly proposals: readonly Proposal[];
}

type WireFrame = readonly [
  version: number,
  session: readonly [id: string, since: number],
  number: number,
  level: number,
  applied: readonly [position: number, digest: string],
  proposals: readonly Proposal[],
];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A frame as the log keeps it, of proposals that are JSON text already. */
export function encodeFrame(
  { session, number, level, applied }: Omit<Frame, 'proposals'>,
  proposals: readonly string[],
): Uint8Array {
  const head = JSON.stringify([
    FRAME_VERSION,
    [session.id, session.since],
    number,
    level,
    [applied.position, applied.digest],
  ]);
  return encoder.encode(`${head.slice(0, -1)},[${proposals.join(',')}]]`);
}

/**
 * The frame that bytes of the log hold.
 *
 * @throws DustError `storage` with detail `unknown_frame` for the format of a later version, `broken_frame` for what no node wrote
 */
export function decodeFrame(bytes: Uint8Array, position: number): Frame {
  const wire = parse(bytes);
  if (Array.isArray(wire) && typeof wire[0] === 'number' && wire[0] > FRAME_VERSION) {
    throw unknownFrame(position, wire[0]);
  }
  if (!isWireFrame(wire)) throw brokenFrame(position);
  const [, [id, since], number, level, [applied, digest], proposals] = wire;
  return { session: { id, since }, number, level, applied: { position: applied, digest }, proposals };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function isWireFrame(wire: unknown): wire is WireFrame {
  if (!Array.isArray(wire) || wire.length !== 6) return false;
  const [version, session, number, level, applied, proposals] = wire as unknown[];
  return (
    version === FRAME_VERSION &&
    isPair(session) &&
    isText(session[0]) &&
    isPosition(session[1]) &&
    isCount(number) &&
    isCount(level) &&
    isPair(applied) &&
    isPosition(applied[0]) &&
    typeof applied[1] === 'string' &&
    Array.isArray(proposals) &&
    proposals.every(isProposal) &&
    isBounded(proposals)
  );
}

/** Whether a node may have put so much together. */
function isBounded(proposals: readonly Proposal[]): boolean {
  if (proposals.length <= 1) return true;
  const operations = proposals.reduce((sum, proposal) => sum + weightOf(proposal), 0);
  return proposals.length <= MAX_FRAME_PROPOSALS && operations <= MAX_FRAME_OPERATIONS;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** 0: before the first. */
function isPosition(value: unknown): boolean {
  return value === 0 || isCount(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
