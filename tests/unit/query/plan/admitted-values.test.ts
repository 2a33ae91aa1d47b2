import { buildEntityMetadata } from '../../../../src/metadata/build-entity-metadata.js';
import type { FindOptionsWhere } from '../../../../src/query/index.js';
import { compileQuery } from '../../../../src/query/index.js';
import { admittedValues } from '../../../../src/query/plan/admitted-values.js';
import { indexedOrderOf, indexedOrNull } from '../../../../src/query/plan/indexed-value.js';
import type { ValueSet } from '../../../../src/query/plan/value-set.js';
import { intersection, NULL_ALONE, points } from '../../../../src/query/plan/value-set.js';
import { findProperty } from '../../../../src/query/values/property.js';
import { Draw } from './model/draw.js';
import { LEAVES } from './model/leaves.js';
import { truth } from './model/naive.js';
import { condition } from './model/queries.js';
import type { Row } from './model/row-class.js';
import { defineRow } from './model/row-class.js';

const metadata = buildEntityMetadata(
  defineRow({ prefix: ['rows'], mode: 'flat', indexes: [], hasNestedIndex: false }),
);

/** Conditions for each property. */
const TRIED = 400;

const single = LEAVES.filter(
  ({ name, kind }) => !name.includes('.') && !['json', 'list', 'set', 'nested'].includes(kind),
);

it.each(single.map((leaf) => [leaf.name, leaf] as const))(
  'of %s, every value that meets a condition is admitted, and no other where that is exact',
  (name, leaf) => {
    const draw = new Draw(7);
    const property = findProperty(metadata, name)!;
    const compare = indexedOrderOf(property);
    const holds = (set: ValueSet, value: unknown): boolean => {
      const indexed = indexedOrNull(property, property.comparable(value)) ?? null;
      const one = indexed === null ? NULL_ALONE : points([indexed], compare);
      const { intervals, hasNull } = intersection(set, one, compare);
      return hasNull || intervals.length > 0;
    };
    let exact = 0;
    const wrong: unknown[] = [];
    for (let i = 0; i < TRIED; i++) {
      const asked = condition(draw, leaf, 2);
      const where = { [name]: asked } as FindOptionsWhere<Row>;
      const { stored } = compileQuery(metadata, { where }).alternatives![0]![0]!;
      const set = admittedValues(property, stored);
      if (set === undefined) continue;
      if (set.isExact) exact++;
      for (const value of [null, ...leaf.values]) {
        const meets = truth(leaf, asked, value) === true;
        if ((meets || set.isExact) && holds(set, value) !== meets) wrong.push([asked, value]);
      }
    }
    expect(wrong).toEqual([]);
    expect(exact).toBeGreaterThan(TRIED / 10);
  },
);
