import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import jest from 'eslint-plugin-jest';
import { globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What is at the bottom of the house, open to every folder. */
const GROUND = [
  'abort-listener.ts',
  'errors.ts',
  'logging.ts',
  'clock.ts',
  'deadline-queue.ts',
  'end-all.ts',
  'seq-waiters.ts',
  'transient-map.ts',
  'work-pace.ts',
  'work-under-way.ts',
  'options',
  'diagnostics',
];

/** The seam between repositories and transports. Its implementations are for data sources to choose. */
const PORT = ['transport/transport.ts'];

/** The files that take an iterator by hand, and return it on every way out. */
const TAKE_ITERATORS = [
  'store/reading/leaf-cursor.ts',
  'store/lmdb/guarded-database.ts',
  'cli/input/read-input.ts',
  'transport/http/client/body-stream.ts',
];

/** What overflows the stack when it meets megabytes or hundred thousands. Another form of each costs nothing. */
const OVERFLOWS = [
  {
    selector: 'Literal[regex.pattern=/\\)([*+]|\\{\\d+,\\})/]',
    message:
      'A group that repeats without an end keeps a place to go back to for each turn, and a text of megabytes overflows ' +
      'the stack. Repeat a single character class, and check the rest beside it.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(push|unshift|max|min|fromCharCode|fromCodePoint)$/]:has(> SpreadElement)',
    message: 'Every item becomes an argument on the stack, and 120,000 overflow it. Use a loop.',
  },
];

/** What each folder of src may import besides itself and the ground files. What is not named here is refused. */
const MAY_IMPORT = {
  protocol: [],
  token: [],
  store: ['protocol'],
  sync: ['protocol', 'store', 'token'],
  metadata: ['protocol'],
  decorators: ['metadata', 'protocol'],
  define: ['metadata'],
  es: ['metadata'],
  mapping: ['metadata', 'protocol'],
  cluster: ['protocol', 'store'],
  transport: ['protocol', 'store', 'cluster', 'sync', 'token'],
  query: ['mapping', 'metadata', 'protocol', ...PORT],
  realtime: ['query', 'mapping', 'metadata', 'protocol', ...PORT],
  repository: ['realtime', 'query', 'mapping', 'metadata', 'protocol', ...PORT],
  migrations: ['repository', 'realtime', 'query', 'mapping', 'metadata', 'protocol', ...PORT],
  'data-source': [
    'migrations',
    'repository',
    'realtime',
    'query',
    'mapping',
    'metadata',
    'share',
    'transport',
    'sync',
    'cluster',
    'store',
    'protocol',
    'token',
  ],
  server: ['transport', 'cluster', 'store', 'protocol'],
  share: ['server', 'transport', 'store', 'protocol'],
};
const UP_TO_DATA_SOURCE = ['data-source', 'decorators', ...MAY_IMPORT['data-source']];
MAY_IMPORT.web = UP_TO_DATA_SOURCE;
MAY_IMPORT.opentelemetry = [];
MAY_IMPORT.express = ['web', ...UP_TO_DATA_SOURCE];
MAY_IMPORT.nestjs = ['web', ...UP_TO_DATA_SOURCE];
MAY_IMPORT.testing = ['server', ...UP_TO_DATA_SOURCE];
MAY_IMPORT.studio = ['server', ...MAY_IMPORT['data-source'], 'data-source'];
MAY_IMPORT.cli = ['studio', 'server', ...UP_TO_DATA_SOURCE];

/** The rooms of the larger folders, from the ground up: each may import those before it, and none of those behind it. */
const ROOMS = {
  protocol: ['paths', 'values', 'requests', 'wire'],
  store: ['reading', 'operations', 'history', 'indexes', 'logged', 'copying', 'commit'],
  sync: ['messages', 'connection', 'session', 'outbox', 'mirror', 'intake'],
  query: ['operators', 'values', 'predicates', 'aggregates', 'criteria', 'plan', 'read'],
  repository: [
    'absent',
    'requests',
    'slugs',
    'lifecycle',
    'prepare',
    'commit',
    'write',
    'fields',
    'batch',
    'leases',
  ],
  server: ['stores', 'imitation', 'access', 'metrics', 'http', 'channel'],
  cli: ['output', 'input', 'scripts', 'config', 'target', 'templates', 'doctor', 'studio', 'commands'],
  'store/lmdb': ['folder', 'ownership'],
  'server/channel': ['messages', 'catch-up', 'socket'],
  studio: ['api', 'http'],
};

const roomZones = Object.entries(ROOMS).flatMap(([folder, rooms]) =>
  rooms.slice(0, -1).map((room, i) => ({
    target: `./src/${folder}/${room}`,
    from: rooms.slice(i + 1).map((above) => `./src/${folder}/${above}`),
    message: `In src/${folder} a room imports only those before it: ${rooms.join(', ')}.`,
  })),
);

const zone = (target, allowed) => ({
  target: `./src/${target}`,
  from: './src',
  except: allowed.map((path) => `./${path}`),
  message: `src/${target} may import only ${allowed.join(', ') || 'packages'} (CONTRIBUTING.md, "The house plan").`,
});

const zones = [
  ...Object.entries(MAY_IMPORT).map(([folder, others]) => zone(folder, [folder, ...others, ...GROUND])),
  ...roomZones,
  ...GROUND.filter((file) => file !== 'errors.ts').map((file) => zone(file, GROUND)),
  {
    target: './src/studio/page',
    from: './src',
    except: [
      './studio/page',
      './studio/api/messages.ts',
      './protocol/values/value.ts',
      './protocol/values/long-integers.ts',
    ],
    message:
      'The studio’s page is for browsers: of the package it takes the types of its messages and what JSON text says of numbers, and nothing else.',
  },
  {
    target: ['./src/!(studio)/**/*', './src/studio/!(page)/**/*', './src/studio/*.ts'],
    from: './src/studio/page',
    message: 'Only a browser runs the studio’s page.',
  },
  {
    target: ['./src/transport/*.ts', './src/transport/http', './src/transport/channel'],
    from: ['./src/store', './src/cluster'],
    message: 'Only src/transport/embedded knows the store.',
  },
  {
    target: ['./src/transport/*.ts', './src/transport/http', './src/transport/embedded'],
    from: './src/sync',
    message: 'Only src/transport/channel knows the sync engine.',
  },
];

export default tseslint.config(
  globalIgnores([
    '**/dist/',
    'site/',
    'coverage/',
    '**/.build/',
    'tests/consumer/',
    'tests/consumer-es/',
    'tests/consumer-schemas/',
    'tests/fronts/',
    'tests/nest-new/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    rules: { eqeqeq: 'error', curly: ['error', 'multi-line'], 'no-var': 'error', 'prefer-const': 'error' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      ...importX.flatConfigs.typescript.settings,
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `import x = require('x')` reads a CommonJS package the same way from both of our builds.
      '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Under noUncheckedIndexedAccess an index known to be in range needs a way to say so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'import-x/no-duplicates': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-self-import': 'error',
      'import-x/no-extraneous-dependencies': ['error', { devDependencies: false }],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'no-restricted-syntax': ['error', ...OVERFLOWS],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: TAKE_ITERATORS.map((file) => `src/${file}`),
    rules: {
      'no-restricted-syntax': [
        'error',
        ...OVERFLOWS,
        {
          selector:
            "CallExpression > MemberExpression.callee > MemberExpression.property[object.name='Symbol'][property.name=/^(asyncI|i)terator$/]",
          message:
            'An iterator taken by hand ends only if somebody returns it; a database cursor may stand behind it. Use ' +
            '`for … of`, `isEmpty` or `LeafCursor` (src/store/reading/leaf-cursor.ts).',
        },
      ],
    },
  },
  {
    // Bundled whole into dist/studio: what it uses is not there when the package runs.
    files: ['src/studio/page/**/*.{ts,tsx}'],
    rules: { 'import-x/no-extraneous-dependencies': 'off' },
  },
  {
    files: ['src/errors.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "ImportDeclaration[importKind!='type'], ExportNamedDeclaration[source][exportKind!='type']",
          message: 'errors.ts is at the bottom of the house: it imports types only.',
        },
      ],
    },
  },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['tests/**/*.test.ts'],
    plugins: { jest },
    rules: {
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/no-identical-title': 'error',
      'jest/valid-expect': 'error',
      'jest/valid-expect-in-promise': 'error',
    },
  },
);
