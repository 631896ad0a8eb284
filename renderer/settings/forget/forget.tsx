import { useState } from 'react';
import type { ForgetList, ForgetTarget } from '../../../shared/model/forget.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { Orphans } from '../../credentials/orphans.tsx';
import { ErrorText } from '../../failure/error-text.tsx';
import { Question } from '../../forms/question.tsx';
import { Button } from '../../ui/button.tsx';
import { GoingList } from './going-list.tsx';

interface ForgetProps {
  readonly target: ForgetTarget;
  /** On the button, and read out as the question's name. */
  readonly label: string;
  /** To be typed before it goes on; absent: a click is enough. */
  readonly word?: string;
}

/** Lists what will be deleted, then asks; nothing is deleted before the answer. */
export function Forget({ target, label, word }: ForgetProps) {
  const { transport } = useServices();
  const [list, setList] = useState<ForgetList | null>(null);
  const look = useAction(async () => setList((await transport.call('forget.list', { target })).list));
  if (list !== null) {
    return (
      <ForgetQuestion
        target={target}
        label={label}
        list={list}
        onClose={() => setList(null)}
        {...(word ? { word } : {})}
      />
    );
  }
  return (
    <div>
      <Button look="quiet" onClick={() => look.run()} disabled={look.pending}>
        {label}
      </Button>
      <ErrorText error={look.error} />
    </div>
  );
}

function ForgetQuestion({
  target,
  label,
  list,
  word,
  onClose,
}: ForgetProps & { list: ForgetList; onClose: () => void }) {
  const t = useT();
  const { transport } = useServices();
  const [typed, setTyped] = useState('');
  const go = useAction(async () => {
    await transport.call('forget.carryOut', { target });
    onClose();
  });
  const confirmed = word === undefined || typed.trim().toLowerCase() === word.toLowerCase();
  return (
    <Question
      label={label}
      keep={t('keep')}
      go={label}
      action={go}
      onKeep={onClose}
      ready={confirmed}
      goes={<GoingList list={list} />}
      details={
        <>
          {target.kind === 'everything' && (
            <div>
              <p>{t('forget.orphans')}</p>
              <Orphans />
            </div>
          )}
          {word !== undefined && (
            <label className="field">
              {t('forget.type', { word })}
              <input
                value={typed}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
          )}
        </>
      }
    >
      {t(`forget.ask.${target.kind}`)}
    </Question>
  );
}
