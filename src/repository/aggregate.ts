import type {
  Aggregate,
  AggregateName,
  FindOptionsOrder,
  FindWhere,
  OnRead,
  ScopeOptions,
} from '../query/index.js';
import { checkScopeOptionsAlone, compileQuery, createAggregate } from '../query/index.js';
import type { EntityContext } from './entity-context.js';
import { observedRead, whereOf } from './observed.js';

/** An aggregate, and how many records it has taken in. */
interface Counted {
  readonly aggregate: Aggregate;
  records: number;
}

/** What the values of a property come to over the records that meet a where; null when none has a value. */
export async function aggregateOf<T extends object, R>(
  context: EntityContext<T>,
  name: AggregateName,
  property: string,
  where: FindWhere<T> | undefined,
  scope: ScopeOptions = {},
): Promise<R | null> {
  checkScopeOptionsAlone(context.metadata, name, scope);
  const options = where === undefined ? scope : { ...scope, where };
  const work = async (onRead: OnRead | undefined): Promise<Counted> => {
    const { metadata, reader } = context;
    const start = (): Counted => ({ aggregate: createAggregate(metadata, name, property), records: 0 });
    const add = (counted: Counted, entity: T): void => {
      counted.aggregate.add(entity);
      counted.records++;
    };
    if (name === 'sum' || name === 'average') {
      return reader.fold(compileQuery<T>(metadata, options, onRead), start, add);
    }
    const extreme = start();
    const entity = await reader.first(
      compileQuery<object>(metadata, { ...options, order: outermost(name, property) }, onRead),
    );
    if (entity !== undefined) add(extreme, entity);
    return extreme;
  };
  const { aggregate } = await observedRead(context, name, whereOf({ where }), work, ({ records }) => records);
  return aggregate.result() as R | null;
}

/** The order in which the least or the greatest value comes first, which an index may have. */
function outermost(name: 'minimum' | 'maximum', property: string): FindOptionsOrder<object> {
  return { [property]: { direction: name === 'minimum' ? 'ASC' : 'DESC', nulls: 'LAST' } };
}
