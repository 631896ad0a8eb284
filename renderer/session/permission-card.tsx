import type { PermissionOption } from '../../shared/model/run-event.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useServices, useT } from '../app/services.tsx';
import { AgentSentence, AgentText } from '../ui/agent-text.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorText } from '../ui/error-text.tsx';
import { Icon } from '../ui/icon.tsx';
import { useAction } from '../ui/use-action.ts';

type Permission = Extract<TranscriptItem, { kind: 'permission' }>;

interface PermissionCardProps {
  readonly item: Permission;
  readonly turnId: string;
  readonly running: boolean;
}

/** A question of the agent, with the answers that it offers (R32); afterwards what was answered. */
export function PermissionCard({ item, turnId, running }: PermissionCardProps) {
  const t = useT();
  const { transport } = useServices();
  const { request, outcome } = item;
  const answer = useAction((optionId: string) =>
    transport.call('turns.answerPermission', {
      turnId,
      requestId: request.requestId,
      outcome: { outcome: 'selected', optionId },
    }),
  );
  if (outcome !== undefined || !running) return <PastPermission item={item} />;
  return (
    <section className="permission" aria-label={t('permission')}>
      <p className="permission-title" role="alert">
        <Icon name="question" />
        <span>
          <strong>{t('permission.asks')}</strong> <AgentText>{request.title}</AgentText>
        </span>
      </p>
      <div className="row">
        {request.options.map((option) => (
          <Button
            key={option.optionId}
            look={lookOf(option)}
            disabled={answer.pending}
            onClick={() => answer.run(option.optionId)}
          >
            <AgentText>{option.name}</AgentText>
          </Button>
        ))}
      </div>
      <ErrorText error={answer.error} />
    </section>
  );
}

function lookOf(option: PermissionOption): 'primary' | 'plain' {
  return option.kind === 'allow_once' ? 'primary' : 'plain';
}

function PastPermission({ item: { request, outcome } }: { item: Permission }) {
  const { title, options } = request;
  if (outcome?.outcome !== 'selected') {
    return (
      <p className="permission-past">
        <AgentSentence of="permission.unanswered" values={{ title }} />
      </p>
    );
  }
  const answer = options.find(({ optionId }) => optionId === outcome.optionId)?.name ?? outcome.optionId;
  return (
    <p className="permission-past">
      <AgentSentence of="permission.answered" values={{ title, answer }} />
    </p>
  );
}
