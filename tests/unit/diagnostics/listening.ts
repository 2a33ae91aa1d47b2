import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type { DustOperationMessage } from '../../../src/index.js';
import { OPERATION_CHANNEL } from '../../../src/index.js';

const cleanUps: (() => void)[] = [];

/** Ends everything that was listened to. */
export function stopListening(): void {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
}

/** What a channel tells from now on. */
export function heardOn<Message>(name: string): Message[] {
  const heard: Message[] = [];
  const listener = (message: unknown): void => void heard.push(message as Message);
  subscribe(name, listener);
  cleanUps.push(() => unsubscribe(name, listener));
  return heard;
}

type Step = 'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error';

/** What the tracing channel of operations tells from now on, step by step, each message as it was then. */
export function tracedOperations(): { readonly step: Step; readonly message: DustOperationMessage }[] {
  const steps: { step: Step; message: DustOperationMessage }[] = [];
  const tracing = tracingChannel<unknown, DustOperationMessage>(OPERATION_CHANNEL);
  const on = (step: Step) => (message: DustOperationMessage) =>
    void steps.push({ step, message: { ...message } });
  const subscribers = {
    start: on('start'),
    end: on('end'),
    asyncStart: on('asyncStart'),
    asyncEnd: on('asyncEnd'),
    error: on('error'),
  };
  tracing.subscribe(subscribers);
  cleanUps.push(() => {
    tracing.unsubscribe(subscribers);
  });
  return steps;
}

/** The operations that have ended, from now on. */
export function endedOperations(): DustOperationMessage[] {
  return heardOn(`tracing:${OPERATION_CHANNEL}:asyncEnd`);
}
