/** How far a work is. */
export interface WorkDone {
  /** How much of it is done. */
  readonly done: number;
  /** How much there is; undefined where that is not known. */
  readonly total?: number | undefined;
  /** What is counted: `leaves`, `records`. */
  readonly unit: string;
  /** Whether the unit measures, and does not count: a rate is said in it, then. */
  readonly isMeasure?: boolean | undefined;
  /** So many a second; undefined while it is too early to say. */
  readonly rate?: number | undefined;
  /** Milliseconds that the rest takes at this rate; undefined where that cannot be said. */
  readonly timeLeft?: number | undefined;
}

/** How fast a work goes. */
export type Pace = Pick<WorkDone, 'rate' | 'timeLeft'>;

/** The pace of a work that got so far within so many milliseconds. */
export function paceOf(done: number, elapsed: number, rest?: number): Pace {
  if (elapsed <= 0 || done <= 0) return {};
  const rate = (done / elapsed) * 1000;
  return rest === undefined ? { rate } : { rate, timeLeft: (Math.max(0, rest) / rate) * 1000 };
}

/** `12,000 of 100,000 leaves, 3,400 a second, 26 s left`. */
export function workText({ done, total, unit, isMeasure = false, rate, timeLeft }: WorkDone): string {
  return [
    `${countText(done)}${total === undefined ? '' : ` of ${countText(total)}`} ${unit}`,
    ...(rate === undefined ? [] : [`${countText(rate)}${isMeasure ? ` ${unit}` : ''} a second`]),
    ...(timeLeft === undefined ? [] : [`${spanText(timeLeft)} left`]),
  ].join(', ');
}

/** A number as a person reads it: `12,000`. */
export function countText(number: number): string {
  return Math.round(number).toLocaleString('en');
}

/** A time that a person waits. */
function spanText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
