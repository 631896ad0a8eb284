import { useId } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useT } from '../app/services.tsx';
import { ErrorText } from '../ui/error-text.tsx';
import { useAction } from '../ui/use-action.ts';

/** Whether sessions of an agent may read a project's own secrets. Means something in the sandbox only. */
export function SecretFilesSwitch({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const set = useAction((shown: boolean) =>
    transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { secretFiles: shown ? 'shown' : 'hidden' },
    }),
  );
  const shown = agent.settings.secretFiles === 'shown';
  return (
    <div className={`sandbox-switch ${shown ? 'sandbox-switch-off' : ''}`}>
      <label className="check">
        <input
          type="checkbox"
          role="switch"
          aria-checked={shown}
          checked={shown}
          disabled={set.pending}
          aria-describedby={id}
          onChange={(event) => set.run(event.target.checked)}
        />
        {t('secretFiles.switch')}
      </label>
      <p className="hint" id={id}>
        {t(shown ? 'secretFiles.shown' : 'secretFiles.hidden', { agent: agent.name })}
      </p>
      <ErrorText error={set.error} />
    </div>
  );
}
