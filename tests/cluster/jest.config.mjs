import { fileURLToPath } from 'node:url';
import config from '../../jest.config.mjs';

const [project] = config.projects;

const common = { ...project, rootDir: fileURLToPath(new URL('../..', import.meta.url)) };

/** Of tests/contract/rows/cluster-rows.ts and shared-rows.ts. */
const CONTRACT_ROWS = [
  'nodes over PostgreSQL',
  'HTTP to three nodes',
  'channel to three nodes',
  'a shared folder',
];

/** Nodes over PostgreSQL servers of the tests' own: apart from `npm test`, because not everybody has one. */
export default {
  projects: [
    {
      ...common,
      displayName: 'cluster',
      testMatch: ['<rootDir>/tests/cluster/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/'],
    },
    {
      ...common,
      displayName: 'contract over clusters',
      testMatch: ['<rootDir>/tests/contract/**/*.test.ts'],
      globals: { CONTRACT_ROWS },
      globalSetup: '<rootDir>/tests/cluster/contract/begin.ts',
      globalTeardown: '<rootDir>/tests/cluster/contract/end.ts',
    },
  ],
  testTimeout: 30_000,
  maxWorkers: config.maxWorkers,
  workerIdleMemoryLimit: config.workerIdleMemoryLimit,
};
