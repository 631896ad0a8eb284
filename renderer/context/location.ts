import { createStore, type StoreApi } from 'zustand/vanilla';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { follow, type Trail, trailTo } from './trail.ts';

export interface Location {
  readonly store: StoreApi<Route>;
  /** How the window came to the present place. */
  readonly trail: StoreApi<Trail>;
  go(route: Route): void;
  /** Goes there without leaving the present place in the history. */
  replace(route: Route): void;
}

export function createLocation(page: Window): Location {
  const first = parseRoute(page.location.hash);
  const store = createStore<Route>(() => first);
  const trail = createStore<Trail>(() => trailTo(first));
  const arrive = (route: Route) => {
    trail.setState(follow(trail.getState(), route), true);
    store.setState(route, true);
  };
  page.addEventListener('hashchange', () => arrive(parseRoute(page.location.hash)));
  return {
    store,
    trail,
    go(route) {
      page.location.hash = formatRoute(route);
    },
    replace(route) {
      page.history.replaceState(null, '', formatRoute(route));
      arrive(route);
    },
  };
}
