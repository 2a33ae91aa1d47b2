import config from '../../../jest.config.mjs';

const [{ displayName: _, ...define }] = config.projects;

/** The project `define`, in a tree of the mutation run: its environment notes what happens, and the files run in the order given. */
export default {
  ...define,
  rootDir: '../../..',
  // The files are named, those of tests/faults too.
  testPathIgnorePatterns: ['/node_modules/'],
  testEnvironment: '<rootDir>/scripts/mutation/jest/environment.mjs',
  testSequencer: '<rootDir>/scripts/mutation/jest/sequencer.mjs',
  testTimeout: config.testTimeout,
  workerIdleMemoryLimit: config.workerIdleMemoryLimit,
  haste: { enableSymlinks: false },
};
