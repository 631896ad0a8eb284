import { useEffect, useId, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import type { OtherAgent } from '../../../shared/model/agent-registry.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { OutsideLink } from '../../ui/link.tsx';
import { List } from '../../ui/list.tsx';

/** Agents of the ACP registry that Perch does not know by itself: where the list is from, and the way to run one. */
export function OtherAgents() {
  const t = useT();
  const { agents } = useSlices('agents');
  const { transport } = useServices();
  const [known, setKnown] = useState<Result<'agentRegistry.list'>>();
  const look = useAction(async () => setKnown(await transport.call('agentRegistry.list', {})));
  const refresh = useAction(async () => setKnown(await transport.call('agentRegistry.refresh', {})));
  const lookNow = look.run;
  useEffect(() => void lookNow(), [lookNow]);
  const present = new Set(agents.map(({ agentId }) => agentId));
  const others = known?.agents.filter(({ agentId }) => !present.has(agentId)) ?? [];
  const source = known?.source;
  return (
    <section className="stack" aria-labelledby="other-agents">
      <h3 id="other-agents">{t('otherAgents')}</h3>
      <p className="hint">{t('otherAgents.hint')}</p>
      <div className="row row-between">
        <p className="hint" role="status">
          {source && t('otherAgents.source', { date: source.date, origin: source.origin })}
        </p>
        <Button onClick={() => refresh.run()} disabled={refresh.pending}>
          {t('otherAgents.refresh')}
        </Button>
      </div>
      <ErrorText error={refresh.error ?? look.error} />
      <List className="stack" aria-labelledby="other-agents">
        {others.map((agent) => (
          <OtherAgentCard key={agent.agentId} agent={agent} />
        ))}
      </List>
    </section>
  );
}

function OtherAgentCard({ agent }: { agent: OtherAgent }) {
  const t = useT();
  const { name, version, description, homepage, licence, installCommand, how } = agent;
  return (
    <li className="card">
      <div className="row row-between">
        <h4>{name}</h4>
        <span className="agent-meta">{[version, licence].filter(Boolean).join(' · ')}</span>
      </div>
      <p className="hint">
        {description} {homepage && <OutsideLink href={homepage}>{t('agents.homepage')}</OutsideLink>}
      </p>
      {installCommand && (
        <div className="agent-remedy">
          <code>{installCommand}</code>
          <CopyButton text={installCommand} name={t('agent.copyInstall', { agent: name })} />
        </div>
      )}
      {how === 'package' ? <Add agent={agent} /> : <p className="hint">{t('otherAgents.byHand')}</p>}
    </li>
  );
}

/** Makes it an agent of the user's and begins its installation, whose progress shows on its own card. */
function Add({ agent }: { agent: OtherAgent }) {
  const t = useT();
  const id = useId();
  const { providers } = useSlices('providers');
  const { transport } = useServices();
  const [providerId, setProviderId] = useState('');
  const { agentId, name } = agent;
  const add = useAction(async () => {
    await transport.call('agentRegistry.add', { agentId, ...(providerId === '' ? {} : { providerId }) });
    await transport.call('agents.install', { agentId });
  });
  return (
    <>
      <Field id={id} label={t('otherAgents.provider')} hint={t('otherAgents.provider.hint')}>
        <select id={id} value={providerId} onChange={(event) => setProviderId(event.target.value)}>
          <option value="">{t('otherAgents.provider.none')}</option>
          {providers.map((provider) => (
            <option key={provider.providerId} value={provider.providerId}>
              {provider.name}
            </option>
          ))}
        </select>
      </Field>
      <div className="row">
        <Button
          onClick={() => add.run()}
          disabled={add.pending}
          aria-label={t('install.of', { action: t('otherAgents.add'), agent: name })}
        >
          {t('otherAgents.add')}
        </Button>
      </div>
      <ErrorText error={add.error} />
    </>
  );
}
