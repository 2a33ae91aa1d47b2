import type { Coverage } from './coverage.js';

/** In this order: what is made for the folder, then what is quick, then what is thorough. */
const KINDS_OF_TESTS = ['tests/unit/', 'tests/contract/', 'tests/conformance/', 'tests/faults/'];

/**
 * The test files that run a region, those first that are likely to notice a change soon. Without a region, those that run any
 * of the file: what stands outside of functions runs wherever it is imported, which says little.
 */
export function orderTests(coverage: Coverage, file: string, region: number | undefined): readonly string[] {
  const wanted = region === undefined ? undefined : `${file}#${region}`;
  const runs = (ran: readonly string[]): boolean =>
    wanted === undefined ? ran.some((one) => one.startsWith(`${file}#`)) : ran.includes(wanted);
  const place = (test: string): number => placeOf(test, file);
  return [...coverage]
    .filter(([, { ran }]) => runs(ran))
    .sort(([a, { seconds: inA }], [b, { seconds: inB }]) => place(a) - place(b) || inA - inB)
    .map(([test]) => test);
}

function placeOf(test: string, file: string): number {
  const kind = KINDS_OF_TESTS.findIndex((start) => test.startsWith(start));
  if (kind !== 0) return 100 * (kind + 1);
  const folders = file.split('/').slice(1, -1);
  const own = test.split('/').slice(2, -1);
  const common = folders.findIndex((folder, i) => own[i] !== folder);
  return 50 - (common === -1 ? folders.length : common);
}
