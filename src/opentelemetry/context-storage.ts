import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, ContextManager } from '@opentelemetry/api';
import { context } from '@opentelemetry/api';

/**
 * Where a context manager keeps the context that is active: a diagnostics channel can be bound to that. The SDK's own for Node keeps it in a storage
 * that is no part of its interface.
 *
 * @param manager default: the one that is registered
 * @returns undefined for a manager of another kind
 */
export function contextStorage(manager = registered()): AsyncLocalStorage<Context> | undefined {
  if (manager === undefined) return undefined;
  const found = [Reflect.get(manager, '_asyncLocalStorage'), Reflect.get(manager, 'storage')] as unknown[];
  return found.find((each): each is AsyncLocalStorage<Context> => each instanceof AsyncLocalStorage);
}

function registered(): ContextManager | undefined {
  const get: unknown = Reflect.get(context, '_getContextManager');
  return typeof get === 'function' ? (Reflect.apply(get, context, []) as ContextManager) : undefined;
}
