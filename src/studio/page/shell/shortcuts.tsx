import { signal } from '@preact/signals';
import { closePanel } from '../record/table-panel.js';
import { route } from '../state/router.js';
import { toggleDrawer } from '../operations/tail.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { SEARCH_INPUT } from './search.js';

const areShortcutsOpen = signal(false);

/** Shows the shortcuts. */
export function showShortcuts(): void {
  areShortcutsOpen.value = true;
}

/** Listens to the keys that work everywhere but in fields. */
export function followKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest('dialog, [popover]')) return;
    const isTyping = target?.closest('input, select, textarea') !== null && target !== undefined;
    const current = route.peek();
    if (
      event.key === 'Escape' &&
      current.view === 'table' &&
      (current.record !== undefined || current.form)
    ) {
      closePanel(current);
    } else if (isTyping) return;
    else if (event.key === '/') document.getElementById(SEARCH_INPUT)?.focus();
    else if (event.key === '?') showShortcuts();
    else if (event.key === 'o') toggleDrawer();
    else return;
    event.preventDefault();
  });
}

const SHORTCUTS: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'Go to a slug, a path or a table'],
  ['?', 'Show these shortcuts'],
  ['o', 'Open or close the operations'],
  ['Esc', 'Close what is open'],
  ['Arrows', 'Move in the tree and in the table'],
  ['→ ←', 'In the tree: open and close a prefix'],
  ['Home End', 'First and last line of the tree, or cell of the row'],
  ['Ctrl+Home Ctrl+End', 'First and last record'],
  ['Page up, Page down', 'A page of records'],
  ['Enter', 'Open the record; on a header: sort by it'],
  ['f', 'On a header: filter by it'],
  ['Shift+← Shift+→', 'On a header: make the column narrower or wider'],
];

/** The list of shortcuts, while it is open. */
export function Shortcuts() {
  if (!areShortcutsOpen.value) return null;
  const close = () => {
    areShortcutsOpen.value = false;
  };
  return (
    <Dialog title="Shortcuts" close={close}>
      <dl class="shortcuts">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-buttons">
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  );
}
