import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { go, route } from '../state/router.js';
import { pathRoute, tableOf } from '../state/route.js';
import { Icon } from '../ui/icons.js';
import { messageOf } from '../wire/client.js';
import type { TreeLine } from './level.js';
import { countText } from './level.js';
import { activeLine, closeLevel, continueLevel, levels, lines, openLevel } from './tree-state.js';

/** The paths of the store as a tree, opened level by level. */
export function Tree() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void openLevel('');
  }, []);
  const shown = lines.value;
  const active = shown.find(({ key }) => key === activeLine.value)?.key ?? shown[0]?.key;
  useLayoutEffect(() => {
    const panel = element.current;
    if (panel?.contains(document.activeElement)) {
      panel.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    }
  }, [active]);
  if (levels.value.get('')?.state === 'ready' && shown.length === 0) {
    return <p class="state">This store is empty.</p>;
  }
  return (
    <div
      ref={element}
      class="tree"
      role="tree"
      aria-label="Paths of the store"
      onKeyDown={(event) => {
        if (steer(event.key, active)) event.preventDefault();
      }}
    >
      {shown.map((line) => (
        <Line key={line.key} line={line} isActive={line.key === active} />
      ))}
    </div>
  );
}

function Line({ line, isActive }: { line: TreeLine; isActive: boolean }) {
  const current = route.value;
  const isShown =
    line.kind === 'node' &&
    (current.view === 'path'
      ? current.path === line.child.path
      : current.view === 'table' && current.entity === line.child.entity);
  const isParent = line.kind === 'node' && !line.child.isLeaf;
  return (
    <div
      class={`tree-line tree-${line.kind}`}
      role="treeitem"
      aria-level={line.level}
      aria-selected={isShown}
      {...(isParent ? { 'aria-expanded': line.open } : {})}
      tabIndex={isActive ? 0 : -1}
      style={{ '--level': String(line.level - 1) }}
      onClick={(event) => {
        activeLine.value = line.key;
        if (event.target instanceof Element && event.target.closest('.tree-toggle')) toggle(line);
        else enter(line);
      }}
    >
      <span class="tree-toggle">{isParent && <Icon name="chevron" turned={line.open} />}</span>
      <LineText line={line} />
    </div>
  );
}

function LineText({ line }: { line: TreeLine }) {
  switch (line.kind) {
    case 'node':
      return (
        <>
          <span class="tree-segment">{line.child.segment}</span>
          {line.child.entity !== undefined && <span class="tag">{line.child.entity}</span>}
          {!line.child.isLeaf && (
            <span class="tree-count">
              {countText(line.child)}
              <span class="unseen"> leaves</span>
            </span>
          )}
        </>
      );
    case 'more':
      return <span>More…</span>;
    case 'start':
      return <span>From the start…</span>;
    case 'loading':
      return <span>Loading…</span>;
    case 'failed':
      return <span class="tree-failure">{messageOf(line.error)} Try again</span>;
  }
}

/** What a click and Enter do. */
function enter(line: TreeLine): void {
  switch (line.kind) {
    case 'node':
      go(line.child.entity === undefined ? pathRoute(line.child.path) : tableOf(line.child.entity));
      return;
    case 'more':
    case 'failed':
      void continueLevel(line.parent);
      return;
    case 'start':
      void continueLevel(line.parent, 'start');
      return;
    case 'loading':
      return;
  }
}

function toggle(line: TreeLine): void {
  if (line.kind !== 'node' || line.child.isLeaf) return;
  if (line.open) closeLevel(line.child.path);
  else void openLevel(line.child.path);
}

/** Does what a key asks for; says whether it is one of the tree's. */
function steer(key: string, active: string | undefined): boolean {
  const shown = lines.peek();
  const at = shown.findIndex((line) => line.key === active);
  const line = shown[at];
  if (!line) return false;
  const move = (to: number) => {
    activeLine.value = shown[Math.max(0, Math.min(shown.length - 1, to))]!.key;
    return true;
  };
  switch (key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'Home':
      return move(0);
    case 'End':
      return move(shown.length - 1);
    case 'ArrowRight':
      if (line.kind !== 'node' || line.child.isLeaf) return true;
      if (line.open) return move(at + 1);
      toggle(line);
      return true;
    case 'ArrowLeft':
      if (line.kind === 'node' && line.open) {
        toggle(line);
        return true;
      }
      return move(shown.slice(0, at).findLastIndex((other) => other.level < line.level));
    case 'Enter':
    case ' ':
      enter(line);
      return true;
    default:
      return false;
  }
}
