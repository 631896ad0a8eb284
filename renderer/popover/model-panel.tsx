import { useEffect, useRef } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useSlices, useT } from '../context/services.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { defaultModelKey } from '../stores/model-name.ts';
import { providerName } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import type { ModelChoice, ModelGroup } from './model-choices.ts';
import type { Models } from './use-models.ts';

export function optionId(id: string, index: number): string {
  return `${id}-option-${index}`;
}

interface PanelProps {
  /** The id of the field that opens the panel. */
  readonly id: string;
  readonly agent: AgentView;
  readonly groups: readonly ModelGroup[];
  /** Counted through all groups; -1: none. */
  readonly active: number;
  readonly models: Models;
  readonly saved: string;
  readonly onPick: (choice: ModelChoice) => void;
}

/** The models to choose from, and their source. */
export function ModelPanel({ id, agent, groups, active, models, saved, onPick }: PanelProps) {
  const t = useT();
  let before = 0;
  return (
    <div className="model-panel">
      <div className="model-list" role="listbox" id={`${id}-panel`} aria-label={t('model')}>
        {groups.map((group) => {
          const from = before;
          before += group.choices.length;
          return <Group key={group.kind} {...{ id, agent, group, from, active, saved, onPick }} />;
        })}
      </div>
      <LiveLine models={models} />
      <ErrorText error={models.error} />
    </div>
  );
}

type GroupProps = Omit<PanelProps, 'groups' | 'models'> & { readonly group: ModelGroup; readonly from: number };

function Group({ id, agent, group, from, active, saved, onPick }: GroupProps) {
  const t = useT();
  const app = useSlices('providers');
  const heading = group.kind === 'typed' || group.kind === 'default' ? undefined : t(`models.group.${group.kind}`);
  const provider = (choice: ModelChoice) =>
    group.kind === 'recent' && choice.providerId !== undefined && agent.providerIds.length > 1
      ? providerName(app, choice.providerId)
      : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
    <div role="group" aria-label={heading}>
      {heading && (
        <p className="model-group" aria-hidden="true">
          {heading}
        </p>
      )}
      {group.choices.map((choice, index) => (
        <Option
          key={`${choice.id} ${choice.providerId ?? ''}`}
          id={optionId(id, from + index)}
          active={active === from + index}
          chosen={choice.id === saved && group.kind !== 'typed'}
          onPick={() => onPick(choice)}
        >
          <OptionText
            name={nameOf(group.kind, choice, { t, agent })}
            about={choice.label ?? provider(choice)}
            isId={group.kind !== 'typed' && group.kind !== 'default'}
          />
        </Option>
      ))}
    </div>
  );
}

function nameOf(
  kind: ModelGroup['kind'],
  { id }: ModelChoice,
  { t, agent }: { t: ReturnType<typeof useT>; agent: AgentView },
): string {
  if (kind === 'default') return t('models.default', { who: t(defaultModelKey(agent)) });
  return kind === 'typed' ? t('models.typed', { model: id }) : id;
}

function OptionText({ name, about, isId }: { name: string; about: string | undefined; isId: boolean }) {
  return (
    <>
      <span className={isId ? 'model-id' : undefined}>{name}</span>
      {about !== undefined && about !== name && <span className="model-about">{about}</span>}
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onPick: () => void;
  readonly children: React.ReactNode;
}

function Option({ id, active, chosen, onPick, children }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and hears the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the same
    <div
      ref={element}
      id={id}
      role="option"
      className="model-option"
      aria-selected={active || chosen}
      data-active={active || undefined}
      // The field keeps the focus: leaving it would save what is typed.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {children}
    </div>
  );
}

/** Says whether the provider's own list is included, and if not, why. */
function LiveLine({ models: { live, error, askAgain } }: { models: Models }) {
  const t = useT();
  const app = useSlices('providers');
  if (live === undefined) return error === null ? <p className="hint">{t('models.live.asking')}</p> : null;
  switch (live.state) {
    case 'listed':
      return live.models.length > 0 ? null : (
        <p className="hint">{t('models.live.empty', { provider: providerName(app, live.providerId) })}</p>
      );
    case 'no-credential':
      return <p className="hint">{t('models.live.no-credential')}</p>;
    case 'not-offered':
      return <p className="hint">{t('models.live.not-offered', { provider: providerName(app, live.providerId) })}</p>;
    case 'could-not-check': {
      const provider = providerName(app, live.providerId);
      const { reason, status = '', cause = '' } = live;
      const key = reason === 'not-understood' ? 'models.live.not-understood' : `liveness.reason.${reason}`;
      return (
        <div className="model-trouble" role="status">
          <p className="hint">
            {t('models.live.could-not-check', { provider, why: t(key, { provider, status, cause }) })}
          </p>
          <Button look="quiet" onMouseDown={(event) => event.preventDefault()} onClick={askAgain}>
            {t('models.live.again')}
          </Button>
        </div>
      );
    }
  }
}
