import { useEffect, useState } from 'preact/hooks';
import { isDrawerOpen, toggleDrawer } from '../operations/tail.js';
import { store, writable } from '../state/session.js';
import { switchTheme, theme } from '../state/theme.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { connect, connection, storeState } from '../wire/changes.js';
import { Search } from './search.js';
import { showShortcuts } from './shortcuts.js';

const THEME_NAMES = { system: 'Auto', light: 'Light', dark: 'Dark' } as const;

/** The line above everything: which store, whether it is live, and where to go. */
export function Header() {
  const info = store.value;
  return (
    <header class="top">
      <a class="to-menu" href="#/" aria-label="Menu">
        <Icon name="menu" />
      </a>
      <a class="brand" href="#/" title={info?.place}>
        {info?.store ?? 'Dust studio'}
      </a>
      <Live />
      {info && !writable.value && (
        <span class="tag" title="Begin the studio with --write to change records">
          read-only
        </span>
      )}
      <span class="spring" />
      <Search />
      <Button look="quiet" aria-pressed={isDrawerOpen.value} onClick={toggleDrawer}>
        Operations
      </Button>
      <Button look="quiet" aria-label={`Theme: ${THEME_NAMES[theme.value]}`} onClick={switchTheme}>
        {THEME_NAMES[theme.value]}
      </Button>
      <Button look="quiet" class="help" aria-label="Shortcuts" onClick={showShortcuts}>
        ?
      </Button>
    </header>
  );
}

function Live() {
  const { kind } = connection.value;
  const state = storeState.value;
  if (kind === 'off') return null;
  const text =
    kind === 'open'
      ? state === undefined || state === 'live'
        ? 'live'
        : state
      : kind === 'lost' || kind === 'refused'
        ? 'offline'
        : 'connecting';
  return (
    <span class={`live live-${kind === 'open' && text === 'live' ? 'on' : 'off'}`} role="status">
      {text}
    </span>
  );
}

/** Says that the studio's process is away, and when it is looked for again. */
export function LostBanner() {
  const state = connection.value;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (state.kind !== 'lost') return;
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [state]);
  if (state.kind === 'refused') {
    return (
      <div class="banner banner-lost" role="alert">
        The studio has been begun anew, and does not know this page any more. Open the address that it prints.
      </div>
    );
  }
  if (state.kind !== 'lost') return null;
  const seconds = Math.max(0, Math.ceil((state.retryAt - now) / 1000));
  return (
    <div class="banner banner-lost" role="alert">
      <span>The connection to the studio’s process is lost. What is shown may be old.</span>
      <span aria-hidden="true">Next try in {seconds} s.</span>
      <Button onClick={connect}>Try now</Button>
    </div>
  );
}
