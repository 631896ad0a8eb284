import { useId, useState } from 'react';
import { useApp, useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { useLanguage } from '../../context/use-language.ts';
import { FormFrame } from '../../forms/form-frame.tsx';
import { day } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { List } from '../../ui/list.tsx';
import { useNow } from '../../ui/use-now.ts';

/** The user's own certificate authority. `detected`: a file that the user took over from the login shell. */
export function CertificatesForm({ detected }: { detected: string | undefined }) {
  const t = useT();
  const { certificates } = useApp((app) => app.network);
  const { transport } = useServices();
  const id = useId();
  const [file, setFile] = useState(detected ?? certificates?.file ?? '');
  const save = useAction(() => transport.call('network.setCertificates', { file: file.trim() }));
  const remove = useAction(async () => {
    await transport.call('network.removeCertificates', {});
    setFile('');
  });
  return (
    <FormFrame
      title={t('network.certificates')}
      action={save}
      error={save.error ?? remove.error ?? certificates?.problem ?? null}
      ready={file.trim() !== ''}
      onSubmit={() => save.run()}
      submit={t('save')}
      buttons={
        certificates !== undefined && (
          <Button disabled={remove.pending} onClick={() => remove.run()}>
            {t('network.remove')}
          </Button>
        )
      }
    >
      <Field id={`${id}-file`} label={t('network.certificates.file')} hint={t('network.certificates.hint')}>
        <input
          id={`${id}-file`}
          aria-describedby={`${id}-file-hint`}
          value={file}
          spellCheck={false}
          autoComplete="off"
          placeholder="/etc/ssl/corporate-root.pem"
          onChange={(event) => {
            save.clear();
            setFile(event.target.value);
          }}
        />
      </Field>
      <FoundCertificates />
    </FormFrame>
  );
}

function FoundCertificates() {
  const t = useT();
  const language = useLanguage();
  const now = useNow(0);
  const { certificates } = useApp((app) => app.network);
  if (certificates === undefined || certificates.found.length === 0) return null;
  return (
    <List className="stack" aria-label={t('network.certificates.found')}>
      {certificates.found.map(({ subject, expiresAt }) => (
        <li key={`${subject} ${expiresAt}`}>
          <strong>{subject}</strong>{' '}
          <span className="hint">
            {t(expiresAt < now ? 'network.certificates.expired' : 'network.certificates.until', {
              date: day(expiresAt, language),
            })}
          </span>
        </li>
      ))}
    </List>
  );
}
