import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { AppState } from '../../shared/contract/state.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { AppStore, AppStoreState } from '../stores/app-store.ts';
import type { Timers } from '../transport/timers.ts';
import type { LinkState, Transport } from '../transport/transport.ts';
import type { Location } from './location.ts';
import type { Route } from './route.ts';

/** The services that the composition root makes and every view may use. */
export interface Services {
  readonly transport: Transport;
  readonly appStore: AppStore;
  readonly location: Location;
  readonly timers: Timers;
}

const ServicesContext = createContext<Services | null>(null);
const TranslateContext = createContext<Translate>((key) => key);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function TranslateProvider({ t, children }: { t: Translate; children: ReactNode }) {
  return <TranslateContext value={t}>{children}</TranslateContext>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('useServices outside of ServicesProvider');
  return services;
}

/**
 * The part of the state that a view shows. The view renders again only when the selection changes: a selected object
 * or array is compared entry by entry, so `select` may put together a new one each time. @throws Error before the
 * first snapshot
 */
export function useApp<Selection>(select: (app: AppState) => Selection): Selection {
  const selectFromStore = ({ app }: AppStoreState) => {
    if (app === null) throw new Error('useApp before the first snapshot');
    return select(app);
  };
  return useStore(useServices().appStore, useShallow(selectFromStore));
}

/** The named slices of the state, for a view that shows them or hands them to a selector. */
export function useSlices<Slice extends keyof AppState>(
  ...slices: readonly [Slice, ...Slice[]]
): Pick<AppState, Slice> {
  return useApp((app) => {
    const picked: Partial<Pick<AppState, Slice>> = {};
    for (const slice of slices) picked[slice] = app[slice];
    return picked as Pick<AppState, Slice>;
  });
}

export function useT(): Translate {
  return useContext(TranslateContext);
}

export function useLink(): LinkState {
  return useStore(useServices().appStore, (state) => state.link);
}

export function useRoute(): Route {
  return useStore(useServices().location.store);
}
