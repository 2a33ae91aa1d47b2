import config from '../../jest.config.mjs';

const [project] = config.projects;

/** Properties that draw thousands of cases, and mutants that they must tell: apart from `npm test`, because they take minutes. */
export default {
  ...project,
  rootDir: '../..',
  displayName: 'long',
  testMatch: ['<rootDir>/tests/**/*.long.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: config.testTimeout,
  maxWorkers: config.maxWorkers,
  workerIdleMemoryLimit: config.workerIdleMemoryLimit,
};
