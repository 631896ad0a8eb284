import { formatRoute, HOME, type Route } from './route.ts';

/** The places that lead to where the window is: the first is home, the last is the present one. */
export type Trail = readonly Route[];

/** The way to a place that was opened by its address alone: from a reload, the tray, a notification. Pure. */
export function trailTo(route: Route): Trail {
  if (route.view === 'home') return [HOME];
  if (route.view === 'log' && route.turnId !== undefined) {
    return [HOME, { view: 'session', turnId: route.turnId }, route];
  }
  return [HOME, route];
}

/**
 * A place that is on the way already is gone back to; another page of the same view takes the place of the one before:
 * *Back* leaves a view, it does not leaf through it. Pure.
 */
export function follow(trail: Trail, route: Route): Trail {
  const address = formatRoute(route);
  const known = trail.findIndex((one) => formatRoute(one) === address);
  if (known >= 0) return trail.slice(0, known + 1);
  const kept = trail.at(-1)?.view === route.view ? trail.slice(0, -1) : trail;
  return [...kept, route];
}

/** Where *Back* leads. Pure. */
export function wayBack(trail: Trail): Route {
  return trail.at(-2) ?? HOME;
}
