import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';
import { bootOfMachine, isAlive, startOfProcess } from './process-identity.js';

/** Who has a data folder open. */
export interface OwnerRecord {
  readonly pid: number;
  /** Tells the process from an earlier one with the same pid; null where the platform does not say. */
  readonly startedAt: string | null;
  readonly host: string;
  /** Tells two storages of one process apart. */
  readonly instance: string;
  /** The boot of the kernel it runs on, null where the platform does not say. Missing in records of 0.1.0. */
  readonly boot?: string | null;
  /** The thread of the process, 0 for the main one. Missing in records of 0.1.0. */
  readonly thread?: number;
  /** Where the owner listens for others who want the folder, too, beside the place in the folder. Missing where it shares it with nobody. */
  readonly share?: string;
}

/** A record for a storage of this thread, which shares its folder at `share` or with nobody. */
export function newOwnerRecord(share?: string): OwnerRecord {
  return {
    pid: process.pid,
    startedAt: startOfProcess(process.pid) ?? null,
    host: hostname(),
    instance: randomUUID(),
    boot: bootOfMachine() ?? null,
    thread: threadId,
    ...(share === undefined ? {} : { share }),
  };
}

/** The record as it was stored, undefined when there is none. */
export function ownerRecordOf(stored: unknown): OwnerRecord | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  if (!('pid' in stored && 'startedAt' in stored && 'host' in stored && 'instance' in stored)) {
    return undefined;
  }
  const { pid, startedAt, host, instance } = stored;
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof instance !== 'string') return undefined;
  const record = { pid, startedAt: typeof startedAt === 'string' ? startedAt : null, host, instance };
  if (!('boot' in stored && 'thread' in stored) || typeof stored.thread !== 'number') return record;
  const shared = 'share' in stored && typeof stored.share === 'string' ? { share: stored.share } : {};
  return {
    ...record,
    boot: typeof stored.boot === 'string' ? stored.boot : null,
    thread: stored.thread,
    ...shared,
  };
}

/**
 * Whether an owner of release 0.1.0, which locked nothing, is known to have ended without giving the folder back. Of
 * another host nothing is known.
 */
export function isGone(owner: OwnerRecord, here: OwnerRecord): boolean {
  return owner.host === here.host && !isAlive(owner.pid, owner.startedAt ?? undefined);
}

/**
 * Whether the owner is another machine's, where a lock of this kernel need not count. One of the two is enough to know
 * this machine again: its boot, in which containers may have other host names, or its host name, after a restart.
 */
export function isOfAnotherMachine(owner: OwnerRecord, here: OwnerRecord): boolean {
  const sameBoot = typeof owner.boot === 'string' && owner.boot === here.boot;
  return !sameBoot && owner.host !== here.host;
}

/** Whether both are of one process. */
export function isSameProcess(owner: OwnerRecord, here: OwnerRecord): boolean {
  return owner.pid === here.pid && owner.startedAt === here.startedAt && owner.host === here.host;
}
