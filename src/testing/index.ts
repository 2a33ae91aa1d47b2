/**
 * Helpers for the tests of users: a data source in memory, or like one of production, with seeds, other writers, failures
 * and a clock.
 *
 * @module dust-orm/testing
 */
export type { EmittedRawOperation, EmittedRecordOperation } from './emitted-operation.js';
export type { Likeness } from './likeness.js';
export type { FailingMethod, FailNextOptions } from './planned-failures.js';
export type { Seed, SeedOf } from './seed.js';
export { TestClock } from './test-clock.js';
export type { CreateTestDataSourceOptions, TestDataSourceOptions } from './test-data-source.js';
export { createTestDataSource, TestDataSource } from './test-data-source.js';
