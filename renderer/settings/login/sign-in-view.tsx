import { useCallback, useEffect, useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { OwnLoginView } from '../../../shared/model/own-login.ts';
import { backFrom, type Route } from '../../context/route.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { findAgent } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { ViewHeader } from '../../ui/view-header.tsx';
import { LoginPanel } from './panel.tsx';
import '../../forms/settings.css';
import './login.css';

/** An agent's own sign-in, running. Once the agent says that it is signed in, the user is back where they were. */
export default function SignInView({ route }: { route: Extract<Route, { view: 'sign-in' }> }) {
  const t = useT();
  const app = useSlices('agents');
  const agent = findAgent(app, route.agentId);
  return (
    <section className="sign-in-view" aria-label={t('signInView.title', { agent: agent?.name ?? route.agentId })}>
      <ViewHeader title={t('signInView.title', { agent: agent?.name ?? route.agentId })} focusKey={route.agentId} />
      <div className="view-body">
        {agent?.ownLogin === undefined ? (
          <p>{t('signInView.none', { agent: agent?.name ?? route.agentId })}</p>
        ) : (
          <Running agent={agent} login={agent.ownLogin} back={backFrom(route)} />
        )}
      </div>
    </section>
  );
}

function Running({ agent, login, back }: { agent: AgentView; login: OwnLoginView; back: Route }) {
  const t = useT();
  const { location, transport } = useServices();
  const { host } = useSlices('host');
  const [wayId, setWayId] = useState(firstWay(login));
  const [ended, setEnded] = useState(false);
  const [round, setRound] = useState(0);
  const isIn = login.providers.some(({ login: { state } }) => state === 'signed-in');
  // The agent's own answer decides, not how its program ended.
  const check = useAction(() => transport.call('terminals.checkLogin', { agentId: agent.agentId }));
  const ask = check.run;
  const onEnded = useCallback(() => void ask().finally(() => setEnded(true)), [ask]);
  useEffect(() => {
    if (ended && isIn) location.replace(back);
  }, [ended, isIn, location, back]);
  if (host.terminals.state === 'unavailable') {
    return (
      <p>
        {t('login.noTerminals', { reason: host.terminals.reason })} <code>{`perch agents login ${agent.agentId}`}</code>
      </p>
    );
  }
  const checking = check.pending || login.providers.some(({ login: { state } }) => state === 'checking');
  const others = login.ways.filter((way) => way.wayId !== wayId);
  const start = (next: typeof wayId) => {
    setWayId(next);
    setEnded(false);
    setRound(round + 1);
  };
  return (
    <>
      <p className="hint">{t('signInView.about', { agent: agent.name })}</p>
      <LoginPanel
        key={`${wayId} ${round}`}
        agent={agent}
        wayId={wayId}
        onClose={() => location.replace(back)}
        onEnded={onEnded}
      />
      <p role="status">
        {checking && t('signInView.checking', { agent: agent.name })}
        {ended && !isIn && !checking && t('signInView.notIn', { agent: agent.name })}
      </p>
      <ErrorText error={check.error} />
      {ended && !isIn && !checking && (
        <div className="row">
          <Button look="primary" onClick={() => start(wayId)}>
            {t('tryAgain')}
          </Button>
          {others.map((way) => (
            <Button key={way.wayId} onClick={() => start(way.wayId)}>
              {t(`login.way.${way.wayId}`)}
            </Button>
          ))}
        </div>
      )}
      <p className="hint">{t('login.network')}</p>
    </>
  );
}

/** The one that leaves the agent signed in, where there is one. */
function firstWay({ ways }: OwnLoginView): OwnLoginView['ways'][number]['wayId'] {
  return ways.find(({ prints }) => prints === undefined)?.wayId ?? ways[0]?.wayId ?? 'own';
}
