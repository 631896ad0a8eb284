import type { Finding } from '../../shared/credentials/finding.ts';
import type { PasteInspection } from '../../shared/credentials/paste.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import { useT } from '../context/services.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import type { Draft } from './draft.ts';
import { type Remedy, remediesOf } from './remedies.ts';
import type { Mark } from './secret-input.tsx';

interface FindingsProps {
  readonly inspection: PasteInspection;
  readonly providers: readonly ProviderView[];
  readonly change: (patch: Partial<Draft>) => void;
  readonly look: (mark: Mark) => void;
}

/** The findings of a paste, shown while it is there; each with the one click that repairs it. */
export function Findings({ inspection, providers, change, look }: FindingsProps) {
  const lines = inspection.findings.map((finding) => ({
    finding,
    remedies: remediesOf(finding, inspection, providers),
  }));
  return <FindingList lines={lines} change={change} look={look} />;
}

interface FindingListProps {
  readonly lines: readonly { readonly finding: Finding; readonly remedies: readonly Remedy[] }[];
  readonly change: (patch: Partial<Draft>) => void;
  readonly look: (mark: Mark) => void;
}

export function FindingList({ lines, change, look }: FindingListProps) {
  const t = useT();
  return (
    <section aria-label={t('paste')} aria-live="polite">
      <List className="findings">
        {lines.map(({ finding, remedies }) => (
          <li key={finding.key}>
            <FindingLine finding={finding} remedies={remedies} change={change} look={look} />
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
  readonly look: (mark: Mark) => void;
}

function FindingLine({ finding, remedies, change, look }: FindingLineProps) {
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
  const { at, character = ' ' } = finding.values;
  if (typeof at === 'number') {
    const end = at + String(character).length;
    buttons.push(
      <Button key="look" onClick={() => look({ start: at, end })}>
        {t('paste.look')}
      </Button>,
    );
  }
  return (
    <Banner tone={finding.level} actions={buttons.length > 0 ? buttons : undefined}>
      {sentence}
    </Banner>
  );
}
