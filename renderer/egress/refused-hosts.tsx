import type { RefusedAttempt } from '../../shared/model/egress.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { agentName } from '../stores/select.ts';
import { AgentSentence } from '../ui/agent-text.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import { AllowHost } from './allow-host.tsx';
import './egress.css';

/** Hosts that agents asked for in vain, with the way to allow each. What can never be allowed is in its turn only. */
export function RefusedHosts() {
  const t = useT();
  const { egress } = useSlices('egress');
  const { transport } = useServices();
  const dismiss = useAction(() => transport.call('egress.dismiss', {}));
  const refused = egress.refused.filter(({ reason }) => reason === 'not-allowed' || reason === 'port');
  if (refused.length === 0) return null;
  return (
    <fieldset className="refused-hosts" aria-label={t('egress.refused')}>
      <List className="stack">
        {refused.map((attempt) => (
          <Refused key={`${attempt.agentId} ${attempt.projectDir} ${attempt.host}:${attempt.port}`} attempt={attempt} />
        ))}
      </List>
      <p className="row">
        <Button look="quiet" disabled={dismiss.pending} onClick={() => dismiss.run()}>
          {t('egress.dismiss')}
        </Button>
      </p>
      <ErrorText error={dismiss.error} />
    </fieldset>
  );
}

function Refused({ attempt }: { attempt: RefusedAttempt }) {
  const app = useSlices('agents');
  const { agentId, projectDir, host, port } = attempt;
  return (
    <li className="refused-host">
      <p>
        <Icon name="warning" />
        <span>
          <AgentSentence
            of="egress.refused.host"
            values={{ agent: agentName(app, agentId), host: `${host}:${port}` }}
          />
        </span>
      </p>
      <AllowHost projectDir={projectDir} host={host} port={port} />
    </li>
  );
}
