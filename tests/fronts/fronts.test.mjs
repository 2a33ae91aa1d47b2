import { describe, it } from 'vitest';
import { Link, Place } from './defined.mjs';
import { testsOf } from './suite.mjs';

describe('a service over a class by defineEntity', () => {
  it.each(testsOf({ Link, Place }))('%s', (_, test) => test());
});
