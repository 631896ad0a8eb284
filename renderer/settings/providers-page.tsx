import { useId } from 'react';
import type { ProviderView } from '../../shared/model/provider.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { OutsideLink, RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { SubmitForm } from '../ui/submit-form.tsx';
import { useSavedText } from '../ui/use-saved-text.ts';
import { LoginClient } from './login-client.tsx';
import { ModelsSource } from './models-source.tsx';

export function ProvidersPage() {
  const t = useT();
  const { providers } = useSlices('providers');
  return (
    <>
      <p className="hint">{t('providers.hint')}</p>
      <ModelsSource />
      <List className="stack">
        {providers.map((provider) => (
          <ProviderRow key={provider.providerId} provider={provider} />
        ))}
      </List>
    </>
  );
}

function ProviderRow({ provider }: { provider: ProviderView }) {
  const t = useT();
  const { credentials } = useSlices('credentials');
  const count = credentials.filter((credential) => credential.providerId === provider.providerId).length;
  return (
    <li className="card">
      <div className="row row-between">
        <h3>{provider.name}</h3>
        {provider.credentialRequired ? (
          <RouteLink to={{ view: 'settings', page: 'credentials', providerId: provider.providerId }}>
            {count > 0 ? t('providers.credentials', { count }) : t('pasteKey')}
            <span className="visually-hidden"> {provider.name}</span>
          </RouteLink>
        ) : (
          <span className="hint">{t('providers.noCredential')}</span>
        )}
      </div>
      <BaseUrlForm provider={provider} />
      <LoginClient provider={provider} />
      {provider.keyPage && (
        <p className="hint">
          <OutsideLink href={provider.keyPage}>{t('providers.keyPage')}</OutsideLink>
        </p>
      )}
    </li>
  );
}

/** The endpoint of a provider: the registry's, or the user's own. */
function BaseUrlForm({ provider }: { provider: ProviderView }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const shown = provider.baseUrl ?? '';
  const [text, setText] = useSavedText(shown);
  const { providerId } = provider;
  const save = useAction(() => transport.call('providers.setBaseUrl', { providerId, baseUrl: text.trim() }));
  const reset = useAction(() => transport.call('providers.reset', { providerId }));
  const own = provider.baseUrlSource === 'user';
  return (
    <SubmitForm onSubmit={() => save.run()}>
      <label htmlFor={id}>
        {t('providers.baseUrl')} {own && <span className="tag">{t('providers.own')}</span>}
        <span className="visually-hidden"> {provider.name}</span>
      </label>
      <div className="row">
        <input
          id={id}
          value={text}
          spellCheck={false}
          autoComplete="off"
          inputMode="url"
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={save.pending || text.trim() === '' || text.trim() === shown}>
          {t('save')}
        </Button>
        {own && (
          <Button look="quiet" onClick={() => reset.run()} disabled={reset.pending}>
            {t('providers.reset')}
          </Button>
        )}
      </div>
      <ErrorText error={save.error ?? reset.error} />
    </SubmitForm>
  );
}
