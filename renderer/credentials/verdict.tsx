import type { CredentialView } from '../../shared/model/credential.ts';
import type { LivenessReport, LivenessVerdict } from '../../shared/model/liveness.ts';
import { useSlices, useT } from '../context/services.tsx';
import { useErrorSentence } from '../failure/error-text.tsx';
import { billingPageOf, providerName } from '../stores/select.ts';
import { OutsideLink } from '../ui/link.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import type { Check } from './checks.ts';

const TONES: Readonly<Record<LivenessVerdict, string>> = {
  alive: 'tag-good',
  limited: 'tag-warn',
  'no-credit': 'tag-warn',
  dead: 'tag-bad',
  unknown: 'tag-warn',
  'could-not-check': '',
};

interface VerdictProps {
  readonly credential: Pick<CredentialView, 'providerId' | 'variable'>;
  readonly check: Check | undefined;
}

/** The provider's answer about a credential, in a word and a sentence. */
export function Verdict({ credential, check }: VerdictProps) {
  const t = useT();
  const app = useSlices('providers');
  const sentence = useErrorSentence();
  if (check === undefined) return null;
  const provider = providerName(app, credential.providerId);
  if (check.kind === 'asking') return <p className="verdict">{t('liveness.checking', { provider })}</p>;
  if (check.kind === 'failed') {
    const { code } = check.error;
    const unreadable = code === 'CREDENTIAL_UNREADABLE' || code.startsWith('KEYCHAIN_');
    return (
      <p className="verdict">
        <span className={`tag ${unreadable ? 'tag-bad' : ''}`}>
          {t(unreadable ? 'credential.unreadable' : 'liveness.verdict.could-not-check')}
        </span>{' '}
        {sentence(check.error)} <code className="code-tag">{code}</code>
      </p>
    );
  }
  const { verdict } = check.report;
  const billingPage = verdict === 'no-credit' ? billingPageOf(app, credential.providerId) : undefined;
  return (
    <>
      <Told report={check.report} names={{ provider, variable: credential.variable }} />
      {billingPage !== undefined && <OutsideLink href={billingPage}>{t('remedy.billing', { provider })}</OutsideLink>}
    </>
  );
}

function Told({ report, names }: { report: LivenessReport; names: { provider: string; variable: string } }) {
  const t = useT();
  const { verdict, reason, status = '', cause = '', checkedAt } = report;
  return (
    <p className="verdict">
      <span className={`tag ${TONES[verdict]}`}>{t(`liveness.verdict.${verdict}`)}</span>{' '}
      {t(`liveness.reason.${reason}`, { ...names, status, cause })} <RelativeTime at={checkedAt} />
    </p>
  );
}
