import { median } from '../measure.js';

/** Measures something for a while. */
export type Turn<Figure> = () => Promise<Figure>;

/**
 * Rivals take turns, round by round, and who begins goes round: so what else the machine does meets all of them. One round before is not
 * counted. Resolves to the figures of each rival, one for each round.
 */
export async function takeTurns<Figures extends readonly unknown[]>(
  rounds: number,
  rivals: { readonly [I in keyof Figures]: Turn<Figures[I]> },
): Promise<{ readonly [I in keyof Figures]: readonly Figures[I][] }> {
  const figures = rivals.map((): unknown[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < rivals.length; turn++) {
      const i = (turn + round) % rivals.length;
      const figure = await rivals[i]!();
      if (round > 0) figures[i]!.push(figure);
    }
  }
  return figures as unknown as { readonly [I in keyof Figures]: readonly Figures[I][] };
}

/** The median of the ratios of each round: what slowed a whole round down is in neither of its figures. */
export function ratioOf(figures: readonly number[], others: readonly number[]): number {
  return median(figures.map((figure, round) => figure / others[round]!));
}
