import { computed, signal } from '@preact/signals';
import { isWithin, parentOf } from '../state/paths.js';
import { missedChanges, onCommit } from '../wire/changes.js';
import { api } from '../wire/client.js';
import type { Level } from './level.js';
import { LEVEL_PAGE, UNKNOWN, visibleLines, withPage } from './level.js';

/** The open levels by the path they belong to. The whole store is the empty path. */
export const levels = signal<ReadonlyMap<string, Level>>(new Map());

/** The lines of the tree. */
export const lines = computed(() => visibleLines(levels.value));

/** The line that the keyboard is on. */
export const activeLine = signal<string | undefined>(undefined);

/** Counts are read again at most this often, in milliseconds. */
const REFRESH_EVERY = 1_500;

function put(path: string, level: Level): void {
  levels.value = new Map(levels.peek()).set(path, level);
}

/** Opens the level below a path. */
export function openLevel(path: string): Promise<void> {
  if (levels.peek().has(path)) return Promise.resolve();
  put(path, UNKNOWN);
  return readPage(path, undefined);
}

/** Closes a level, and forgets what is in it. */
export function closeLevel(path: string): void {
  levels.value = new Map([...levels.peek()].filter(([other]) => path !== '' && !isWithin(other, path)));
}

/** Reads the next page of a level; of one that failed the page it failed at; from its beginning when asked to. */
export function continueLevel(path: string, from: 'next' | 'start' = 'next'): Promise<void> {
  const level = levels.peek().get(path);
  if (!level) return Promise.resolve();
  const cursor = from === 'start' ? undefined : (level.nextCursor ?? undefined);
  put(path, { ...(from === 'start' ? UNKNOWN : level), state: 'loading' });
  return readPage(path, cursor);
}

async function readPage(path: string, cursor: string | undefined): Promise<void> {
  try {
    const page = await api.children({ path, after: cursor, limit: LEVEL_PAGE });
    const level = levels.peek().get(path);
    if (level) put(path, withPage(level, page, cursor));
  } catch (error) {
    const level = levels.peek().get(path);
    if (level) put(path, { ...level, state: 'failed', error });
  }
}

/** Opens every level down to a path, so that it is seen, and puts the keyboard's place there. */
export async function reveal(path: string): Promise<void> {
  const above: string[] = [''];
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) above.splice(1, 0, at);
  for (const level of above) await openLevel(level);
  activeLine.value = path;
}

/** Keeps the counts of what is open in step with the store. */
export function followTree(): void {
  const touched = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = async () => {
    const concerned = [...levels.peek().keys()].filter((path) =>
      [...touched].some((changed) => isWithin(changed, path) || isWithin(path, changed)),
    );
    touched.clear();
    for (const path of concerned) await reread(path);
    timer = undefined;
    if (touched.size > 0) later();
  };
  const later = () => {
    timer ??= setTimeout(() => void refresh(), REFRESH_EVERY);
  };
  onCommit(({ operations }) => {
    for (const { path } of operations) touched.add(path);
    later();
  });
  missedChanges.subscribe((times) => {
    if (times === 0) return;
    touched.add('');
    later();
  });
}

/** Reads the pages of a level again that it has. One that lost its beginning keeps what it shows. */
async function reread(path: string): Promise<void> {
  const before = levels.peek().get(path);
  if (before?.state !== 'ready' || before.after !== undefined) return;
  let level = UNKNOWN;
  let cursor: string | undefined;
  try {
    do {
      const page = await api.children({ path, after: cursor, limit: LEVEL_PAGE });
      level = withPage(level, page, cursor);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && level.children.length < before.children.length);
  } catch {
    return; // What is shown stays; the next change tries again.
  }
  if (levels.peek().get(path) === before) put(path, level);
}
