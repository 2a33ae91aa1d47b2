import { TestEnvironment } from 'jest-environment-node';
import { Leftovers } from './leftovers.mjs';
import { Storages } from './storages.mjs';

/**
 * Node's environment, in which a test file fails that leaves something behind: timers (those that do not keep the process
 * alive among them), sockets, servers, processes, open stores and files, and listeners on `process`.
 */
export default class LeakCheckingEnvironment extends TestEnvironment {
  #patience;
  #leftovers;
  #storages;

  /** The option `patience` is how long what is being closed may take to be gone, in milliseconds. Default 1500. */
  constructor(config, context) {
    super(config, context);
    this.#patience = config.projectConfig.testEnvironmentOptions.patience ?? 1500;
  }

  async setup() {
    await super.setup();
    this.#storages = new Storages();
    this.#leftovers = new Leftovers(this.global);
  }

  /** Behind the last hook of the file, and before its result is made. */
  async handleTestEvent({ name }, state) {
    if (name !== 'run_finish') return;
    const found = await this.#leftovers.settled(this.#patience);
    if (found.length === 0) return;
    const error = new Error(['This file leaves behind:', ...found.map((one) => `- ${one}`)].join('\n'));
    error.stack = error.message;
    state.unhandledErrors.push(error);
  }

  async teardown() {
    this.#leftovers?.stop();
    try {
      await super.teardown();
    } finally {
      this.#storages?.stop();
    }
  }
}
