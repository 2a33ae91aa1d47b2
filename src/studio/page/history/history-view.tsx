import { useEffect, useMemo } from 'preact/hooks';
import type { HistoryEntry, LeafDifference, RecordInfo } from '../../api/messages.js';
import { notify } from '../state/notices.js';
import { store, writable } from '../state/session.js';
import { formatBytes } from '../table/format-value.js';
import { ask } from '../ui/ask.js';
import { Button } from '../ui/button.js';
import { Empty, Failed, Loading } from '../ui/states.js';
import { api, messageOf } from '../wire/client.js';
import { HistoryModel } from './history-model.js';

/** What {@link HistoryView} takes. */
export interface HistoryViewProps {
  readonly path: string;
  readonly info: RecordInfo;
  readonly restored: (info: RecordInfo) => void;
}

/** What was done to a path, with differences, and the way back. */
export function HistoryView({ path, info, restored }: HistoryViewProps) {
  const model = useMemo(() => new HistoryModel(path), [path]);
  useEffect(() => {
    if (store.value?.history) void model.begin();
    return () => {
      model.close();
    };
  }, [model, info.revision]);
  if (!store.value?.history) return <Empty>This store tells no history.</Empty>;
  const entries = model.entries.value;
  const restore = async (entry: HistoryEntry) => {
    const isSure = await ask({
      title: 'Restore?',
      text: (
        <>
          Everything at <code>{path}</code> is put back to what it was after operation {entry.storeSeq}. What
          has been written since stays in the log.
        </>
      ),
      action: 'Restore',
    });
    if (!isSure) return;
    try {
      const answer = await api.restore({ path, storeSeq: entry.storeSeq, revision: info.revision });
      if (answer.outcome === 'written') {
        notify(`Restored what was after operation ${entry.storeSeq}.`);
        restored(answer.record);
      } else if (answer.outcome === 'conflict') {
        restored(answer.current);
        notify('It has been changed meanwhile. Look at it, and restore again.', 'failed');
      } else {
        notify(answer.violations.flatMap(({ messages }) => messages).join(' '), 'failed');
      }
    } catch (error) {
      notify(messageOf(error), 'failed');
    }
  };
  return (
    <>
      {model.failure.value !== undefined && (
        <Failed
          error={model.failure.value}
          retry={() => {
            void model.begin();
          }}
        />
      )}
      <ol class="history">
        {entries.map((entry, i) => (
          <Entry
            key={entry.storeSeq}
            entry={entry}
            path={path}
            restore={writable.value && i > 0 ? () => void restore(entry) : undefined}
          />
        ))}
      </ol>
      {model.isLoading.value && entries.length === 0 && <Loading what="the history" />}
      {model.hasOlder && (
        <Button disabled={model.isLoading.value} onClick={() => void model.older()}>
          Older
        </Button>
      )}
      {model.nextBefore.value === null && (
        <p class="hint">
          {entries.length === 0 ? 'The log has nothing about it. ' : ''}
          {model.firstSeq.value > 1
            ? `The log is kept from operation ${model.firstSeq.value} on.`
            : 'The log begins here.'}
        </p>
      )}
    </>
  );
}

interface EntryProps {
  readonly entry: HistoryEntry;
  readonly path: string;
  readonly restore: (() => void) | undefined;
}

function Entry({ entry, path, restore }: EntryProps) {
  return (
    <li>
      <div class="history-head">
        <span class="seq">{entry.storeSeq}</span>
        <span class="tag">{entry.op}</span>
        {entry.path !== path && <span class="path-text">{relative(entry.path, path)}</span>}
        <span class="spring" />
        {entry.deviceId !== null && (
          <span class="faint device" title={`Written by ${entry.deviceId}`}>
            {entry.deviceId}
          </span>
        )}
        {restore && (
          <Button
            look="quiet"
            aria-label={`Restore what was after operation ${entry.storeSeq}`}
            onClick={restore}
          >
            Restore
          </Button>
        )}
      </div>
      {entry.changes.length > 0 ? (
        <ul class="differences">
          {entry.changes.map((change) => (
            <Difference key={change.path} change={change} path={path} />
          ))}
        </ul>
      ) : (
        <p class="mono differences">
          {entry.cut === undefined ? JSON.stringify(entry.value) : `${formatBytes(entry.cut)}, not shown`}
        </p>
      )}
    </li>
  );
}

function Difference({ change, path }: { change: LeafDifference; path: string }) {
  const { path: at, before, after, beforeUnknown } = change;
  return (
    <li>
      <span class="path-text">{relative(at, path)}</span>{' '}
      {beforeUnknown && <span class="faint">the log does not tell what was</span>}
      {before !== undefined && (
        <del>
          <span class="unseen">was </span>
          {JSON.stringify(before)}
        </del>
      )}{' '}
      {after !== undefined && (
        <ins>
          <span class="unseen">is </span>
          {JSON.stringify(after)}
        </ins>
      )}
    </li>
  );
}

/** A path as it is seen from another one above it. */
function relative(path: string, from: string): string {
  if (path === from) return '.';
  return path.startsWith(`${from}/`) ? path.slice(from.length + 1) : path;
}
