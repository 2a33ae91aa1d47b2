import { readFileSync } from 'node:fs';
import { hasCode } from '../system-error.js';

/** Fields of /proc/<pid>/stat, counted from the state, which follows the command in parentheses. */
const STATE = 0;
const START_TIME = 19;

/** States of a process that has ended and is only waiting for its parent to notice. */
const ENDED = ['Z', 'X'];

/**
 * What tells a process from any other that has or had the same pid: the boot of the machine and the tick the process
 * started at. Undefined when there is no such process, or when the platform does not say (it does on Linux).
 */
export function startOfProcess(pid: number): string | undefined {
  const startTime = statOf(pid)?.[START_TIME];
  return startTime === undefined ? undefined : `${bootOfMachine() ?? ''}/${startTime}`;
}

/** What tells this boot of the kernel from any other, in all its containers; undefined where the platform does not say. */
export function bootOfMachine(): string | undefined {
  return read('/proc/sys/kernel/random/boot_id')?.trim();
}

/** Whether a process with this pid is running and, as far as the platform says, is the one that started at `startedAt`. */
export function isAlive(pid: number, startedAt: string | undefined): boolean {
  if (!exists(pid)) return false;
  const state = statOf(pid)?.[STATE];
  if (state !== undefined && ENDED.includes(state)) return false;
  const started = startOfProcess(pid);
  return startedAt === undefined || started === undefined || started === startedAt;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function statOf(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
