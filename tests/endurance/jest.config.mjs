import config from '../../jest.config.mjs';

const [project] = config.projects;

/** The endurance row: apart from `npm test`, because it takes minutes. */
export default {
  ...project,
  rootDir: '../..',
  displayName: 'endurance',
  testMatch: ['<rootDir>/tests/endurance/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  maxWorkers: 2,
};
