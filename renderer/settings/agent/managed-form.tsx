import { useId, useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import { type AgentAuthPatch, agentAuthPatchSchema } from '../../../shared/model/auth.ts';
import { useApp, useT } from '../../app/services.tsx';
import { providerName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorText } from '../../ui/error-text.tsx';
import { Field, hintId } from '../../ui/field.tsx';
import type { Action } from '../../ui/use-action.ts';

/** Who answers behind the gateway, and which models are allowed there. `clears`: what the switch to it takes away. */
export function ManagedForm({
  agent,
  clears,
  action,
  onKeep,
}: {
  agent: AgentView;
  clears: string | undefined;
  action: Action<[AgentAuthPatch]>;
  onKeep: () => void;
}) {
  const t = useT();
  const app = useApp();
  const id = useId();
  const { auth } = agent.settings;
  const [providerId, setProviderId] = useState(
    auth.gateway?.providerId ?? agent.effective.providerId ?? agent.providerIds[0] ?? '',
  );
  const [text, setText] = useState(auth.allowedModels?.join('\n') ?? '');
  const allowedModels = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const patch = agentAuthPatchSchema.safeParse({ mode: 'managed', gateway: { providerId }, allowedModels }).data;
  const choices = new Set([...agent.providerIds, ...(providerId === '' ? [] : [providerId])]);
  return (
    <form
      className="form"
      aria-label={t('mode.managed')}
      onSubmit={(event) => {
        event.preventDefault();
        if (patch !== undefined) void action.run(patch);
      }}
    >
      <Field id={`${id}-provider`} label={t('mode.gateway')}>
        <select id={`${id}-provider`} value={providerId} onChange={(event) => setProviderId(event.target.value)}>
          {[...choices].map((one) => (
            <option key={one} value={one}>
              {providerName(app, one)}
            </option>
          ))}
        </select>
      </Field>
      <Field id={`${id}-models`} label={t('mode.allowedModels')} hint={t('mode.allowedModels.hint')}>
        <textarea
          id={`${id}-models`}
          rows={3}
          value={text}
          spellCheck={false}
          aria-describedby={hintId(`${id}-models`)}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      {clears !== undefined && <p className="hint">{clears}</p>}
      <div className="row">
        {clears !== undefined && <Button onClick={onKeep}>{t('keep')}</Button>}
        <Button type="submit" look="primary" disabled={patch === undefined || action.pending}>
          {t(clears === undefined ? 'save' : 'mode.switch')}
        </Button>
      </div>
      <ErrorText error={action.error} />
    </form>
  );
}
