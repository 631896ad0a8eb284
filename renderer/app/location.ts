import { createStore, type StoreApi } from 'zustand/vanilla';
import { formatRoute, parseRoute, type Route } from './route.ts';

export interface Location {
  readonly store: StoreApi<Route>;
  go(route: Route): void;
  /** Goes there without leaving the present place in the history. */
  replace(route: Route): void;
}

export function createLocation(page: Window): Location {
  const store = createStore<Route>(() => parseRoute(page.location.hash));
  page.addEventListener('hashchange', () => store.setState(parseRoute(page.location.hash), true));
  return {
    store,
    go(route) {
      page.location.hash = formatRoute(route);
    },
    replace(route) {
      page.history.replaceState(null, '', formatRoute(route));
      store.setState(route, true);
    },
  };
}
