import { go } from '../state/router.js';
import type { PathRoute } from '../state/route.js';
import { formatRoute, pathRoute, tableOf } from '../state/route.js';
import { recordAt, writable } from '../state/session.js';
import { parentOf } from '../state/paths.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/states.js';
import { useState } from 'preact/hooks';
import { LeafEditor } from './leaf-editor.js';
import { record } from './record-model.js';
import { RecordPanel } from './record-panel.js';

/** What lies at a path, whatever it is. */
export function PathView({ route }: { route: PathRoute }) {
  const [isMaking, setMaking] = useState(false);
  const model = record.value;
  if (route.path === '' || !model) {
    return (
      <section class="page">
        <h1>Paths</h1>
        <Empty>Choose a path in the tree, or search for one.</Empty>
        {writable.value && (
          <Button
            onClick={() => {
              setMaking(true);
            }}
          >
            New leaf
          </Button>
        )}
        {isMaking && (
          <LeafEditor
            leaf={undefined}
            parent=""
            saved={({ record: { path } }) => {
              go(pathRoute(path));
            }}
            close={() => {
              setMaking(false);
            }}
          />
        )}
      </section>
    );
  }
  const found = recordAt(route.path);
  const isRecord = found?.record === route.path;
  return (
    <section class="path-view" aria-label={`Path ${route.path}`}>
      <h1 class="unseen">{route.path}</h1>
      {found && (
        <p class="hint">
          {isRecord ? 'A record of ' : 'A part of a record of '}
          <a href={formatRoute({ ...tableOf(found.entity.name), record: found.record })}>
            {found.entity.name}
          </a>
          .
        </p>
      )}
      <RecordPanel
        model={model}
        entity={undefined}
        tab={route.tab}
        isEditing={false}
        choose={(tab) => {
          go({ ...route, tab }, 'replace');
        }}
        edit={() => undefined}
        close={undefined}
        removed={() => {
          go(pathRoute(parentOf(route.path)));
        }}
      />
    </section>
  );
}
