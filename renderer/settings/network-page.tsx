import { useId, useState } from 'react';
import type { AllowedHost, HostScope } from '../../shared/model/egress.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { scopeText } from '../credentials/scope-text.ts';
import { RefusedHosts } from '../egress/refused-hosts.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { FormFrame } from '../forms/form-frame.tsx';
import { agentName } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { List } from '../ui/list.tsx';
import { OwnNetwork } from './network/own-network.tsx';

/** Which hosts sessions may reach beyond their provider, and what stands between this machine and the internet. */
export function NetworkPage() {
  const t = useT();
  return (
    <>
      <p className="hint">{t('network.hint')}</p>
      <RefusedHosts />
      <AllowedHosts />
      <AllowForm />
      <OwnNetwork />
    </>
  );
}

function AllowedHosts() {
  const t = useT();
  const { egress } = useSlices('egress');
  if (egress.allowed.length === 0) return <p className="hint">{t('network.none')}</p>;
  return (
    <section className="card allowed-hosts" aria-labelledby="allowed-heading">
      <h3 id="allowed-heading">{t('network.allowed')}</h3>
      <List className="stack">
        {egress.allowed.map((allowed) => (
          <AllowedRow key={JSON.stringify([allowed.scope, allowed.host, allowed.port])} allowed={allowed} />
        ))}
      </List>
    </section>
  );
}

export function AllowedRow({ allowed }: { allowed: AllowedHost }) {
  const t = useT();
  const app = useSlices('agents');
  const { transport } = useServices();
  const { scope, host, port } = allowed;
  const remove = useAction(() => transport.call('egress.remove', { scope, host, port }));
  const name = `${host}:${port}`;
  return (
    <li>
      <span>
        <code>{name}</code> <span className="hint">{scopeText(scope, t, (agentId) => agentName(app, agentId))}</span>
      </span>
      <Button look="quiet" disabled={remove.pending} onClick={() => remove.run()}>
        {t('network.remove')}
        <span className="visually-hidden"> {name}</span>
      </Button>
      <ErrorText error={remove.error} />
    </li>
  );
}

function AllowForm() {
  const t = useT();
  const { settings, host: machine, agents } = useSlices('settings', 'host', 'agents');
  const { transport } = useServices();
  const id = useId();
  const [host, setHost] = useState('');
  const [port, setPort] = useState('443');
  const [agentId, setAgentId] = useState('');
  const projectDir = settings.projectDir ?? machine.scratchDir;
  const scope: HostScope = agentId === '' ? { kind: 'project', projectDir } : { kind: 'agent', agentId };
  const allow = useAction(() => transport.call('egress.allow', { scope, host: host.trim(), ports: [Number(port)] }));
  return (
    <FormFrame
      title={t('network.allow')}
      action={allow}
      ready={host.trim() !== ''}
      onSubmit={async () => {
        if (await allow.run()) setHost('');
      }}
      submit={t('network.allow.submit')}
      submitLook="plain"
      isErrorLast
    >
      <Field id={`${id}-host`} label={t('network.host')} hint={t('network.host.hint')}>
        <input
          id={`${id}-host`}
          aria-describedby={`${id}-host-hint`}
          value={host}
          spellCheck={false}
          autoComplete="off"
          placeholder="example.com"
          onChange={(event) => setHost(event.target.value)}
        />
      </Field>
      <Field id={`${id}-port`} label={t('network.port')}>
        <input
          id={`${id}-port`}
          type="number"
          min={1}
          max={65535}
          required
          value={port}
          onChange={(event) => setPort(event.target.value)}
        />
      </Field>
      <Field id={`${id}-scope`} label={t('scope')}>
        <select id={`${id}-scope`} value={agentId} onChange={(event) => setAgentId(event.target.value)}>
          <option value="">{scopeText({ kind: 'project', projectDir }, t, String)}</option>
          {agents
            .filter(({ demo }) => !demo)
            .map((agent) => (
              <option key={agent.agentId} value={agent.agentId}>
                {t('scope.agent.named', { agent: agent.name })}
              </option>
            ))}
        </select>
      </Field>
    </FormFrame>
  );
}
