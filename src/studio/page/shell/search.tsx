import { useRef, useState } from 'preact/hooks';
import { go, route } from '../state/router.js';
import { entities } from '../state/session.js';
import type { SearchTarget } from './search-targets.js';
import { searchTargets } from './search-targets.js';

/** The search's input, for the key that leads there. */
export const SEARCH_INPUT = 'search-input';
const LIST = 'search-list';

/** A search for a slug, a path or a table. */
export function Search() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const element = useRef<HTMLInputElement>(null);
  const current = route.value.view === 'table' ? route.value.entity : undefined;
  const targets = isOpen ? searchTargets(text, entities.value, current) : [];
  const take = (target: SearchTarget | undefined) => {
    if (!target) return;
    go(target.route);
    setText('');
    setOpen(false);
    element.current?.blur();
  };
  return (
    <div class="search" role="search">
      <input
        ref={element}
        id={SEARCH_INPUT}
        type="text"
        role="combobox"
        aria-label="Go to a slug, a path or a table"
        aria-expanded={targets.length > 0}
        aria-controls={LIST}
        aria-autocomplete="list"
        aria-keyshortcuts="/"
        {...(targets.length > 0 ? { 'aria-activedescendant': `${LIST}-${chosen}` } : {})}
        placeholder="Slug or path  ( / )"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          setChosen(0);
          setOpen(true);
        }}
        onBlur={() => {
          setOpen(false);
        }}
        onKeyDown={(event) => {
          const { key } = event;
          if (key === 'ArrowDown' || key === 'ArrowUp') {
            const step = key === 'ArrowDown' ? 1 : -1;
            setOpen(true);
            if (targets.length > 0) setChosen((chosen + step + targets.length) % targets.length);
          } else if (key === 'Enter') take(targets[chosen]);
          else if (key === 'Escape') {
            event.stopPropagation();
            setText('');
            setOpen(false);
            element.current?.blur();
          } else return;
          event.preventDefault();
        }}
      />
      <ul id={LIST} class="search-list" role="listbox" aria-label="Where to go" hidden={targets.length === 0}>
        {targets.map((target, i) => (
          <li
            key={`${target.detail}:${target.title}`}
            id={`${LIST}-${i}`}
            role="option"
            aria-selected={i === chosen}
            onPointerDown={(event) => {
              event.preventDefault();
              take(target);
            }}
          >
            <span class="search-title">{target.title}</span> <span class="faint">{target.detail}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
