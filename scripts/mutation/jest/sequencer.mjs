import { readFileSync } from 'node:fs';

/** Runs test files in the order of the file that MUTATION_ORDER names. */
export default class GivenOrder {
  sort(tests) {
    const { MUTATION_ORDER } = process.env;
    if (MUTATION_ORDER === undefined) return [...tests];
    const order = JSON.parse(readFileSync(MUTATION_ORDER, 'utf8'));
    const place = ({ path }) => order.findIndex((file) => path.endsWith(`/${file}`));
    return [...tests].sort((a, b) => place(a) - place(b));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
