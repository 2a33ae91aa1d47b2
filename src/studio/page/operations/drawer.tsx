import { formatRoute, pathRoute } from '../state/route.js';
import { store } from '../state/session.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { isPaused, pause, tail, toggleDrawer, waiting } from './tail.js';

/** The tail of the store's operations. It stands still while it is pointed at or has the focus. */
export function OperationsDrawer() {
  return (
    <section
      class="drawer"
      aria-label="Operations"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        toggleDrawer();
      }}
    >
      <header class="drawer-head">
        <h2>Operations</h2>
        <span class="faint" role="status">
          {isPaused.value &&
            (waiting.value > 0 ? `paused, ${waiting.value.toLocaleString('en')} waiting` : 'paused')}
        </span>
        <span class="spring" />
        <Button look="icon" aria-label="Close the operations" onClick={toggleDrawer}>
          <Icon name="close" />
        </Button>
      </header>
      <div
        class="drawer-lines"
        role="log"
        aria-live="off"
        aria-label="Last operations"
        tabIndex={0}
        onPointerEnter={() => {
          pause(true);
        }}
        onPointerLeave={(event) => {
          if (!event.currentTarget.contains(document.activeElement)) pause(false);
        }}
        onFocusIn={() => {
          pause(true);
        }}
        onFocusOut={(event) => {
          if (!event.currentTarget.matches(':hover')) pause(false);
        }}
      >
        {!store.value?.live && <p class="state">This store does not tell its changes.</p>}
        {store.value?.live && tail.value.length === 0 && (
          <p class="state">Nothing has been written since this page was opened.</p>
        )}
        {tail.value.map((line) =>
          line.kind === 'gap' ? (
            <p key={line.key} class="faint drawer-line">
              Operations may be missing here.
            </p>
          ) : (
            <p key={line.key} class="drawer-line">
              <span class="seq">{line.storeSeq}</span> <span class="tag">{line.op}</span>{' '}
              <a class="path-text" href={formatRoute(pathRoute(line.path))}>
                {line.path}
              </a>{' '}
              <span class="faint device">{line.deviceId ?? ''}</span>
            </p>
          ),
        )}
      </div>
    </section>
  );
}
