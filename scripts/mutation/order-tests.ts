import type { Coverage } from './coverage.js';

/** What is made for the folder goes first, and among the others what is quick before what is thorough. */
const KINDS_OF_TESTS = ['unit', 'contract', 'conformance', 'faults'];

/**
 * The test files that run a region, those first that are likely to notice a change soon. Without a region, those that run any
 * of the file: what stands outside of functions runs wherever it is imported, which says little. Of other `kinds` of tests when they are given.
 */
export function orderTests(
  coverage: Coverage,
  file: string,
  region: number | undefined,
  kinds: readonly string[] = KINDS_OF_TESTS,
): readonly string[] {
  const wanted = region === undefined ? undefined : `${file}#${region}`;
  const runs = (ran: readonly string[]): boolean =>
    wanted === undefined ? ran.some((one) => one.startsWith(`${file}#`)) : ran.includes(wanted);
  const place = (test: string): number => placeOf(test, file);
  return [...coverage]
    .filter(([test, { ran }]) => kinds.includes(kindOf(test)) && runs(ran))
    .sort(([a, { seconds: inA }], [b, { seconds: inB }]) => place(a) - place(b) || inA - inB)
    .map(([test]) => test);
}

function placeOf(test: string, file: string): number {
  const [, ...folders] = file.split('/').slice(0, -1);
  const [, kind = '', ...own] = test.split('/').slice(0, -1);
  const differs = folders.findIndex((folder, i) => own[i] !== folder);
  const common = differs === -1 ? folders.length : differs;
  if (common === 0) return 100 * (1 + KINDS_OF_TESTS.indexOf(kind));
  const named = nameOf(test).startsWith(nameOf(file)) ? 1 : 0;
  return 10 * KINDS_OF_TESTS.indexOf(kind) - common - 10 * named;
}

function kindOf(test: string): string {
  return test.split('/')[1] ?? '';
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/(\.test)?\.ts$/, '');
}
