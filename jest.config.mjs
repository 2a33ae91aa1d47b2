const project = (displayName, testMatch, useDefineForClassFields, left = [], globals = {}) => ({
  displayName,
  testMatch,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/\\.build/',
    '<rootDir>/tests/endurance/',
    '<rootDir>/tests/types/',
    '<rootDir>/tests/consumer/',
    '<rootDir>/tests/consumer-es/',
    '<rootDir>/tests/consumer-schemas/',
    // Processes, disks, networks and the simulation: npm run test:faults.
    '<rootDir>/tests/faults/',
    // PostgreSQL servers: npm run test:cluster.
    '<rootDir>/tests/cluster/',
    // The studio's page in Chromium: npm run test:studio.
    '<rootDir>/tests/studio/',
    // npm run test:long.
    '\\.long\\.test\\.ts$',
    ...left,
  ],
  testEnvironment: '<rootDir>/tests/leaks/environment.mjs',
  globals,
  setupFiles: ['<rootDir>/tests/setup.ts'],
  transform: {
    '\\.[cm]?ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields },
        },
      },
    ],
  },
  moduleNameMapper: {
    '^dust-orm$': '<rootDir>/src/index.ts',
    '^dust-orm/es$': '<rootDir>/src/es/index.ts',
    '^dust-orm/express$': '<rootDir>/src/express/index.ts',
    '^dust-orm/nestjs$': '<rootDir>/src/nestjs/index.ts',
    '^dust-orm/opentelemetry$': '<rootDir>/src/opentelemetry/index.ts',
    '^dust-orm/server$': '<rootDir>/src/server/index.ts',
    '^dust-orm/testing$': '<rootDir>/src/testing/index.ts',
    // Sources import './x.js' and mean './x.ts'. The .js file goes first because packages use the same spelling.
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
  },
});

/** Of the contract, what would see no difference: it asks about amounts, names, clients and options. */
const FIELDS_UNSEEN = [
  'large-sets',
  'slugs',
  'clients',
  'leases',
  'disorder',
  'capabilities',
  'commits',
  'one-commit',
  'unknown-options',
  'odd-arguments',
  'called-off',
];

/** The transports that entity instances go by there: one without and one with a wire. What makes instances knows none of them. */
const FIELDS_SEEN_ON = ['memory', 'HTTP'];

/** `assign-fields` repeats the suites that see entity instances, with fields assigned instead of defined. */
export default {
  projects: [
    project('define', ['<rootDir>/tests/**/*.test.ts'], true),
    project(
      'assign-fields',
      ['unit/decorators', 'unit/metadata', 'unit/mapping', 'contract'].map(
        (d) => `<rootDir>/tests/${d}/**/*.test.ts`,
      ),
      false,
      FIELDS_UNSEEN.map((suite) => `<rootDir>/tests/contract/[a-z]+/${suite}\\.test\\.ts$`),
      { CONTRACT_ROWS: FIELDS_SEEN_ON },
    ),
  ],
  testTimeout: 20_000,
  maxWorkers: '100%',
  // Each test file leaves some megabytes in the heap of its worker. A fresh worker takes a second to get going.
  workerIdleMemoryLimit: '1GB',
};
