import { useId, useMemo, useRef, useState } from 'react';
import type { PermissionOption } from '../../shared/model/run-event.ts';
import type { Answer } from '../../shared/permissions/answers.ts';
import { fitInto, textOfPieces } from '../../shared/permissions/fit.ts';
import { permissionView } from '../../shared/permissions/view.ts';
import { visiblePieces, visibleText } from '../../shared/permissions/visible.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { AgentSentence } from '../ui/agent-text.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { PastPermission } from './past-permission.tsx';
import { PermissionParts, Pieces } from './permission-parts.tsx';
import { useAnswerKeys, useFocusOnAsking } from './use-answer-keys.ts';

type Permission = Extract<TranscriptItem, { kind: 'permission' }>;

interface PermissionCardProps {
  readonly item: Permission;
  readonly turnId: string;
  readonly running: boolean;
}

/** The part that a card shows before it is asked for the rest: about what a small window holds. */
const ROOM = { lines: 40, chars: 3000 };

/** A question of the agent, with the answers that it offers; afterwards the answer. */
export function PermissionCard({ item, turnId, running }: PermissionCardProps) {
  if (item.outcome !== undefined || !running) return <PastPermission item={item} />;
  return <OpenPermission request={item.request} turnId={turnId} />;
}

function OpenPermission({ request, turnId }: { request: Permission['request']; turnId: string }) {
  const t = useT();
  const { transport } = useServices();
  const view = useMemo(() => permissionView(request), [request]);
  const beginning = useMemo(() => fitInto(view, ROOM), [view]);
  const [opened, setOpened] = useState(false);
  const card = useRef<HTMLElement>(null);
  const ids = { title: useId(), parts: useId() };
  const whole = opened || beginning.moreChars === 0;
  const { given, withheld, because } = view.answers;
  const [hint, setHint] = useState(false);
  const answer = useAction((chosen: Answer) =>
    transport.call('turns.answerPermission', {
      turnId,
      requestId: request.requestId,
      outcome:
        chosen.kind === 'refuse' ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: chosen.option.optionId },
    }),
  );
  const give = (chosen: Answer | undefined): void => {
    if (chosen === undefined || answer.pending) return;
    if (!whole && chosen.effect !== 'refuse') setHint(true);
    else void answer.run(chosen);
  };
  useFocusOnAsking(card);
  const keys = useAnswerKeys(card, (index) => give(given[index]));
  return (
    <section
      ref={card}
      className="permission"
      tabIndex={-1}
      data-open="true"
      data-keys={keys.armed}
      aria-label={t('permission')}
      aria-describedby={`${ids.title} ${ids.parts}`}
      onKeyDown={keys.onKeyDown}
    >
      <p className="permission-title" role="alert" id={ids.title}>
        <Icon name="question" />
        <span>
          <strong>{t('permission.asks')}</strong> <Pieces pieces={view.title} />
        </span>
      </p>
      {view.tool && (
        <p className="hint">
          <AgentSentence of="permission.tool" values={{ tool: textOfPieces(view.tool) }} />
        </p>
      )}
      <PermissionParts parts={opened ? view.parts : beginning.parts} id={ids.parts} />
      {!whole && (
        <Button onClick={() => setOpened(true)}>{t('permission.show', { count: beginning.moreChars })}</Button>
      )}
      <div role="status">{hint && !whole && <p className="permission-note">{t('permission.showFirst')}</p>}</div>
      {view.omittedChars > 0 && (
        <p className="permission-note">{t('permission.omitted', { count: view.omittedChars })}</p>
      )}
      {because === 'nothing' && <p className="permission-note">{t('permission.nothing')}</p>}
      {withheld.length > 0 && (
        <p className="hint">
          <AgentSentence of="permission.withheld" values={{ names: namesOf(withheld) }} />
        </p>
      )}
      {given.some(({ effect }) => effect === 'unknown') && <p className="hint">{t('permission.unknownKind')}</p>}
      <div className="permission-answers">
        {given.map((each, index) => (
          <Button
            // biome-ignore lint/suspicious/noArrayIndexKey: ids of an agent's options may be alike
            key={index}
            look={each.effect === 'allow-once' && whole ? 'primary' : 'plain'}
            // Not `disabled`: the focus would leave the card.
            aria-keyshortcuts={index < 9 ? String(index + 1) : undefined}
            aria-disabled={answer.pending || (!whole && each.effect !== 'refuse')}
            onClick={() => give(each)}
          >
            {index < 9 && (
              <span className="key" aria-hidden="true">
                {index + 1}
              </span>
            )}
            <span>
              {each.kind === 'refuse' ? t('permission.refuse') : <Pieces pieces={visiblePieces(each.option.name)} />}
            </span>
          </Button>
        ))}
      </div>
      {keys.armed && <p className="hint">{t('permission.keys', { count: Math.min(9, given.length) })}</p>}
      <ErrorText error={answer.error} />
    </section>
  );
}

function namesOf(options: readonly PermissionOption[]): string {
  return options.map(({ name }) => visibleText(name)).join(' · ');
}
