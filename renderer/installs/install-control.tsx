import type { AgentView } from '../../shared/model/agent.ts';
import type { InstallJob } from '../../shared/model/programs.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { useLanguage } from '../context/use-language.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import './installs.css';
import { type Offer, offerOf } from './offer.ts';

/** Installing or updating an agent: the offer, how far it is, and what went wrong. */
export function InstallControl({ agent }: { agent: AgentView }) {
  const t = useT();
  const { programs } = useSlices('programs');
  const { transport } = useServices();
  const { agentId, name } = agent;
  const progress = programs.installs.find((job) => job.agentId === agentId)?.progress;
  const start = useAction(() => transport.call('agents.install', { agentId }));
  const offer = offerOf(agent);
  if (progress?.state === 'running') return <Running agent={agent} progress={progress} />;
  const failure = progress?.state === 'failed' ? progress.error : null;
  const action = ({ kind, version }: Offer) => t(failure === null ? `install.${kind}` : 'install.again', { version });
  return (
    <>
      {offer && (
        <Button
          look="primary"
          onClick={() => start.run()}
          disabled={start.pending}
          aria-label={t('install.of', { action: action(offer), agent: name })}
        >
          {action(offer)}
        </Button>
      )}
      <p role="status" className={progress?.state === 'done' ? 'hint' : 'visually-hidden'}>
        {progress?.state === 'done' && t('install.done', { agent: name, version: progress.version })}
        {progress?.state === 'cancelled' && t('install.cancelled', { agent: name })}
      </p>
      <ErrorText error={start.error ?? failure} />
    </>
  );
}

type RunningProgress = Extract<InstallJob['progress'], { state: 'running' }>;

function Running({ agent, progress }: { agent: AgentView; progress: RunningProgress }) {
  const t = useT();
  const language = useLanguage();
  const { transport } = useServices();
  const { agentId, name } = agent;
  const cancel = useAction(() => transport.call('agents.cancelInstall', { agentId }));
  const { phase, packages, bytes } = progress;
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1e6);
  return (
    <div className="install-running">
      <p>
        <span role="status">{t(`install.${phase}`, { agent: name })}</span>
        <span className="install-numbers">{t('install.numbers', { packages, size })}</span>
      </p>
      <progress aria-label={t('install.progress', { agent: name })} />
      <Button
        onClick={() => cancel.run()}
        disabled={cancel.pending}
        aria-label={t('install.cancel.named', { agent: name })}
      >
        {t('install.cancel')}
      </Button>
      <ErrorText error={cancel.error} />
    </div>
  );
}
