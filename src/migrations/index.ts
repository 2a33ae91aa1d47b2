export { checkMigrations, checkSeeds } from './check-options.js';
export { filesInProgram, MigrationError } from './errors.js';
export { Migrator } from './migrator.js';
export type {
  Migration,
  MigrationClass,
  MigrationContext,
  MigrationDirection,
  MigrationInterface,
  MigrationProgress,
  MigrationState,
  MigrationStatus,
  RunMigrationsOptions,
  SeedFunction,
  Walk,
  WalkOptions,
  WalkOutcome,
  WalkResult,
  WalkStatus,
} from './types.js';
