import { useEffect, useRef } from 'preact/hooks';
import type { EntityInfo } from '../../api/messages.js';
import { HistoryView } from '../history/history-view.js';
import type { RecordTab } from '../state/route.js';
import { segmentsOf } from '../state/paths.js';
import { store, writable } from '../state/session.js';
import { table } from '../table/table-state.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { Empty, Failed, Loading } from '../ui/states.js';
import { Tabs } from '../ui/tabs.js';
import { FieldsView } from './fields-view.js';
import { LeavesView } from './leaves-view.js';
import { PathLinks } from './path-links.js';
import { RecordForm } from './record-form.js';
import type { RecordModel } from './record-model.js';
import { remove } from './remove.js';

/** What {@link RecordPanel} takes. */
export interface RecordPanelProps {
  readonly model: RecordModel;
  /** The entity whose record it is. */
  readonly entity: EntityInfo | undefined;
  readonly tab: RecordTab;
  readonly isEditing: boolean;
  readonly choose: (tab: RecordTab) => void;
  readonly edit: (isEditing: boolean) => void;
  /** Closes the panel; undefined where it is a page of its own. */
  readonly close: (() => void) | undefined;
  /** What to do when the record is no more. */
  readonly removed: () => void;
}

const PANEL = 'record-content';

/** A record, or what lies at a path: fields, leaves and history. */
export function RecordPanel(props: RecordPanelProps) {
  const { model, entity, tab, isEditing, edit, close } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [model.path]);
  const info = model.info.value;
  const title = segmentsOf(model.path).at(-1) ?? '';
  const hasFields = entity !== undefined;
  const shown = hasFields || tab !== 'fields' ? tab : 'leaves';
  const tabs = [
    ...(hasFields ? [{ name: 'fields' as const, title: 'Fields' }] : []),
    {
      name: 'leaves' as const,
      title: `Leaves${info ? ` (${info.leaves.length}${info.more ? '+' : ''})` : ''}`,
    },
    { name: 'history' as const, title: 'History' },
  ];
  return (
    <div class="record">
      <header class="record-head">
        {close && (
          <Button look="icon" class="record-close" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </Button>
        )}
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {info && <span class="faint">revision {info.revision}</span>}
        <span class="spring" />
        {writable.value && info && !isEditing && info.revision > 0 && <Actions {...props} title={title} />}
      </header>
      <PathLinks path={model.path} />
      {isEditing && entity && info ? (
        <div class="record-content">
          <RecordForm
            entity={entity}
            info={info}
            saved={(written) => {
              model.put(written);
              if (!store.value?.live) table.peek()?.reload();
              edit(false);
            }}
            close={() => {
              edit(false);
            }}
          />
        </div>
      ) : (
        <>
          <Tabs label="Views of the record" tabs={tabs} chosen={shown} choose={props.choose} panel={PANEL} />
          <div class="record-content" id={PANEL} role="tabpanel" aria-label={shown} tabIndex={0}>
            <Content {...props} tab={shown} />
          </div>
        </>
      )}
    </div>
  );
}

function Actions({ model, entity, edit, removed, title }: RecordPanelProps & { title: string }) {
  const info = model.info.value!;
  return (
    <>
      {entity && info.row && (
        <Button
          onClick={() => {
            edit(true);
          }}
        >
          Edit
        </Button>
      )}
      <Button
        look="danger"
        onClick={() => {
          void remove(info, title, (current) => {
            model.put(current);
          }).then((isGone) => {
            if (!isGone) return;
            table.peek()?.reload();
            removed();
          });
        }}
      >
        Delete
      </Button>
    </>
  );
}

function Content({ model, entity, tab }: RecordPanelProps) {
  const info = model.info.value;
  const failure = model.failure.value;
  if (failure !== undefined) return <Failed error={failure} retry={() => void model.load()} />;
  if (!info) return <Loading what={model.path} />;
  if (tab === 'history') {
    return (
      <HistoryView
        path={model.path}
        info={info}
        restored={(restored) => {
          model.put(restored);
        }}
      />
    );
  }
  if (info.revision === 0) {
    return <Empty>There is nothing here (any more). Its history may tell what was.</Empty>;
  }
  const changed = model.changed.value;
  if (tab === 'fields' && entity) return <FieldsView entity={entity} info={info} changed={changed} />;
  return <LeavesView info={info} changed={changed} saved={() => void model.load()} />;
}
