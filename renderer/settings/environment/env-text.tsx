import { useId, useState } from 'react';
import type { Scope } from '../../../shared/model/credential.ts';
import type { VariableCandidate } from '../../../shared/model/variable.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { SubmitForm } from '../../ui/submit-form.tsx';
import { usePasted } from '../../ui/use-pasted.ts';
import { EnvTextChoice } from './env-text-choice.tsx';

/** Several at once, from the text of a `.env` file: shown first, masked; nothing is stored until it is chosen. */
export function EnvText({ scope }: { scope: Scope }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <details className="plan-details import" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('variables.text')}</summary>
      {open && <EnvTextCard scope={scope} />}
    </details>
  );
}

interface Read {
  readonly at: number;
  readonly text: string;
  readonly candidates: readonly VariableCandidate[];
}

function EnvTextCard({ scope }: { scope: Scope }) {
  const t = useT();
  const id = useId();
  const { transport } = useServices();
  const [read, setRead] = useState<Read | null>(null);
  const pasted = usePasted();
  const look = useAction(async (text: string) => {
    setRead(null);
    if (text.trim() === '') return;
    const { candidates } = await transport.call('variables.readText', { text });
    setRead((before) => ({ at: (before?.at ?? 0) + 1, text, candidates }));
  });
  return (
    <section className="card form import-card" aria-label={t('variables.text')}>
      <SubmitForm
        className="form"
        onSubmit={(event) => {
          const field = event.currentTarget.elements.namedItem('text');
          if (field instanceof HTMLTextAreaElement) void look.run(field.value);
        }}
      >
        <div className="field">
          <label htmlFor={id}>{t('variables.text.label')}</label>
          {/* React does not hold the text: it would write secrets into the document as the field's content. */}
          <textarea
            id={id}
            name="text"
            className="secret env-text"
            rows={3}
            maxLength={1024 * 1024}
            spellCheck={false}
            autoComplete="off"
            aria-describedby={`${id}-hint`}
            onPaste={(event) => pasted.remember(event.clipboardData.getData('text/plain'))}
            onInput={(event) => {
              if (event.currentTarget.value === '') pasted.take();
              setRead(null);
              look.clear();
            }}
          />
          <p className="hint" id={`${id}-hint`}>
            {t('variables.text.hint')}
          </p>
        </div>
        <div className="row">
          <Button type="submit" disabled={look.pending}>
            {t('variables.text.look')}
          </Button>
        </div>
      </SubmitForm>
      <ErrorText error={look.error} />
      {read && (
        <EnvTextChoice
          key={`${read.at} ${JSON.stringify(scope)}`}
          text={read.text}
          candidates={read.candidates}
          scope={scope}
          pasted={pasted}
        />
      )}
    </section>
  );
}
