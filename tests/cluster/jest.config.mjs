import config from '../../jest.config.mjs';

const [project] = config.projects;

/** Nodes over a PostgreSQL server of the tests' own: apart from `npm test`, because not everybody has one. */
export default {
  ...project,
  rootDir: '../..',
  displayName: 'cluster',
  testMatch: ['<rootDir>/tests/cluster/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 30_000,
  maxWorkers: config.maxWorkers,
  workerIdleMemoryLimit: config.workerIdleMemoryLimit,
};
