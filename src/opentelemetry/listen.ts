import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * Hears what a channel carries. Returns what ends that.
 *
 * @param hear takes what this channel carries
 */
export function listen(channel: string, hear: (message: never) => void): () => void {
  const onMessage = hear as (told: unknown) => void;
  subscribe(channel, onMessage);
  return () => {
    unsubscribe(channel, onMessage);
  };
}
