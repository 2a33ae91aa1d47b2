import { silentLogger } from '../../../../src/index.js';
import { buildEntityMetadata } from '../../../../src/metadata/index.js';
import { MissingTargets } from '../../../../src/repository/populate/missing-targets.js';
import { Customer, Order } from './shop.js';

it('remembers 10,000 slugs of a reference, and counts those again that come beyond', () => {
  const warned: string[] = [];
  const [orders, customers] = [buildEntityMetadata(Order), buildEntityMetadata(Customer)];
  const missing = new MissingTargets(orders, { ...silentLogger, warn: (text) => warned.push(text) });
  const [reference] = orders.references;
  const note = (slug: string): void => {
    missing.note(reference!, customers, slug);
  };
  for (let n = 0; n < 10_000; n++) for (const slug of [`${n}`, `${n}`, '0']) note(slug);
  expect(warned).toHaveLength(7);
  expect(warned[0]).toContain('names Customer "0", which is not there');
  expect(warned.at(-1)).toContain('has named 10000 of Customer so far');
  // One more than there is room for: all are forgotten.
  for (let n = 10_000; n < 100_000 - 1; n++) note(`${n}`);
  expect(warned).toHaveLength(7);
  note('0');
  expect(warned.at(-1)).toContain('has named 100000 of Customer so far');
});
