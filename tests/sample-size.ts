/**
 * How many of `all` cases a property in a file `*.sampled.test.ts` draws: a fifth of them in `npm test`, and all in
 * `npm run test:long`, which runs these files, too.
 */
export function sampleSize(all: number): number {
  return Reflect.get(globalThis, 'DRAW_ALL') === true ? all : Math.ceil(all / 5);
}
