import config from '../../jest.config.mjs';

const [project] = config.projects;

/**
 * Properties that draw thousands of cases, and mutants that they must tell: apart from `npm test`, because they take minutes. Of
 * those that `npm test` draws a sample of, all cases.
 */
export default {
  ...project,
  rootDir: '../..',
  displayName: 'long',
  testMatch: ['<rootDir>/tests/**/*.{long,sampled}.test.ts'],
  globals: { DRAW_ALL: true },
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: config.testTimeout,
  maxWorkers: config.maxWorkers,
  workerIdleMemoryLimit: config.workerIdleMemoryLimit,
};
