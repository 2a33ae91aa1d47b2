import { formatRoute, tableOf } from '../state/route.js';
import { route } from '../state/router.js';
import { entities } from '../state/session.js';
import { Tree } from '../tree/tree.js';

/** The ways in: tables, status, and the tree of paths. */
export function Sidebar() {
  const current = route.value;
  return (
    <aside class="sidebar" aria-label="Ways in">
      <nav aria-label="Views">
        {entities.value.length > 0 && <h2>Entities</h2>}
        <ul class="views">
          {entities.value.map(({ name, prefix }) => (
            <li key={name}>
              <a
                href={formatRoute(tableOf(name))}
                title={prefix}
                {...(current.view === 'table' && current.entity === name ? { 'aria-current': 'page' } : {})}
              >
                {name} <span class="faint">{prefix}</span>
              </a>
            </li>
          ))}
        </ul>
        <h2>Store</h2>
        <ul class="views">
          <li>
            <a href="#/status" {...(current.view === 'status' ? { 'aria-current': 'page' } : {})}>
              Status
            </a>
          </li>
        </ul>
      </nav>
      <h2 class="tree-title">Paths</h2>
      <Tree />
    </aside>
  );
}
