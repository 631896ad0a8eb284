import { useState } from 'react';
import type { VariableView } from '../../../shared/model/variable.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { scopeText } from '../../credentials/scope-text.ts';
import { Question } from '../../forms/question.tsx';
import { agentName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { problemOfName } from './names.ts';
import { overlapsOf } from './overlaps.ts';
import { Problem } from './problem.tsx';

interface VariableRowProps {
  readonly variable: VariableView;
  readonly onReplace: (variable: VariableView) => void;
  readonly onSaid: (sentence: string) => void;
}

export function VariableRow({ variable, onReplace, onSaid }: VariableRowProps) {
  const t = useT();
  const app = useSlices('agents');
  const [asking, setAsking] = useState(false);
  const { name, shown, scope, storage, updatedAt } = variable;
  return (
    <li className="credential">
      <div className="credential-text">
        <p className="variable-line">
          <code>{name}</code> <span className="masked variable-shown">{shown}</span>
        </p>
        <p className="credential-meta">
          <span>{scopeText(scope, t, (agentId) => agentName(app, agentId))}</span>
          <span>{t(storage === 'plain' ? 'variables.plain' : `storage.${storage}`)}</span>
          <RelativeTime at={updatedAt} />
        </p>
        <Notes variable={variable} />
      </div>
      {!asking && (
        <div className="row credential-actions">
          <Button
            look="quiet"
            onClick={() => onReplace(variable)}
            aria-label={t('credential.replace.named', { variable: name })}
          >
            {t('credential.replace')}
          </Button>
          <Button
            look="quiet"
            onClick={() => setAsking(true)}
            aria-label={t('credential.delete.named', { variable: name })}
          >
            {t('credential.delete')}
          </Button>
        </div>
      )}
      {asking && <DeleteQuestion variable={variable} onSaid={onSaid} onClose={() => setAsking(false)} />}
    </li>
  );
}

/**
 * The variables of the same name that this one hides, or that hide it; and a name that a provider has claimed since it
 * was stored.
 */
function Notes({ variable }: Pick<VariableRowProps, 'variable'>) {
  const t = useT();
  const app = useSlices('variables', 'agents');
  const { hides, hiddenBy } = overlapsOf(variable, app.variables);
  const scopes = (variables: readonly VariableView[]) =>
    variables.map(({ scope }) => scopeText(scope, t, (agentId) => agentName(app, agentId))).join(', ');
  return (
    <>
      {hides.length > 0 && <p className="hint">{t('variables.hides', { scopes: scopes(hides) })}</p>}
      {hiddenBy.length > 0 && <p className="hint">{t('variables.hiddenBy', { scopes: scopes(hiddenBy) })}</p>}
      <Problem problem={problemOfName(variable.name)} />
    </>
  );
}

interface DeleteQuestionProps {
  readonly variable: VariableView;
  readonly onSaid: (sentence: string) => void;
  readonly onClose: () => void;
}

function DeleteQuestion({ variable, onSaid, onClose }: DeleteQuestionProps) {
  const t = useT();
  const app = useSlices('variables', 'agents');
  const { transport } = useServices();
  const { variableId, name } = variable;
  const nameOf = (agentId: string) => agentName(app, agentId);
  const { hides } = overlapsOf(variable, app.variables);
  const remove = useAction(async () => {
    const { takeOver } = await transport.call('variables.remove', { variableId });
    const scope = takeOver.map((other) => scopeText(other.scope, t, nameOf)).join(', ');
    onSaid(t(scope === '' ? 'credential.deleted' : 'credential.deleted.takesOver', { variable: name, scope }));
  });
  return (
    <Question
      label={t('credential.delete.named', { variable: name })}
      keep={t('keep')}
      go={t('credential.delete')}
      action={remove}
      onKeep={onClose}
    >
      {t('variables.delete.ask')}{' '}
      {hides.length === 0
        ? t('credential.delete.noneWider')
        : t('credential.delete.wider', { scopes: hides.map(({ scope }) => scopeText(scope, t, nameOf)).join(', ') })}
    </Question>
  );
}
