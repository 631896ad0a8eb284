import { useState } from 'react';
import { permissionView } from '../../shared/permissions/view.ts';
import { visibleText } from '../../shared/permissions/visible.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useT } from '../context/services.tsx';
import { AgentSentence } from '../ui/agent-text.tsx';
import { PermissionParts } from './permission-parts.tsx';

/** A question that is over: what was asked, as it was shown, is a click away. */
export function PastPermission({ item }: { item: Extract<TranscriptItem, { kind: 'permission' }> }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (item.request.details === undefined) {
    return (
      <p className="permission-past">
        <Answered item={item} />
      </p>
    );
  }
  return (
    <details className="permission-past" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary title={t('permission.asked')}>
        <Answered item={item} />
      </summary>
      {open && <PermissionParts parts={permissionView(item.request).parts} />}
    </details>
  );
}

function Answered({ item: { request, outcome } }: { item: Extract<TranscriptItem, { kind: 'permission' }> }) {
  const title = visibleText(request.title);
  if (outcome?.outcome !== 'selected') return <AgentSentence of="permission.unanswered" values={{ title }} />;
  const answer = request.options.find(({ optionId }) => optionId === outcome.optionId)?.name ?? outcome.optionId;
  return <AgentSentence of="permission.answered" values={{ title, answer: visibleText(answer) }} />;
}
