import { OperationsDrawer } from '../operations/drawer.js';
import { isDrawerOpen } from '../operations/tail.js';
import { PathView } from '../record/path-view.js';
import { TablePanel } from '../record/table-panel.js';
import { route } from '../state/router.js';
import { dismiss, notices } from '../state/notices.js';
import { openStore, store, storeFailure } from '../state/session.js';
import { StatusView } from '../status/status-view.js';
import { TableView } from '../table/table-view.js';
import { AskDialog } from '../ui/ask.js';
import { Icon } from '../ui/icons.js';
import { Failed, Loading } from '../ui/states.js';
import { Header, LostBanner } from './header.js';
import { HomeView } from './home-view.js';
import { Shortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';

/** The whole page. */
export function App() {
  const current = route.value;
  const hasPanel = current.view === 'table' && (current.record !== undefined || current.form === 'new');
  return (
    <div class={`app app-${current.view}${hasPanel ? ' app-panel' : ''}`}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <Header />
      <LostBanner />
      {store.value ? (
        <div class="work">
          <Sidebar />
          <main id="main" tabIndex={-1}>
            <View />
          </main>
          {hasPanel && (
            <aside class="panel" aria-label="Record">
              <TablePanel route={current} />
            </aside>
          )}
        </div>
      ) : (
        <main id="main" class="page" tabIndex={-1}>
          <h1 class="unseen">Dust studio</h1>
          {storeFailure.value === undefined ? (
            <Loading what="the store" />
          ) : (
            <Failed error={storeFailure.value} retry={() => void openStore()} />
          )}
        </main>
      )}
      {isDrawerOpen.value && store.value && <OperationsDrawer />}
      <Notices />
      <AskDialog />
      <Shortcuts />
    </div>
  );
}

function View() {
  const current = route.value;
  switch (current.view) {
    case 'home':
      return <HomeView />;
    case 'status':
      return <StatusView />;
    case 'path':
      return <PathView route={current} />;
    case 'table':
      return <TableView route={current} />;
  }
}

function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ id, text, tone }) => (
        <p key={id} class={`notice notice-${tone}`}>
          {text}
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => {
              dismiss(id);
            }}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
