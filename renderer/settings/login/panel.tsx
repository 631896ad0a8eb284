import { lazy, Suspense, useEffect, useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { LoginWayId } from '../../../shared/model/own-login.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { scopeText } from '../../credentials/scope-text.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { agentName, providerName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { OutsideLink } from '../../ui/link.tsx';
import { List } from '../../ui/list.tsx';
import { type Screen, useLogin } from './use-login.ts';

const TerminalView = lazy(() => import('../../terminal/view.tsx'));

interface LoginPanelProps {
  readonly agent: AgentView;
  readonly wayId: LoginWayId;
  readonly onClose: () => void;
  /** The program has ended, and a token that it printed is stored. */
  readonly onEnded?: () => void;
}

/** A login that runs: its screen, where it leads, and what became of its token. */
export function LoginPanel({ agent, wayId, onClose, onEnded }: LoginPanelProps) {
  const t = useT();
  const { transport } = useServices();
  const { terminalId, screen, error } = useLogin({
    agentId: agent.agentId,
    wayId,
    scope: { kind: 'global' },
    storage: 'keychain',
  });
  const [asking, setAsking] = useState(false);
  const ended = screen?.progress.state === 'ended' && ['none', 'stored'].includes(screen.capture.state);
  useEffect(() => {
    if (ended) onEnded?.();
  }, [ended, onEnded]);
  const close = useAction(async () => {
    if (terminalId !== null && error === null) await transport.call('terminals.close', { terminalId });
    onClose();
  });
  const write = (data: string) => {
    // A terminal that is gone is told by the next read.
    if (terminalId !== null) void transport.call('terminals.write', { terminalId, data }).catch(() => {});
  };
  const isOpen = screen !== null && (screen.progress.state === 'running' || screen.capture.state === 'failed');
  const label = t('login.terminal', { agent: agent.name });
  return (
    <section className="login-panel" aria-label={label}>
      {screen !== null && (
        <Suspense fallback={<p className="hint">{t('login.starting')}</p>}>
          <TerminalView size={screen.size} painted={screen.painted} label={label} onInput={write} />
        </Suspense>
      )}
      {screen === null && error === null && <p className="hint">{t('login.starting')}</p>}
      <ErrorText error={error ?? close.error} />
      {screen !== null && <Links links={screen.links} />}
      <div role="status">{screen !== null && <Outcome screen={screen} terminalId={terminalId} />}</div>
      {asking ? (
        <div className="question" role="alertdialog" aria-label={t('login.close')} aria-describedby="login-close-ask">
          <p id="login-close-ask">{t('login.close.ask')}</p>
          <div className="row">
            <Button autoFocus onClick={() => setAsking(false)}>
              {t('login.close.stay')}
            </Button>
            <Button look="danger" onClick={() => void close.run()}>
              {t('login.close.end')}
            </Button>
          </div>
        </div>
      ) : (
        <div className="row">
          <Button onClick={() => (isOpen && error === null ? setAsking(true) : void close.run())}>
            {t('login.close')}
          </Button>
          <span className="hint">{t('login.keys')}</span>
        </div>
      )}
    </section>
  );
}

function Links({ links }: { links: readonly string[] }) {
  const t = useT();
  if (links.length === 0) return null;
  return (
    <List className="login-links" aria-label={t('login.links')}>
      {links.map((link) => (
        <li key={link}>
          <OutsideLink href={link}>{t('login.open', { host: URL.parse(link)?.host ?? link })}</OutsideLink>
        </li>
      ))}
    </List>
  );
}

function Outcome({ screen, terminalId }: { screen: Screen; terminalId: string | null }) {
  const t = useT();
  const app = useSlices('providers', 'agents');
  const { progress, capture } = screen;
  switch (capture.state) {
    case 'storing':
      return <p>{t('login.storing')}</p>;
    case 'stored': {
      const { variable, masked, scope, providerId } = capture.credential;
      const where = scopeText(scope, t, (agentId) => agentName(app, agentId));
      return (
        <p className="good">
          {t('login.stored', { variable, masked, provider: providerName(app, providerId), scope: where })}
        </p>
      );
    }
    case 'failed':
      return (
        <>
          <ErrorText error={capture.error} />
          <Retry terminalId={terminalId} />
        </>
      );
    case 'none':
      break;
  }
  switch (progress.state) {
    case 'running':
      return null;
    case 'ended':
      return <p>{t(progress.exitCode === 0 ? 'login.ended' : 'login.failed', { code: progress.exitCode })}</p>;
    case 'lost':
      return <ErrorText error={progress.error} />;
  }
}

/** The token is held in the core: storing it can be tried again, or it is kept there until Perch ends. */
function Retry({ terminalId }: { terminalId: string | null }) {
  const t = useT();
  const { transport } = useServices();
  const store = useAction(async (storage: 'keychain' | 'session-only') => {
    if (terminalId !== null) await transport.call('terminals.store', { terminalId, storage });
  });
  return (
    <>
      <p>{t('login.held')}</p>
      <div className="row">
        <Button look="primary" disabled={store.pending} onClick={() => void store.run('keychain')}>
          {t('login.storeAgain')}
        </Button>
        <Button disabled={store.pending} onClick={() => void store.run('session-only')}>
          {t('login.storeForSession')}
        </Button>
      </div>
      <ErrorText error={store.error} />
    </>
  );
}
