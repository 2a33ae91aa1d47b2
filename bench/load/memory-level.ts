import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const EVERY = 1000;
const MIB = 2 ** 20;

/** How much memory another process has in use, looked at once a second. All figures are MiB. */
export class MemoryLevel {
  /** The resident set. The pages of a mapped data file are in it, as long as nobody else needs the memory. */
  readonly resident: number[] = [];
  /** What the process holds itself: heap and buffers. The resident set where the system does not tell. */
  readonly own: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    const sample = (): void => {
      const { resident, own } = memoryOf(pid);
      this.resident.push(resident / MIB);
      this.own.push(own / MIB);
    };
    sample();
    this.#timer = setInterval(sample, EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** The most bytes that another process ever had in memory; what it has now where the system does not tell. */
export function residentPeak(pid: number): number {
  return memoryOf(pid).peak;
}

/** The first, the greatest and the last of these levels, as text. */
export function startMaxEnd(levels: readonly number[]): string {
  const shown = [levels[0]!, Math.max(...levels), levels.at(-1)!].map((mib) => mib.toFixed(0));
  return `${shown.join(' / ')} MiB`;
}

/** MiB a minute by which the second half of these levels rises: the slope of the line of least squares. */
export function slopeOfSecondHalf(levels: readonly number[]): number {
  const half = levels.slice(Math.floor(levels.length / 2));
  const middle = (half.length - 1) / 2;
  const mean = half.reduce((sum, level) => sum + level, 0) / half.length;
  const above = half.reduce((sum, level, i) => sum + (i - middle) * (level - mean), 0);
  const spread = half.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return spread === 0 ? 0 : ((above / spread) * 60_000) / EVERY;
}

/** In bytes; `ps` tells it where there is no `/proc`. */
function memoryOf(pid: number): { resident: number; own: number; peak: number } {
  if (process.platform !== 'linux') {
    const resident =
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
    return { resident, own: resident, peak: resident };
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { resident: bytes('VmRSS'), own: bytes('RssAnon'), peak: bytes('VmHWM') };
}
