import { useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import type { DiagnosticPart, DiagnosticPlan, DiagnosticPlanPart } from '../../shared/model/diagnostics.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { useLanguage } from '../context/use-language.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { fileSize } from '../i18n/format.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { List } from '../ui/list.tsx';

/** A file for a report of a problem: what is in it is shown, and chosen, before it is written. */
export function DiagnosticsCard() {
  const t = useT();
  const { transport } = useServices();
  const [plan, setPlan] = useState<DiagnosticPlan | null>(null);
  const [written, setWritten] = useState<Result<'diagnostics.write'> | null>(null);
  const look = useAction(async () => {
    setWritten(null);
    setPlan((await transport.call('diagnostics.plan', {})).plan);
  });
  return (
    <section className="card" aria-labelledby="diagnostics-heading">
      <h3 id="diagnostics-heading">{t('diagnostics')}</h3>
      <p className="hint">{t('diagnostics.hint')}</p>
      {plan === null && (
        <div className="row">
          <Button onClick={() => look.run()} disabled={look.pending}>
            {t(look.pending ? 'diagnostics.looking' : 'diagnostics.look')}
          </Button>
        </div>
      )}
      <ErrorText error={look.error} />
      {plan && !written && <Choice plan={plan} onWritten={setWritten} onCancel={() => setPlan(null)} />}
      <div role="status">{written && <Written written={written} onAgain={() => look.run()} />}</div>
    </section>
  );
}

interface ChoiceProps {
  readonly plan: DiagnosticPlan;
  readonly onWritten: (written: Result<'diagnostics.write'>) => void;
  readonly onCancel: () => void;
}

function Choice({ plan, onWritten, onCancel }: ChoiceProps) {
  const t = useT();
  const { transport } = useServices();
  const usual = plan.parts.filter((part) => part.usual).map(({ part }) => part);
  const [parts, setParts] = useState<readonly DiagnosticPart[]>(usual);
  const write = useAction(async () =>
    onWritten(await transport.call('diagnostics.write', { parts: [...parts], overwrite: false })),
  );
  const toggle = (part: DiagnosticPart, isIn: boolean) =>
    setParts(isIn ? [...parts, part] : parts.filter((each) => each !== part));
  return (
    <>
      {!plan.secretsKnown && <Banner tone="warn">{t('diagnostics.secretsUnknown')}</Banner>}
      <List className="stack" aria-label={t('diagnostics.parts')}>
        {plan.parts.map((part) => (
          <PartRow key={part.part} part={part} isIn={parts.includes(part.part)} onToggle={toggle} />
        ))}
      </List>
      <div className="row">
        <Button look="primary" onClick={() => write.run()} disabled={write.pending || parts.length === 0}>
          {t(write.pending ? 'diagnostics.writing' : 'diagnostics.write')}
        </Button>
        <Button look="quiet" onClick={onCancel} disabled={write.pending}>
          {t('cancel')}
        </Button>
      </div>
      <ErrorText error={write.error} />
    </>
  );
}

function PartRow({
  part: { part, files },
  isIn,
  onToggle,
}: {
  part: DiagnosticPlanPart;
  isIn: boolean;
  onToggle: (part: DiagnosticPart, isIn: boolean) => void;
}) {
  const t = useT();
  const language = useLanguage();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <li className="diagnostics-part">
      <label className="check">
        <input
          type="checkbox"
          checked={isIn}
          disabled={files.length === 0}
          onChange={(event) => onToggle(part, event.target.checked)}
        />
        <span>
          {t(`diagnostics.part.${part}`)}{' '}
          <span className="hint">{files.length === 0 ? t('diagnostics.nothing') : fileSize(bytes, language)}</span>
        </span>
      </label>
      <p className="hint">{t(`diagnostics.why.${part}`)}</p>
    </li>
  );
}

function Written({ written, onAgain }: { written: Result<'diagnostics.write'>; onAgain: () => void }) {
  const t = useT();
  const { host } = useSlices('host');
  const { transport } = useServices();
  const reveal = useAction(() => transport.call('diagnostics.reveal', {}));
  return (
    <>
      <p>{t('diagnostics.done')}</p>
      <p className="diagnostics-file">
        <code title={written.file}>{written.file}</code>
      </p>
      <div className="row">
        {host.canRevealFiles && (
          <Button icon="folder" onClick={() => reveal.run()}>
            {t('log.reveal')}
          </Button>
        )}
        <CopyButton text={written.file} name={t('log.copyPath')} />
        <Button look="quiet" onClick={onAgain}>
          {t('diagnostics.again')}
        </Button>
      </div>
      <ErrorText error={reveal.error} />
    </>
  );
}
