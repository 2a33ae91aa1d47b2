import { signal } from '@preact/signals';
import type { ChangeMessage } from '../../api/messages.js';
import { api, isRefused } from './client.js';
import { reconnectWait } from './reconnect.js';

/** Whether changes arrive. */
export type ConnectionState =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `retryAt`: milliseconds of the page's clock. */
  | { readonly kind: 'lost'; readonly retryAt: number }
  /** A process is there that does not know this browser: another one than before. */
  | { readonly kind: 'refused' };

/** Whether changes arrive just now. */
export const connection = signal<ConnectionState>({ kind: 'off' });

/** What the store's own connection is in, as the process tells it. */
export const storeState = signal<string | undefined>(undefined);

/** Grows when changes may have been missed: everything shown is read again. */
export const missedChanges = signal(0);

/** A commit, as the process tells it. */
export type CommitMessage = Extract<ChangeMessage, { kind: 'commit' }>;

const listeners = new Set<(commit: CommitMessage) => void>();
let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let hasBeenOpen = false;

/** Calls `listener` with every commit, until what it returns is called. */
export function onCommit(listener: (commit: CommitMessage) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Opens the stream of changes and keeps it open. */
export function connect(): void {
  clearTimeout(timer);
  source?.close();
  if (connection.peek().kind !== 'lost') connection.value = { kind: 'connecting' };
  source = new EventSource('api/changes');
  source.onopen = () => {
    failures = 0;
    connection.value = { kind: 'open' };
    if (hasBeenOpen) missedChanges.value++;
    hasBeenOpen = true;
  };
  source.onerror = () => {
    // The browser would try again at its own pace, for ever; and not at all after an answer that is no stream.
    source?.close();
    const wait = reconnectWait(++failures);
    connection.value = { kind: 'lost', retryAt: Date.now() + wait };
    timer = setTimeout(connect, wait);
    void noteRefusal();
  };
  source.onmessage = ({ data }: MessageEvent<string>) => {
    take(JSON.parse(data) as ChangeMessage);
  };
}

/** An event source does not tell why it failed: asking does. */
async function noteRefusal(): Promise<void> {
  try {
    await api.store();
  } catch (error) {
    if (!isRefused(error)) return;
    clearTimeout(timer);
    connection.value = { kind: 'refused' };
  }
}

function take(message: ChangeMessage): void {
  switch (message.kind) {
    case 'commit':
      for (const listener of [...listeners]) listener(message);
      // Of a large commit not every operation is told.
      if (message.last - message.first >= message.operations.length) missedChanges.value++;
      return;
    case 'behind':
      missedChanges.value++;
      return;
    case 'state':
      storeState.value = message.state;
      return;
  }
}
