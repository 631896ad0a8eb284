import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppEvent } from '../../shared/contract/events.ts';
import type { AppState } from '../../shared/contract/state.ts';
import type { LinkState, Transport, TransportMessage } from '../transport/transport.ts';

/** The last snapshot with every slice since. None of it is the window's own opinion. */
export interface AppStoreState {
  readonly link: LinkState;
  /** Null until the first snapshot. Kept while the link is lost, so that the window stays readable. */
  readonly app: AppState | null;
}

export type AppStore = StoreApi<AppStoreState>;

export function foldMessage(state: AppStoreState, message: TransportMessage): AppStoreState {
  switch (message.kind) {
    case 'link':
      return { ...state, link: message.link };
    case 'snapshot':
      return { link: { kind: 'open' }, app: message.state };
    case 'event':
      return foldEvent(state, message.event);
  }
}

function foldEvent(state: AppStoreState, event: AppEvent): AppStoreState {
  if (event.type === 'run' || state.app === null) return state;
  return { ...state, app: { ...state.app, [event.slice]: event.value } };
}

export function createAppStore(transport: Transport): AppStore {
  const store = createStore<AppStoreState>(() => ({ link: { kind: 'connecting' }, app: null }));
  transport.subscribe((message) => store.setState((state) => foldMessage(state, message), true));
  return store;
}
