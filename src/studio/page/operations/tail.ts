import { signal } from '@preact/signals';
import { keep, readKept } from '../state/kept.js';
import type { CommitMessage } from '../wire/changes.js';
import { missedChanges, onCommit } from '../wire/changes.js';
import type { TailLine } from './tail-lines.js';
import { withCommit } from './tail-lines.js';

/** The last operations, newest first. */
export const tail = signal<readonly TailLine[]>([]);

/** How many have come while the tail stood still. */
export const waiting = signal(0);

/** Whether the tail stands still, because somebody reads it. */
export const isPaused = signal(false);

/** Whether the drawer is open. */
export const isDrawerOpen = signal(readKept('operations', false));

let held: readonly TailLine[] = [];

/** Opens or closes the drawer. */
export function toggleDrawer(): void {
  isDrawerOpen.value = !isDrawerOpen.value;
  keep('operations', isDrawerOpen.value);
}

/** Stops the tail, or lets it go on with what has come meanwhile. */
export function pause(isStill: boolean): void {
  isPaused.value = isStill;
  if (isStill) return;
  tail.value = held;
  waiting.value = 0;
}

/** Listens to every commit. */
export function followOperations(): void {
  const take = (commit: CommitMessage) => {
    held = withCommit(held, commit);
    if (isPaused.peek()) waiting.value += commit.operations.length;
    else tail.value = held;
  };
  onCommit(take);
  missedChanges.subscribe((times) => {
    if (times === 0) return;
    held = [{ kind: 'gap', key: `gap-${times}` }, ...held];
    if (!isPaused.peek()) tail.value = held;
  });
}
