import config from '../../jest.config.mjs';

const [project] = config.projects;

/** Killed processes, full disks, cut networks, and the simulation: apart from `npm test`, because it takes minutes. */
export default {
  ...project,
  rootDir: '../..',
  displayName: 'faults',
  testMatch: ['<rootDir>/tests/faults/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20_000,
  maxWorkers: config.maxWorkers,
  workerIdleMemoryLimit: config.workerIdleMemoryLimit,
};
