import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from './button.js';
import { Dialog } from './dialog.js';

interface Question {
  readonly title: string;
  readonly text: ComponentChildren;
  /** What the button says that does it. */
  readonly action: string;
  readonly tone?: 'primary' | 'danger';
  readonly answer: (yes: boolean) => void;
}

const question = signal<Question | undefined>(undefined);

/** Asks before something is done that changes the store. Resolves with whether it shall be done; never rejects. */
export function ask(asked: Omit<Question, 'answer'>): Promise<boolean> {
  question.peek()?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (yes) => {
        question.value = undefined;
        resolve(yes);
      },
    };
  });
}

/** The question that is open. */
export function AskDialog() {
  const open = question.value;
  if (!open) return null;
  return (
    <Dialog
      title={open.title}
      close={() => {
        open.answer(false);
      }}
    >
      <div class="dialog-text">{open.text}</div>
      <div class="dialog-buttons">
        <Button
          onClick={() => {
            open.answer(false);
          }}
        >
          Cancel
        </Button>
        <Button
          look={open.tone ?? 'primary'}
          onClick={() => {
            open.answer(true);
          }}
        >
          {open.action}
        </Button>
      </div>
    </Dialog>
  );
}
