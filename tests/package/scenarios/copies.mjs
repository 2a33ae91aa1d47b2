import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import 'reflect-metadata';
import * as esm from 'dust-orm';
import * as esmTesting from 'dust-orm/testing';

const require = createRequire(import.meta.url);

export { esm, esmTesting };
export const cjs = require('dust-orm');
export const cjsTesting = require('dust-orm/testing');

assert.notEqual(esm.DataSource, cjs.DataSource, 'both copies must be loaded');

/** Each copy in the role of the declaring one, the other in that of the using one. */
export const PAIRS = [
  { title: 'declared by CommonJS, used by ESM', declaring: cjs, using: esm },
  { title: 'declared by ESM, used by CommonJS', declaring: esm, using: cjs },
];

/** A class as a decorated one comes out of a compiler, with the decorators of one copy. */
export function declareLink({ DustEntity, Slug, Field, CounterField }, prefix = ['links']) {
  class Link {}
  DustEntity({ prefix })(Link);
  Slug()(Link.prototype, 'slug');
  Field({ type: 'string', required: true })(Link.prototype, 'title');
  Field({ type: 'integer' })(Link.prototype, 'rank');
  Field({ type: 'date' })(Link.prototype, 'addedAt');
  CounterField()(Link.prototype, 'views');
  return Link;
}

/** An initialised, silent data source in memory, gone at the end of `work`. */
export async function withDataSource({ DataSource, silentLogger }, entities, work) {
  const dataSource = await new DataSource({ entities, logger: silentLogger }).initialize();
  try {
    await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

export function done() {
  console.log('all assertions held');
}
