import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isAlive, startOfProcess } from './process-identity.js';

/** Who has a data folder open. */
export interface OwnerRecord {
  readonly pid: number;
  /** Tells the process from an earlier one with the same pid; null where the platform does not say. */
  readonly startedAt: string | null;
  readonly host: string;
  /** Tells two storages of one process apart. */
  readonly instance: string;
}

/** A record for a storage of this process. */
export function newOwnerRecord(): OwnerRecord {
  return {
    pid: process.pid,
    startedAt: startOfProcess(process.pid) ?? null,
    host: hostname(),
    instance: randomUUID(),
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
  return { pid, startedAt: typeof startedAt === 'string' ? startedAt : null, host, instance };
}

/** Whether the owner is known to have ended without giving the folder back. Of another host nothing is known. */
export function isGone(owner: OwnerRecord, here: OwnerRecord): boolean {
  return owner.host === here.host && !isAlive(owner.pid, owner.startedAt ?? undefined);
}
