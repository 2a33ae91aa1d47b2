import type { Link, LinkEnd } from '../../../../src/sync/connection/link.js';
import type { PhoenixLinkerOptions } from '../../../../src/sync/phoenix/index.js';
import { PhoenixLinker } from '../../../../src/sync/phoenix/index.js';

export const TOKEN = 'dust_tok_a+b/c=';

/** A link, and what it has told so far. */
export interface Probe {
  readonly link: Link;
  readonly messages: [event: string, payload: unknown][];
  readonly ends: LinkEnd[];
  /** Resolves when the link has ended. */
  readonly ended: Promise<LinkEnd>;
  /** Resolves when this many messages have arrived. */
  arrived(count: number): Promise<void>;
}

/** Opens a link with a heartbeat that tests can wait for. */
export function openLink(socketUrl: string, options: Partial<PhoenixLinkerOptions> = {}): Probe {
  const messages: [string, unknown][] = [];
  const ends: LinkEnd[] = [];
  const lookers: (() => void)[] = [];
  const linker = new PhoenixLinker({
    socketUrl,
    store: 'acme/reading',
    token: TOKEN,
    deviceId: 'dev_a',
    heartbeatInterval: 60_000,
    ...options,
  });
  let tellEnd: (end: LinkEnd) => void = () => undefined;
  const ended = new Promise<LinkEnd>((resolve) => (tellEnd = resolve));
  const link = linker.open({
    onMessage: (event, payload) => {
      messages.push([event, payload]);
      for (const look of lookers) look();
    },
    onEnd: (end) => {
      ends.push(end);
      tellEnd(end);
    },
  });
  const arrived = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (messages.length >= count) resolve();
      };
      lookers.push(look);
      look();
    });
  return { link, messages, ends, ended, arrived };
}

/** Timers and sockets that keep this process alive, by kind. */
export function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== 'TTYWrap' && kind !== 'PipeWrap')
    .sort();
}

/** Resolves when a turn of the event loop finds no more resources than `before`; the test's timeout is the limit. */
export async function settledTo(before: readonly string[]): Promise<void> {
  while (resources().length > before.length) await new Promise(setImmediate);
}
