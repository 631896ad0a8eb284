import { useId, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { FormFrame } from '../../forms/form-frame.tsx';
import { selectedAgent } from '../../stores/select.ts';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Tests whether a provider can be reached with the present settings, and names the obstacle. */
export function TryIt() {
  const t = useT();
  const app = useSlices('providers', 'agents', 'settings');
  const { transport } = useServices();
  const id = useId();
  const reachable = app.providers.filter(({ baseUrl }) => baseUrl !== undefined);
  const usual = selectedAgent(app)?.effective.providerId;
  const [chosen, setChosen] = useState('');
  const fallback = reachable.find(({ providerId }) => providerId === usual) ?? reachable[0];
  const providerId = chosen === '' ? (fallback?.providerId ?? '') : chosen;
  const [reached, setReached] = useState<Result<'network.check'> | null>(null);
  const check = useAction(async () => setReached(await transport.call('network.check', { providerId })));
  return (
    <FormFrame
      title={t('network.try')}
      action={check}
      ready={providerId !== ''}
      onSubmit={() => {
        setReached(null);
        return check.run();
      }}
      submit={t(check.pending ? 'network.try.pending' : 'network.try.submit')}
      submitLook="plain"
      isErrorLast
      after={
        <div role="status" className="said">
          {reached && (
            <p>
              <Icon name="check" /> {t(`network.try.${reached.way}`, { host: reached.host, status: reached.status })}
            </p>
          )}
        </div>
      }
    >
      <Field id={`${id}-provider`} label={t('network.try.provider')} hint={t('network.try.hint')}>
        <select
          id={`${id}-provider`}
          aria-describedby={`${id}-provider-hint`}
          value={providerId}
          onChange={(event) => {
            setReached(null);
            check.clear();
            setChosen(event.target.value);
          }}
        >
          {reachable.map((provider) => (
            <option key={provider.providerId} value={provider.providerId}>
              {provider.name}
            </option>
          ))}
        </select>
      </Field>
    </FormFrame>
  );
}
