import { AsyncResource } from 'node:async_hooks';
import { operations } from './channels.js';
import type { DustOperationMessage, DustOperationResult } from './messages.js';

/**
 * Traces an iteration as one operation: it begins when the first item is asked for and ends with the last one, when the
 * consumer stops, or with an error. Each item is fetched in the context that subscribers bound to the beginning.
 */
export async function* traceIteration<T>(
  message: DustOperationMessage,
  run: () => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  let finish!: (result: DustOperationResult) => void;
  let fail!: (error: unknown) => void;
  const whole = new Promise<DustOperationResult>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  let scope!: AsyncResource;
  const traced = operations.tracePromise(() => {
    scope = new AsyncResource(message.operation);
    return whole;
  }, message);
  let records = 0;
  const items = run();
  const next = (): Promise<IteratorResult<T, void>> => scope.runInAsyncScope(() => items.next());
  try {
    for (let item = await next(); item.done !== true; item = await next()) {
      records++;
      yield item.value;
    }
  } catch (error) {
    fail(error);
    throw error;
  } finally {
    await items.return();
    finish({ records });
    // What failed has been told, and is on its way to the consumer.
    await traced.catch(() => undefined);
  }
}
