import type { PermissionOption } from '../../shared/model/run-event.ts';
import { useServices, useT } from '../app/services.tsx';
import type { TranscriptItem } from '../stores/transcript.ts';
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
  if (outcome !== undefined || !running) return <p className="permission-past">{pastSentence(item, t)}</p>;
  return (
    <section className="permission" aria-label={t('permission')}>
      <p className="permission-title" role="alert">
        <Icon name="question" />
        <span>
          <strong>{t('permission.asks')}</strong> {request.title}
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
            {option.name}
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

function pastSentence({ request, outcome }: Permission, t: ReturnType<typeof useT>): string {
  if (outcome?.outcome !== 'selected') return t('permission.unanswered', { title: request.title });
  const name = request.options.find((option) => option.optionId === outcome.optionId)?.name ?? outcome.optionId;
  return t('permission.answered', { title: request.title, answer: name });
}
