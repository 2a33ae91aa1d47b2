/** One line of the printed table. */
export interface Row {
  readonly work: string;
  /** The figure, with its unit. */
  readonly result: string;
  /** What the house holds itself to; empty where there is no target. */
  readonly target: string;
  readonly met: boolean | undefined;
}

/** A named group of rows. Groups run one after the other, so that they do not disturb each other. */
export interface Group {
  readonly name: string;
  /** Left out unless a word of the command line names it. */
  readonly onlyByName?: true;
  run(): Promise<Row[]>;
}

const ROUNDS = 5;

/**
 * Nanoseconds for one call of `work`: the median of several rounds, each of `calls` calls, after one round to warm up.
 * Give all rivals of one comparison to {@link compare} instead, so that a drift of the machine meets all of them.
 */
export async function timePerCall(calls: number, work: (call: number) => unknown): Promise<number> {
  const [median] = await compare(calls, [work]);
  return median!;
}

/** Like {@link timePerCall} for several rivals that take turns, round by round. */
export async function compare(
  calls: number,
  rivals: readonly ((call: number) => unknown)[],
): Promise<number[]> {
  const times: number[][] = rivals.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, rival] of rivals.entries()) {
      const started = process.hrtime.bigint();
      for (let call = 0; call < calls; call++) {
        const pending = rival(call);
        if (pending instanceof Promise) await pending;
      }
      const elapsed = Number(process.hrtime.bigint() - started);
      if (round > 0) times[i]!.push(elapsed / calls);
    }
  }
  return times.map(median);
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** A row whose figure is a rate, held to a least rate. */
export function rateRow(work: string, perSecond: number, atLeast?: number): Row {
  return {
    work,
    result: `${Math.round(perSecond).toLocaleString('en')} / s`,
    target: atLeast === undefined ? '' : `≥ ${atLeast.toLocaleString('en')} / s`,
    met: atLeast === undefined ? undefined : perSecond >= atLeast,
  };
}

/** A row whose figure is a duration in nanoseconds, held to a greatest duration. */
export function durationRow(work: string, nanoseconds: number, atMost?: number): Row {
  return {
    work,
    result: duration(nanoseconds),
    target: atMost === undefined ? '' : `≤ ${duration(atMost)}`,
    met: atMost === undefined ? undefined : nanoseconds <= atMost,
  };
}

/** A row whose figure is told as it is, without a target. */
export function figureRow(work: string, result: string): Row {
  return { work, result, target: '', met: undefined };
}

/** A row whose figure is a count, held to a greatest count. */
export function countRow(work: string, count: number, atMost?: number): Row {
  return {
    work,
    result: count.toLocaleString('en'),
    target: atMost === undefined ? '' : `≤ ${atMost.toLocaleString('en')}`,
    met: atMost === undefined ? undefined : count <= atMost,
  };
}

/** A row whose figure is a ratio; a target is met up to `atMost` or from `atLeast` on. */
export function ratioRow(
  work: string,
  ratio: number,
  bound?: { readonly atMost: number } | { readonly atLeast: number },
): Row {
  const result = `${ratio.toFixed(2)} ×`;
  if (bound === undefined) return { work, result, target: '', met: undefined };
  return 'atMost' in bound
    ? { work, result, target: `≤ ${bound.atMost} ×`, met: ratio <= bound.atMost }
    : { work, result, target: `≥ ${bound.atLeast} ×`, met: ratio >= bound.atLeast };
}

function duration(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toFixed(2)} µs`;
  return `${(nanoseconds / 1e6).toFixed(1)} ms`;
}
