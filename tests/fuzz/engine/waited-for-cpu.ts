import { readFileSync } from 'node:fs';

/**
 * Milliseconds that this thread was ready to run and another one had the processor, since it began: what a busy machine adds to every
 * measurement. 0 where the kernel does not say; Linux does (proc(5), `/proc/pid/schedstat`).
 */
export function waitedForCpu(): number {
  try {
    const [, waited = '0'] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
