import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { RouteLink } from '../ui/link.tsx';
import './egress.css';

/**
 * The popover's line for all hosts that the selected agent asked for in vain; what to do about each is in the turn.
 * While the runner itself is in trouble there is something else to look at.
 */
export function RefusedLine({ agent }: { agent: AgentView | undefined }) {
  const t = useT();
  const { egress, connection } = useSlices('egress', 'connection');
  const { transport } = useServices();
  const dismiss = useAction(() => transport.call('egress.dismiss', {}));
  const refused = egress.refused.filter(
    ({ agentId, reason }) => agentId === agent?.agentId && (reason === 'not-allowed' || reason === 'port'),
  );
  const newest = refused[0];
  if (newest === undefined || connection.kind === 'failed' || connection.kind === 'reconnecting') return null;
  const { turnId } = newest;
  return (
    <section className="refused-line" aria-label={t('egress.refused')}>
      <Icon name="warning" />
      <p>{t(refused.length === 1 ? 'egress.turn.one' : 'egress.turn.many', { count: refused.length })}</p>
      <RouteLink to={turnId === undefined ? { view: 'settings', page: 'network' } : { view: 'session', turnId }}>
        {t('egress.line.show')}
      </RouteLink>
      <Button look="quiet" disabled={dismiss.pending} onClick={() => dismiss.run()}>
        {t('egress.dismiss')}
      </Button>
      <ErrorText error={dismiss.error} />
    </section>
  );
}
