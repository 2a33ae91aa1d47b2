import { setMaxListeners } from 'node:events';

/**
 * Calls `listener` when `signal` is aborted; the returned function stops listening. One signal may call off any number of
 * requests at once: that is no leak to warn about.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
  signal.addEventListener('abort', listener);
  return () => {
    signal.removeEventListener('abort', listener);
  };
}
