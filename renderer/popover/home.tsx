import { BootFailures } from '../boot/boot-failures.tsx';
import { useSlices, useT } from '../context/services.tsx';
import { DeclarationNotice } from '../declared/declaration-notice.tsx';
import { RefusedLine } from '../egress/refused-line.tsx';
import { LeakAlerts } from '../leaks/leak-alerts.tsx';
import { selectedAgent } from '../stores/select.ts';
import { RouteLink } from '../ui/link.tsx';
import { AgentSection } from './agent-section.tsx';
import { ConnectionCard } from './connection-card.tsx';
import { KeychainLine } from './keychain-line.tsx';
import './popover.css';
import { PromptForm } from './prompt-form.tsx';
import { ProtectionLine } from './protection-line.tsx';
import { RecentRuns } from './recent-runs.tsx';
import { RecoveryNotice } from './recovery-notice.tsx';
import { Waiting } from './waiting.tsx';

/** The view that the tray icon opens: connection, agent, prompt, latest turns. */
export function Home() {
  const app = useSlices('connection', 'agents', 'keychain', 'turns', 'settings');
  const agent = selectedAgent(app);
  return (
    <div className="home">
      <TopBar />
      <ConnectionCard connection={app.connection} agent={agent} />
      <RecoveryNotice />
      <BootFailures />
      <Waiting />
      <LeakAlerts />
      <RefusedLine agent={agent} />
      <DeclarationNotice />
      <AgentSection agents={app.agents} selected={agent} />
      <PromptForm agent={agent} />
      {agent && <ProtectionLine agent={agent} />}
      <KeychainLine health={app.keychain} />
      <RecentRuns turns={app.turns} />
    </div>
  );
}

function TopBar() {
  const t = useT();
  return (
    <header className="topbar">
      <h1>Perch</h1>
      <nav aria-label={t('nav')}>
        <RouteLink
          to={{ view: 'log', log: 'runner' }}
          look="icon"
          icon="log"
          aria-label={t('nav.log')}
          title={t('nav.log')}
        />
        <RouteLink
          to={{ view: 'settings', page: 'credentials' }}
          look="icon"
          icon="gear"
          aria-label={t('nav.settings')}
          title={t('nav.settings')}
        />
      </nav>
    </header>
  );
}
