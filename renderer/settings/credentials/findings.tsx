import type { Finding } from '../../../shared/credentials/finding.ts';
import { inspectPaste } from '../../../shared/credentials/paste.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { useT } from '../../app/services.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { List } from '../../ui/list.tsx';
import type { Draft } from './draft.ts';
import { type Remedy, remediesOf } from './remedies.ts';

interface FindingsProps {
  readonly draft: Draft;
  readonly provider: ProviderView;
  readonly providers: readonly ProviderView[];
  readonly change: (patch: Partial<Draft>) => void;
}

/** What is odd about a paste, said while it is there; each with the one click that repairs it. It never blocks (R8, R9). */
export function Findings({ draft, provider, providers, change }: FindingsProps) {
  const variable = draft.variable === '' ? {} : { variable: draft.variable };
  const inspection = inspectPaste(draft.value, { provider, providers, ...variable });
  const lines = inspection.findings.map((finding) => ({
    finding,
    remedies: remediesOf(finding, inspection, providers),
  }));
  return <FindingList lines={lines} change={change} />;
}

interface FindingListProps {
  readonly lines: readonly { readonly finding: Finding; readonly remedies: readonly Remedy[] }[];
  readonly change: (patch: Partial<Draft>) => void;
}

export function FindingList({ lines, change }: FindingListProps) {
  const t = useT();
  return (
    <section aria-label={t('paste')} aria-live="polite">
      <List className="findings">
        {lines.map(({ finding, remedies }) => (
          <li key={finding.key}>
            <FindingLine finding={finding} remedies={remedies} change={change} />
          </li>
        ))}
      </List>
    </section>
  );
}

interface FindingLineProps {
  readonly finding: Finding;
  readonly remedies: readonly Remedy[];
  readonly change: (patch: Partial<Draft>) => void;
}

function FindingLine({ finding, remedies, change }: FindingLineProps) {
  const t = useT();
  const sentence = t(finding.key, finding.values);
  if (finding.level === 'info') {
    const good = finding.key === 'paste.right-shape';
    return (
      <p className={`finding ${good ? 'finding-good' : ''}`}>
        <Icon name={good ? 'check' : 'question'} />
        {sentence}
      </p>
    );
  }
  const buttons = remedies.map((remedy) => (
    <Button key={t(remedy.key, remedy.values)} onClick={() => change(remedy.patch)}>
      {t(remedy.key, remedy.values)}
    </Button>
  ));
  return (
    <Banner tone="warn" actions={buttons.length > 0 ? buttons : undefined}>
      {sentence}
    </Banner>
  );
}
