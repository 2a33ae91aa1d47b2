import { signal } from '@preact/signals';
import type { Route } from './route.js';
import { formatRoute, parseRoute } from './route.js';

/** The view that is shown: that of the address. */
export const route = signal<Route>(parseRoute(location.hash));

/** Follows the address, so that back and forward work. */
export function followAddress(): void {
  addEventListener('hashchange', () => {
    route.value = parseRoute(location.hash);
  });
}

/** Goes to a view. `replace` leaves no step to go back to, for what is only a detail of the view. */
export function go(to: Route, how: 'push' | 'replace' = 'push'): void {
  const hash = formatRoute(to);
  if (hash === formatRoute(route.peek())) return;
  if (how === 'push') history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
  route.value = to;
}
