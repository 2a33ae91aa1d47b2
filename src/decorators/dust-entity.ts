import type { EntityOptions } from '../metadata/index.js';
import { declare, standardDecorator, uncalledDecorator } from '../metadata/index.js';

/**
 * Makes a class an entity: its instances are the records below `prefix`.
 *
 * A plain string is a prefix of one segment; a longer prefix is a list, `{ prefix: ['reading', 'links'] }`. The class
 * must be constructible without arguments. Base classes may hold fields without being entities, and a prefix is not
 * inherited. What is wrong with the annotations is reported when a data source is given the class.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function DustEntity(prefix: string | EntityOptions): (target: new () => object) => void {
  if (typeof prefix === 'function') throw uncalledDecorator('DustEntity', "'links'");
  return (...args: readonly unknown[]) => {
    const [target, context] = args;
    if (typeof target !== 'function' || context !== undefined) throw standardDecorator('DustEntity');
    declare(target).entities.push(typeof prefix === 'string' ? { prefix } : prefix);
  };
}
