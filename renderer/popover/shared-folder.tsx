import { useEffect, useId, useState } from 'react';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { othersIn } from '../../shared/model/shared-folder.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { agentName, workingDirectory } from '../stores/select.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

/** Says that another agent is at work in the chosen folder, and offers a worktree. */
export function SharedFolder() {
  const t = useT();
  const app = useSlices('turns', 'host', 'settings');
  const [made, setMade] = useState<{ projectDir: string; branch: string }>();
  const projectDir = workingDirectory(app);
  const others = othersIn({ projectDir }, app.turns);
  return (
    <div role="status" className="shared-folder">
      {made?.projectDir === projectDir && (
        <Banner tone="info" icon="folder">
          {t('shared-folder.made', { path: made.projectDir, branch: made.branch })}
        </Banner>
      )}
      {others.length > 0 && <Warning key={projectDir} projectDir={projectDir} others={others} onMade={setMade} />}
    </div>
  );
}

function Warning(props: {
  projectDir: string;
  others: readonly TurnSummary[];
  onMade: (made: { projectDir: string; branch: string }) => void;
}) {
  const { projectDir, others, onMade } = props;
  const t = useT();
  const app = useSlices('agents');
  const { transport } = useServices();
  const reason = useId();
  const refusal = useRefusal(projectDir);
  const make = useAction(async () => {
    const made = await transport.call('worktrees.create', { projectDir });
    await transport.call('settings.update', { patch: { projectDir: made.projectDir } });
    onMade(made);
  });
  const names = [...new Set(others.map(({ agentId }) => agentName(app, agentId)))];
  const [agent = ''] = names;
  return (
    <section aria-label={t('shared-folder')}>
      <Banner
        tone="warn"
        actions={
          <Button
            disabled={refusal !== undefined || make.pending}
            aria-describedby={refusal ? reason : undefined}
            onClick={() => make.run()}
          >
            {t(make.pending ? 'shared-folder.making' : 'shared-folder.make')}
          </Button>
        }
      >
        <p>
          {names.length === 1 ? t('shared-folder.one', { agent }) : t('shared-folder.many', { count: names.length })}
        </p>
        {refusal && (
          <p className="hint" id={reason}>
            {describeError(refusal, t)}
          </p>
        )}
        <ErrorText error={make.error} />
      </Banner>
    </section>
  );
}

/** The reason why no worktree can be made of the folder; null until it is known. */
function useRefusal(projectDir: string): WireError | null | undefined {
  const { transport } = useServices();
  const [refusal, setRefusal] = useState<WireError | null | undefined>(null);
  const { run, error } = useAction(async () => {
    const answer = await transport.call('worktrees.check', { projectDir });
    setRefusal(answer.refusal);
  });
  useEffect(() => {
    void run();
  }, [run]);
  return error ?? refusal;
}
