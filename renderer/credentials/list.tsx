import { useState } from 'react';
import type { CredentialView } from '../../shared/model/credential.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { useLanguage } from '../context/use-language.ts';
import { Question } from '../forms/question.tsx';
import { fullTime } from '../i18n/format.ts';
import { agentName, providerName } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { List } from '../ui/list.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import type { Checks } from './checks.ts';
import { RenewalFailure } from './renewal.tsx';
import { scopeText } from './scope-text.ts';
import { widerOnes } from './takes-over.ts';
import { Verdict } from './verdict.tsx';

interface CredentialListProps {
  readonly checks: Checks;
  readonly onReplace: (credential: CredentialView) => void;
}

export function CredentialList({ checks, onReplace }: CredentialListProps) {
  const t = useT();
  const app = useSlices('credentials', 'providers');
  const [said, setSaid] = useState('');
  const providerIds = [...new Set(app.credentials.map((credential) => credential.providerId))];
  return (
    <section aria-labelledby="stored-heading" className="stored">
      <h3 id="stored-heading">{t('credentials.stored')}</h3>
      <p role="status" className="said">
        {said}
      </p>
      {providerIds.length === 0 && <p className="empty">{t('credentials.empty')}</p>}
      {providerIds.map((providerId) => (
        <div key={providerId} className="card">
          <h4>{providerName(app, providerId)}</h4>
          <List
            className="credential-list"
            aria-label={t('credentials.of', { provider: providerName(app, providerId) })}
          >
            {app.credentials
              .filter((credential) => credential.providerId === providerId)
              .map((credential) => (
                <CredentialRow
                  key={credential.credentialId}
                  credential={credential}
                  checks={checks}
                  onReplace={onReplace}
                  onSaid={setSaid}
                />
              ))}
          </List>
        </div>
      ))}
    </section>
  );
}

interface CredentialRowProps {
  readonly credential: CredentialView;
  readonly checks: Checks;
  readonly onReplace: (credential: CredentialView) => void;
  readonly onSaid: (sentence: string) => void;
}

function CredentialRow({ credential, checks, onReplace, onSaid }: CredentialRowProps) {
  const t = useT();
  const app = useSlices('agents');
  const language = useLanguage();
  const [asking, setAsking] = useState(false);
  const { variable, masked, scope, account, storage, status, updatedAt, expiresAt } = credential;
  const where = scopeText(scope, t, (agentId) => agentName(app, agentId));
  return (
    <li className="credential">
      <div className="credential-text">
        <p>
          <code>{variable}</code> <span className="masked">{masked}</span>
        </p>
        <p className="credential-meta">
          <span>{where}</span>
          {account !== undefined && <span>{t('account.named', { account })}</span>}
          <span>{t(`storage.${storage}`)}</span>
          <RelativeTime at={updatedAt} />
          {expiresAt !== undefined && status !== 'expired' && (
            <span>
              {t('credential.ends')} {fullTime(expiresAt, language)}
            </span>
          )}
          {status === 'expired' && <span className="tag tag-bad">{t('credential.expired')}</span>}
          {status === 'unreadable' && <span className="tag tag-bad">{t('credential.unreadable')}</span>}
          {status === 'not-checked' && <span className="tag">{t('credential.not-checked')}</span>}
        </p>
      </div>
      {!asking && (
        <div className="row credential-actions">
          <CheckButton credential={credential} checks={checks} />
          <Button
            look="quiet"
            onClick={() => onReplace(credential)}
            aria-label={t('credential.replace.named', { variable })}
          >
            {t('credential.replace')}
          </Button>
          <Button look="quiet" onClick={() => setAsking(true)} aria-label={t('credential.delete.named', { variable })}>
            {t('credential.delete')}
          </Button>
        </div>
      )}
      {asking && <DeleteQuestion credential={credential} onSaid={onSaid} onClose={() => setAsking(false)} />}
      <div role="status" className="credential-verdict">
        <Verdict credential={credential} check={checks.of(credential.credentialId)} />
        <RenewalFailure credential={credential} />
      </div>
    </li>
  );
}

function CheckButton({ credential, checks }: Pick<CredentialRowProps, 'credential' | 'checks'>) {
  const t = useT();
  const { credentialId, variable } = credential;
  const again = checks.of(credentialId) !== undefined;
  const name = t(again ? 'credential.check.again.named' : 'credential.check.named', { variable });
  return (
    <Button look="quiet" onClick={() => void checks.run(credentialId)} aria-label={name}>
      {t(again ? 'credential.check.again' : 'credential.check')}
    </Button>
  );
}

interface DeleteQuestionProps {
  readonly credential: CredentialView;
  readonly onSaid: (sentence: string) => void;
  readonly onClose: () => void;
}

function DeleteQuestion({ credential, onSaid, onClose }: DeleteQuestionProps) {
  const t = useT();
  const app = useSlices('credentials', 'agents');
  const { transport } = useServices();
  const nameOf = (agentId: string) => agentName(app, agentId);
  const wider = widerOnes(credential, app.credentials);
  const remove = useAction(async () => {
    const { nowInEffect } = await transport.call('credentials.remove', { credentialId: credential.credentialId });
    const { variable } = credential;
    onSaid(
      nowInEffect
        ? t('credential.deleted.takesOver', { variable, scope: scopeText(nowInEffect.scope, t, nameOf) })
        : t('credential.deleted', { variable }),
    );
  });
  return (
    <Question
      label={t('credential.delete.named', { variable: credential.variable })}
      keep={t('keep')}
      go={t('credential.delete')}
      action={remove}
      onKeep={onClose}
    >
      {t('credential.delete.ask')}{' '}
      {wider.length === 0
        ? t('credential.delete.noneWider')
        : t('credential.delete.wider', { scopes: wider.map((other) => scopeText(other.scope, t, nameOf)).join(', ') })}
    </Question>
  );
}
