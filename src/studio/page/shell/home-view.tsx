import { formatRoute, tableOf } from '../state/route.js';
import { store } from '../state/session.js';
import { Empty } from '../ui/states.js';

/** The store at a glance. */
export function HomeView() {
  const info = store.value;
  if (!info) return null;
  return (
    <section class="page" aria-label="Store">
      <h1>{info.store}</h1>
      <dl class="figures">
        <div>
          <dt>Place</dt>
          <dd class="path-text">{info.place}</dd>
        </div>
        <div>
          <dt>Changes</dt>
          <dd>{info.live ? 'live' : 'not told'}</dd>
        </div>
        <div>
          <dt>Writing</dt>
          <dd>{info.writable ? 'allowed' : 'read-only'}</dd>
        </div>
        <div>
          <dt>dust-orm</dt>
          <dd>{info.version}</dd>
        </div>
      </dl>
      {info.entities.length === 0 ? (
        <Empty>
          No configuration was given, so there are no tables: the tree shows what is there. With{' '}
          <code>--config ormconfig.ts</code> records are shown by their entities.
        </Empty>
      ) : (
        <div class="scrolls" role="region" aria-label="Entities" tabIndex={0}>
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">Entity</th>
                <th scope="col">Prefix</th>
                <th scope="col">Stored</th>
                <th scope="col">Columns</th>
              </tr>
            </thead>
            <tbody>
              {info.entities.map(({ name, prefix, mode, columns }) => (
                <tr key={name}>
                  <th scope="row">
                    <a href={formatRoute(tableOf(name))}>{name}</a>
                  </th>
                  <td class="path-text">{prefix}</td>
                  <td>{mode}</td>
                  <td>{columns.map(({ property }) => property).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
