import { useEffect, useId, useRef, useState } from 'react';
import { inspectPaste } from '../../../shared/credentials/paste.ts';
import { defined } from '../../../shared/defined.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { FindingList } from '../../credentials/findings.tsx';
import { remediesOf } from '../../credentials/remedies.ts';
import { type Mark, SecretInput } from '../../credentials/secret-input.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import type { Pasted } from '../../ui/use-pasted.ts';
import type { Judgement, VariableDraft } from './draft.ts';
import { Problem } from './problem.tsx';

interface ValueFieldProps {
  readonly draft: VariableDraft;
  readonly judgement: Judgement;
  readonly change: (patch: Partial<VariableDraft>) => void;
  /** Takes the focus when it appears. */
  readonly focused: boolean;
  readonly pasted: Pasted;
}

/** A secret is never shown; a plain value is, with all its lines. */
export function ValueField({ draft, judgement, change, focused, pasted }: ValueFieldProps) {
  const t = useT();
  const [mark, setMark] = useState<Mark>();
  const secret = draft.secret || judgement.provider !== undefined;
  return (
    <>
      {secret ? (
        <SecretInput
          label={t('variables.value')}
          value={draft.value}
          onValue={(value) => change({ value })}
          focused={focused}
          pasted={pasted}
          mark={mark}
        />
      ) : (
        <PlainInput value={draft.value} onValue={(value) => change({ value })} focused={focused} pasted={pasted} />
      )}
      <div aria-live="polite" className="variable-live">
        <Problem problem={judgement.value} />
      </div>
      {secret && draft.value !== '' && (
        <ValueFindings draft={draft} judgement={judgement} change={change} look={setMark} />
      )}
    </>
  );
}

type PlainInputProps = Pick<ValueFieldProps, 'focused' | 'pasted'> & {
  readonly value: string;
  readonly onValue: (value: string) => void;
};

function PlainInput({ value, onValue, focused, pasted }: PlainInputProps) {
  const t = useT();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  return (
    <div className="field">
      <label htmlFor={id}>{t('variables.value')}</label>
      <textarea
        ref={field}
        id={id}
        className="secret variable-value"
        rows={value.includes('\n') ? 5 : 1}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onPaste={(event) => pasted.remember(event.clipboardData.getData('text/plain'))}
        onChange={(event) => {
          if (event.target.value === '') pasted.take();
          onValue(event.target.value);
        }}
      />
    </div>
  );
}

/** The findings about a pasted secret. A variable keeps the ends of its value, so those are reported apart. */
function ValueFindings({
  draft,
  judgement: { provider },
  change,
  look,
}: Omit<ValueFieldProps, 'focused' | 'pasted'> & { look: (mark: Mark) => void }) {
  const t = useT();
  const { providers } = useSlices('providers');
  const context = provider === undefined ? { providers } : { provider, providers, variable: draft.name };
  const inspection = inspectPaste(draft.value, context);
  const lines = inspection.findings
    .filter(({ key }) => provider !== undefined || (key !== 'paste.trimmed' && key !== 'paste.empty'))
    .map((finding) => ({
      finding,
      remedies: remediesOf(finding, inspection, providers).filter(({ patch }) => patch.providerId === undefined),
    }));
  // Another click takes them away as well.
  const hasBlankEnds = provider === undefined && inspection.clean !== draft.value && inspection.repairs.length === 0;
  return (
    <>
      {hasBlankEnds && (
        <Banner
          tone="warn"
          actions={<Button onClick={() => change({ value: inspection.clean })}>{t('variables.trim')}</Button>}
        >
          {t('variables.blankEnds')}
        </Banner>
      )}
      <FindingList
        lines={lines}
        look={look}
        change={({ value, variable }) => change(defined({ value, name: variable }))}
      />
    </>
  );
}
