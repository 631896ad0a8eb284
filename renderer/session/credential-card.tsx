import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useApp, useT } from '../context/services.tsx';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { ProviderChoice } from '../failure/provider-choice.tsx';
import { CheckAgain } from '../popover/check-again.tsx';
import { CredentialWays } from '../popover/credential-ways.tsx';
import { troubleSentence, troubleTitle } from '../sign-in/words.ts';
import { findAgent } from '../stores/select.ts';
import { Icon } from '../ui/icon.tsx';

type Awaited = Extract<TranscriptItem, { kind: 'credential' }>;

interface CredentialCardProps {
  readonly item: Awaited;
  readonly running: boolean;
  readonly agentId: string;
}

/** A turn that waits for a credential: the missing credential, and the way to give it, right there. */
export function CredentialCard({ item, running, agentId }: CredentialCardProps) {
  const t = useT();
  const agent = useApp((app) => findAgent(app, agentId));
  const sentence = useErrorSentence();
  const { error } = item;
  const chooses = error.code === 'PROVIDER_UNDERIVABLE';
  if (item.supplied) {
    return <p className="permission-past">{t(chooses ? 'awaited.choice.supplied' : 'awaited.supplied')}</p>;
  }
  if (!running) return <ErrorText error={error} />;
  return (
    <section className="permission" aria-label={t(chooses ? 'awaited.choice' : 'awaited')}>
      <p className="permission-title" role="alert">
        <Icon name="key" />
        <span>
          <strong>{troubleTitle(error, t) ?? t(chooses ? 'awaited.choice.title' : 'awaited.title')}</strong>{' '}
          {chooses ? sentence(error) : troubleSentence(agent, error, t)}
        </span>
      </p>
      {chooses ? (
        <ProviderChoice error={error} />
      ) : (
        <CredentialWays agent={agent} error={error} opened>
          <CheckAgain error={error} />
        </CredentialWays>
      )}
      <p className="hint">{t(chooses ? 'awaited.choice.hint' : 'awaited.hint')}</p>
    </section>
  );
}
