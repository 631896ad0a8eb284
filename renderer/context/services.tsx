import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppState } from '../../shared/contract/state.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { AppStore } from '../stores/app-store.ts';
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
const AppContext = createContext<AppState | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function TranslateProvider({ t, children }: { t: Translate; children: ReactNode }) {
  return <TranslateContext value={t}>{children}</TranslateContext>;
}

/** Only below this provider is there a state to show. */
export function AppStateProvider({ app, children }: { app: AppState; children: ReactNode }) {
  return <AppContext value={app}>{children}</AppContext>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('useServices outside of ServicesProvider');
  return services;
}

export function useApp(): AppState {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp outside of AppStateProvider');
  return app;
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
