import { signal } from '@preact/signals';

/** A short message on what was done, which goes away by itself. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'done' | 'failed';
}

const SHOWN_FOR = 6_000;
const MOST_NOTICES = 4;

/** The messages that are shown. */
export const notices = signal<readonly Notice[]>([]);

let lastId = 0;

/** Says something, to screen readers, too. */
export function notify(text: string, tone: Notice['tone'] = 'done'): void {
  const id = ++lastId;
  notices.value = [...notices.value, { id, text, tone }].slice(-MOST_NOTICES);
  setTimeout(() => {
    dismiss(id);
  }, SHOWN_FOR);
}

/** Takes a message away. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
