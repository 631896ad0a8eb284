import { useId } from 'react';
import { choicesIn } from '../../shared/errors/choices.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../shared/i18n/describe-error.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { providerName } from '../stores/select.ts';
import './failure.css';

/** The choice that an error asks for, in its message. What is chosen is the agent's setting from then on. */
export function ProviderChoice({ error }: { error: WireError }) {
  const t = useT();
  const app = useSlices('providers');
  const { transport } = useServices();
  const id = useId();
  const choose = useAction((agentId: string, providerId: string) =>
    transport.call('agents.configure', { agentId, settings: { auth: { mode: 'byo', providerId } } }),
  );
  const { agentId } = error.values;
  const choices = choicesIn(error);
  if (error.code !== 'PROVIDER_UNDERIVABLE' || typeof agentId !== 'string' || choices.length === 0) return null;
  return (
    <span className="provider-choice">
      <label htmlFor={id}>{t('provider')}</label>
      <select
        id={id}
        value=""
        disabled={choose.pending}
        onChange={(event) => void choose.run(agentId, event.target.value)}
      >
        <option value="" disabled>
          {t('provider.choose')}
        </option>
        {choices.map((providerId) => (
          <option key={providerId} value={providerId}>
            {providerName(app, providerId)}
          </option>
        ))}
      </select>
      {choose.error && <span>{describeErrorWithCode(choose.error, t)}</span>}
    </span>
  );
}
