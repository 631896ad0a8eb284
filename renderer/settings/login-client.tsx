import { useId } from 'react';
import type { ProviderView } from '../../shared/model/provider.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { OutsideLink } from '../ui/link.tsx';
import { SubmitForm } from '../ui/submit-form.tsx';
import { useSavedText } from '../ui/use-saved-text.ts';

/** The OAuth client with which the user signs in, where a provider takes one. It is no secret. */
export function LoginClient({ provider }: { provider: ProviderView }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const shown = provider.login?.ownClientId ?? '';
  const [text, setText] = useSavedText(shown);
  const { providerId, login } = provider;
  const save = useAction(() => transport.call('providers.setLoginClientId', { providerId, clientId: text.trim() }));
  if (login?.takesClientId !== true) return null;
  return (
    <SubmitForm onSubmit={() => save.run()}>
      <label htmlFor={id}>
        {t('providers.clientId')}
        <span className="visually-hidden"> {provider.name}</span>
      </label>
      <div className="row">
        <input
          id={id}
          value={text}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={save.pending || text.trim() === shown}>
          {t('save')}
        </Button>
      </div>
      <p className="hint" id={`${id}-hint`}>
        {t('providers.clientId.hint')}{' '}
        {login.registerPage && <OutsideLink href={login.registerPage}>{t('providers.clientId.register')}</OutsideLink>}
      </p>
      <ErrorText error={save.error} />
    </SubmitForm>
  );
}
