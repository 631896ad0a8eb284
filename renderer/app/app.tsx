import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { resolveLocale } from '../../shared/i18n/locale.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { Route } from '../context/route.ts';
import { type Services, ServicesProvider, TranslateProvider, useRoute, useT } from '../context/services.tsx';
import { Home } from '../popover/home.tsx';
import { LeavingBanner } from './leaving-banner.tsx';
import { LinkBanner, LinkPage } from './link-state.tsx';
import { useMessages } from './messages.ts';

// Views that the popover does not need at once load when they are first shown.
const SessionView = lazy(() => import('../session/session-view.tsx'));
const SettingsView = lazy(() => import('../settings/settings-view.tsx'));
const SignInView = lazy(() => import('../settings/login/sign-in-view.tsx'));
const LogView = lazy(() => import('../logs/log-view.tsx'));

export function App({ services }: { services: Services }) {
  const { appStore } = services;
  const hasState = useStore(appStore, ({ app }) => app !== null);
  const locale = useStore(appStore, ({ app }) => app?.settings.locale ?? 'system');
  const t = useMessages(resolveLocale(locale, navigator.languages));
  useTheme(useStore(appStore, ({ app }) => app?.settings.theme ?? 'system'));
  if (t === null) return null;
  return (
    <ServicesProvider services={services}>
      <TranslateProvider t={t}>{hasState ? <Panes /> : <LinkPage />}</TranslateProvider>
    </ServicesProvider>
  );
}

function useTheme(theme: Settings['theme']) {
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** A single pane at a time in the popover; side by side where there is room. */
function Panes() {
  const t = useT();
  const route = useRoute();
  return (
    <main className="window" data-view={route.view}>
      <LinkBanner />
      <LeavingBanner />
      <div className="panes">
        <div className="pane pane-home">
          <Home />
        </div>
        <div className="pane pane-detail">
          <Suspense
            fallback={
              <p className="empty" role="status">
                {t('loading')}
              </p>
            }
          >
            <Detail route={route} />
          </Suspense>
        </div>
      </div>
    </main>
  );
}

function Detail({ route }: { route: Route }) {
  const t = useT();
  switch (route.view) {
    case 'home':
      return <p className="empty nothing-open">{t('nothingOpen')}</p>;
    case 'session':
      return <SessionView turnId={route.turnId} />;
    case 'settings':
      return <SettingsView route={route} />;
    case 'sign-in':
      return <SignInView route={route} key={route.agentId} />;
    case 'log':
      return <LogView log={route.log} position={route.position} turnId={route.turnId} />;
  }
}
