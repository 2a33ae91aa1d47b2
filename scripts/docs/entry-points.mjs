/** The sources of what package.json's `exports` names. */
export const ENTRY_POINTS = [
  'src/index.ts',
  'src/es/index.ts',
  'src/express/index.ts',
  'src/nestjs/index.ts',
  'src/opentelemetry/index.ts',
  'src/server/index.ts',
  'src/testing/index.ts',
];
