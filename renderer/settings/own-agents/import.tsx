import { useId, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { Problems } from '../../declared/contents.tsx';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, hintId } from '../../ui/field.tsx';
import { SubmitForm } from '../../ui/submit-form.tsx';
import { Candidates } from './candidates.tsx';

type Found = Result<'userAgents.importCandidates'>;

/** Imports agents out of a repository on GitHub: shown first, taken only by choice. */
export function ImportAgents() {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (!open) return <Button onClick={() => setOpen(true)}>{t('agentImport')}</Button>;
  return <Form onClose={() => setOpen(false)} />;
}

function Form({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const [source, setSource] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const look = useAction(async () => {
    setFound(null);
    setFound(await transport.call('userAgents.importCandidates', { source }));
  });
  return (
    <section className="card form" aria-labelledby={`${id}-heading`}>
      <h3 id={`${id}-heading`}>{t('agentImport')}</h3>
      <SubmitForm className="form" onSubmit={() => look.run()}>
        <Field id={id} label={t('agentImport.source')} hint={t('agentImport.source.hint')}>
          <input
            id={id}
            // biome-ignore lint/a11y/noAutofocus: the form was opened by the user a moment ago
            autoFocus
            aria-describedby={hintId(id)}
            value={source}
            maxLength={2048}
            placeholder="owner/repo"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setSource(event.target.value)}
          />
        </Field>
        <div className="row">
          <Button type="submit" look="primary" disabled={look.pending || source.trim() === ''}>
            {t(look.pending ? 'agentImport.looking' : 'agentImport.look')}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t('agentImport.close')}
          </Button>
        </div>
      </SubmitForm>
      <ErrorText error={look.error} />
      <div className="form" aria-live="polite">
        {found && <FoundAgents found={found} key={`${found.repository} ${found.file}`} />}
      </div>
    </section>
  );
}

function FoundAgents({ found }: { found: Found }) {
  const t = useT();
  const { repository, file, candidates, leftOut, problems } = found;
  if (problems.length > 0) {
    return (
      <>
        <p>{t('agentImport.invalid', { repository, file })}</p>
        <Problems problems={problems} />
      </>
    );
  }
  if (candidates.length === 0) return <p className="hint">{t('agentImport.nothing', { repository })}</p>;
  return (
    <>
      <p>{t('agentImport.found', { repository, file })}</p>
      <Candidates candidates={candidates} />
      {leftOut > 0 && <p className="hint">{t('agentImport.leftOut', { count: leftOut })}</p>}
    </>
  );
}
