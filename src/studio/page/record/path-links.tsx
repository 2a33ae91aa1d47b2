import { segmentsOf } from '../state/paths.js';
import { formatRoute, pathRoute } from '../state/route.js';

/** A path, each part of which leads to what is there. */
export function PathLinks({ path }: { path: string }) {
  const segments = path === '' ? [] : path.split('/');
  return (
    <nav class="path-links" aria-label="Path">
      {segments.map((_, i) => {
        const upTo = segments.slice(0, i + 1).join('/');
        return (
          <span key={upTo}>
            {i > 0 && <span class="faint">/</span>}
            <a href={formatRoute(pathRoute(upTo))}>{segmentsOf(segments[i]!)[0]}</a>
          </span>
        );
      })}
    </nav>
  );
}
