// @vitest-environment happy-dom
import { Profiler } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AppEvent } from '../../shared/contract/events.ts';
import type { AppState } from '../../shared/contract/state.ts';
import { createLocation } from '../context/location.ts';
import { formatRoute, type Route } from '../context/route.ts';
import { createFakeTransport } from '../dev/fake-transport.ts';
import { NOW, STATE } from '../dev/fixtures.ts';
import { createAppStore } from '../stores/app-store.ts';
import { App } from './app.tsx';

type Slice = keyof AppState;

const SLICES = Object.keys(STATE) as Slice[];
/** The slices that the popover's first view shows. A change of any other one must not make it render. */
const SHOWN_AT_HOME: readonly Slice[] = [
  'connection',
  'keychain',
  'host',
  'settings',
  'agents',
  'providers',
  'credentials',
  'turns',
  'egress',
  'leaks',
  'permissions',
  'bootFailures',
];

let dispose = () => {};
afterEach(() => dispose());

/** The window at one place, and the number of times that anything in it was rendered since the last question. */
async function openWindow(route: Route) {
  window.history.replaceState(null, '', formatRoute(route));
  const { transport, emit } = createFakeTransport(STATE, { kind: 'open' });
  const timers = { now: () => NOW, after: () => () => {} };
  const services = { transport, appStore: createAppStore(transport), location: createLocation(window), timers };
  const place = document.createElement('div');
  const root = createRoot(place);
  let renders = 0;
  root.render(
    <Profiler id="window" onRender={() => (renders += 1)}>
      <App services={services} />
    </Profiler>,
  );
  dispose = () => root.unmount();
  /** Renders that an event with an equal, but new, value of the slice causes. */
  const rendersOf = (slice: Slice): number => {
    renders = 0;
    const event = { type: 'state', slice, value: structuredClone(STATE[slice]) } as AppEvent;
    flushSync(() => emit({ kind: 'event', event }));
    return renders;
  };
  // A view listens to the state only some moments after it is first shown.
  await vi.waitFor(() => expect(rendersOf('agents')).toBeGreaterThan(0), 20_000);
  return { rendersOf };
}

describe('a view', () => {
  test('renders again only for the slices that it shows', async () => {
    const view = await openWindow({ view: 'home' });
    const rendering: Slice[] = [];
    for (const slice of SLICES) if (view.rendersOf(slice) > 0) rendering.push(slice);
    expect(rendering).toEqual(SHOWN_AT_HOME);
  });

  test('renders for a slice that a page beside it shows', async () => {
    const view = await openWindow({ view: 'settings', page: 'network' });
    await vi.waitFor(() => expect(view.rendersOf('network')).toBeGreaterThan(0), 20_000);
    expect(view.rendersOf('mcpServers')).toBe(0);
  });
});
