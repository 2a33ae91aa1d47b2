import { appendFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import LeakCheckingEnvironment from '../../../tests/leaks/environment.mjs';

const { MUTATION_NOTES, MUTATION_RECORDS } = process.env;

/**
 * The environment of the tests, which notes each file's beginning, its end with the regions it ran (`../regions.ts`), and the
 * first failure. After that nothing else is of interest, and the process ends; not so where regions are recorded.
 */
export default class NotingEnvironment extends LeakCheckingEnvironment {
  #file;
  #began = performance.now();
  #ran = new Set();
  #failed = false;
  /** Not reached by a file that cannot be loaded. */
  #finished = false;

  constructor(config, context) {
    super(config, context);
    this.#file = relative(config.projectConfig.rootDir, context.testPath).split(sep).join('/');
  }

  async setup() {
    this.#note({ began: this.#file, at: Date.now() });
    await super.setup();
    if (MUTATION_RECORDS === undefined) return;
    this.global.__ran = this.#ran;
    process.env.MUTATION_FILE = this.#file;
  }

  async handleTestEvent(event, state) {
    await super.handleTestEvent(event, state);
    if (event.name === 'run_finish') this.#finished = true;
    if (event.name === 'test_done' && event.test.errors.length > 0) this.#fail(nameOf(event.test));
    if (event.name === 'run_finish' && state.unhandledErrors.length > 0) {
      this.#fail('leftovers, or an error outside of tests');
    }
  }

  async teardown() {
    await super.teardown();
    const seconds = (performance.now() - this.#began) / 1000;
    const ran = [...this.#ran];
    this.#note({ ended: this.#file, failed: this.#failed || !this.#finished, seconds, ran });
  }

  #fail(test) {
    this.#failed = true;
    if (MUTATION_RECORDS !== undefined) return;
    this.#note({ failed: this.#file, test });
    process.exit(1);
  }

  #note(note) {
    appendFileSync(MUTATION_NOTES, `${JSON.stringify(note)}\n`);
  }
}

function nameOf(test) {
  const names = [];
  for (let one = test; one !== undefined && one.name !== 'ROOT_DESCRIBE_BLOCK'; one = one.parent) {
    names.unshift(one.name);
  }
  return names.join(' › ');
}
