import { type Route, SETTINGS_PAGES } from '../context/route.ts';
import { useT } from '../context/services.tsx';
import { CredentialsPage } from '../credentials/page.tsx';
import { RouteLink } from '../ui/link.tsx';
import { ViewHeader } from '../ui/view-header.tsx';
import { AgentsPage } from './agents-page.tsx';
import { EnvironmentPage } from './environment/page.tsx';
import { GeneralPage } from './general-page.tsx';
import { McpPage } from './mcp/page.tsx';
import { NetworkPage } from './network-page.tsx';
import { ProvidersPage } from './providers-page.tsx';
import { RunnerPage } from './runner-page.tsx';
import '../forms/settings.css';

type SettingsRoute = Extract<Route, { view: 'settings' }>;

export default function SettingsView({ route }: { route: SettingsRoute }) {
  const t = useT();
  return (
    <section className="settings" aria-label={t('settings')}>
      <ViewHeader title={t('settings')} focusKey="settings" />
      <nav className="tabs" aria-label={t('settings')}>
        {SETTINGS_PAGES.map((page) => (
          <RouteLink
            key={page}
            to={{ view: 'settings', page }}
            className="tab"
            aria-current={page === route.page ? 'page' : undefined}
          >
            {t(`settings.${page}`)}
          </RouteLink>
        ))}
      </nav>
      <div className="view-body settings-body">
        <h2 className="visually-hidden">{t(`settings.${route.page}`)}</h2>
        <Page route={route} />
      </div>
    </section>
  );
}

function Page({ route }: { route: SettingsRoute }) {
  switch (route.page) {
    case 'credentials':
      return <CredentialsPage providerId={route.providerId} />;
    case 'environment':
      return <EnvironmentPage agentId={route.agentId} />;
    case 'providers':
      return <ProvidersPage />;
    case 'agents':
      return <AgentsPage agentId={route.agentId} />;
    case 'network':
      return <NetworkPage />;
    case 'mcp':
      return <McpPage />;
    case 'runner':
      return <RunnerPage />;
    case 'general':
      return <GeneralPage />;
  }
}
