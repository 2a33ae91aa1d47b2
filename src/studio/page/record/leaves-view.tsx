import { useState } from 'preact/hooks';
import type { LeafInfo, RecordInfo } from '../../api/messages.js';
import { formatRoute, pathRoute } from '../state/route.js';
import { writable } from '../state/session.js';
import { formatBytes, formatValue } from '../table/format-value.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/states.js';
import { isFileLeaf } from './file-look.js';
import { LeafEditor } from './leaf-editor.js';

/** What {@link LeavesView} takes. */
export interface LeavesViewProps {
  readonly info: RecordInfo;
  readonly changed: ReadonlySet<string>;
  readonly saved: () => void;
}

/** The leaves at and below a path, with type and revision. */
export function LeavesView({ info, changed, saved }: LeavesViewProps) {
  const [edited, setEdited] = useState<{ leaf: LeafInfo | undefined }>();
  const isLeaf = info.leaves.some(({ path }) => path === info.path);
  return (
    <>
      {info.leaves.length === 0 ? (
        <Empty>There is nothing here.</Empty>
      ) : (
        <div class="scrolls" role="region" aria-label="Leaves" tabIndex={0}>
          <table class="plain-table leaves">
            <thead>
              <tr>
                <th scope="col">Path</th>
                <th scope="col">Type</th>
                <th scope="col" class="right">
                  Revision
                </th>
                <th scope="col">Value</th>
                {writable.value && (
                  <th scope="col">
                    <span class="unseen">Change</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {info.leaves.map((leaf) => (
                <tr key={leaf.path} class={changed.has(leaf.path) ? 'fact-changed' : ''}>
                  <th scope="row" class="path-text">
                    {leaf.path === info.path ? (
                      '.'
                    ) : (
                      <a href={formatRoute(pathRoute(leaf.path))}>{leaf.path.slice(info.path.length + 1)}</a>
                    )}
                  </th>
                  <td class="faint">{leaf.type}</td>
                  <td class="right">{leaf.revision}</td>
                  <td class="mono leaf-value">{leafText(leaf)}</td>
                  {writable.value && (
                    <td>
                      {isEditable(leaf) && (
                        <button
                          type="button"
                          class="link"
                          aria-label={`Edit ${leaf.path}`}
                          onClick={() => {
                            setEdited({ leaf });
                          }}
                        >
                          Edit
                        </button>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {info.more && <p class="hint">Only the first 1,000 leaves are shown. The tree has the others.</p>}
      {writable.value && !isLeaf && (
        <Button
          onClick={() => {
            setEdited({ leaf: undefined });
          }}
        >
          New leaf
        </Button>
      )}
      {edited && (
        <LeafEditor
          leaf={edited.leaf}
          parent={info.path}
          saved={saved}
          close={() => {
            setEdited(undefined);
          }}
        />
      )}
    </>
  );
}

function leafText({ type, value, cut }: LeafInfo): string {
  if (cut !== undefined) return `${formatBytes(cut)}, not shown`;
  return isFileLeaf({ type, value }) ? formatValue(value, type).text : JSON.stringify(value);
}

/** Not what a `set` of its value would make something else of. */
function isEditable({ type, cut }: LeafInfo): boolean {
  return cut === undefined && type !== 'file' && type !== 'lease' && type !== 'counter' && type !== 'set';
}
