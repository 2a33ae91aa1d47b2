import { fileURLToPath } from 'node:url';
import config from '../../jest.config.mjs';

const [project] = config.projects;

/** The studio's page in a headless Chromium, before the studio's process of the built package: apart from `npm test`. */
export default {
  ...project,
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  displayName: 'studio',
  testMatch: ['<rootDir>/tests/studio/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  // A browser computes beside its test.
  maxWorkers: 1,
};
