import { useId } from 'react';
import { useSlices, useT } from '../context/services.tsx';
import { Field } from '../ui/field.tsx';
import { accountsOf } from './accounts.ts';
import type { Draft } from './draft.ts';

interface AccountFieldProps {
  readonly draft: Draft;
  readonly change: (patch: Partial<Draft>) => void;
}

/** A name, for a user with several credentials at one provider. */
export function AccountField({ draft, change }: AccountFieldProps) {
  const t = useT();
  const { credentials } = useSlices('credentials');
  const id = useId();
  return (
    <Field id={id} label={t('account.optional')}>
      <input
        id={id}
        list={`${id}-known`}
        value={draft.account}
        maxLength={64}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${id}-hint`}
        onChange={(event) => change({ account: event.target.value })}
      />
      <datalist id={`${id}-known`}>
        {accountsOf(credentials, draft.providerId).map((account) => (
          <option key={account} value={account} />
        ))}
      </datalist>
      <p className="hint" id={`${id}-hint`}>
        {t('account.hint')}
      </p>
    </Field>
  );
}
