// What a run of the contract suite on a server that is already running ends with.
import { existsSync, readFileSync } from 'node:fs';

/** How the title of a test that was left out ends (tests/contract/rows/left-out.ts). */
const REASON = / \(left out: (.*)\)$/;

/** The lines about the results that Jest wrote to a file: each row, then each test that was left out, by its reason. */
export function summarise(rows, file) {
  if (!existsSync(file)) return ['Jest wrote no results: nothing is known of any row.'];
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = testResults.filter(
    ({ assertionResults, status }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  );
  return [
    ...rows.map((row) => `  - ${row.name}, in ${row.store.name}: ${countsOf(tests.filter(isOf(row)))}`),
    `${rows.length} rows: ${countsOf(tests)}`,
    ...broken.map(({ name }) => `Beside its tests, ${name} failed: see what Jest says of it.`),
    ...leftOutIn(tests),
  ];
}

const isOf =
  ({ name }) =>
  ({ fullName }) =>
    fullName.includes(`, on ${name}`);

function countsOf(tests) {
  const count = (wanted) => tests.filter(({ status }) => status === wanted).length;
  const unasked = count('pending');
  return (
    `${count('passed')} passed, ${count('failed')} failed, ${count('todo')} left out` +
    (unasked === 0 ? '' : `, ${unasked} not asked for`)
  );
}

function leftOutIn(tests) {
  const names = tests.filter(({ status }) => status === 'todo').map(({ fullName }) => fullName);
  const byReason = new Map();
  for (const name of names) {
    const reason = REASON.exec(name)?.[1] ?? 'no reason is given';
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].flatMap(([reason, those]) => [
    `Left out, ${those.length}: ${reason}`,
    ...those.map((name) => `  - ${name.replace(REASON, '')}`),
  ]);
}
