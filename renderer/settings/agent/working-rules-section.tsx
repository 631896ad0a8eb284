import { useId } from 'react';
import type { Params } from '../../../shared/contract/methods.ts';
import { type AgentView, SETTING_LIMITS } from '../../../shared/model/agent.ts';
import { DEFAULT_PERMISSION_MODE, PERMISSION_MODES } from '../../../shared/model/permission-mode.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Field, hintId } from '../../ui/field.tsx';
import { useSavedText } from '../../ui/use-saved-text.ts';
import { Section } from './section.tsx';

const NAMES = ['permissionMode', 'maxMinutes', 'maxToolCalls', 'instructions'] as const;

type Patch = Params<'agents.configure'>['settings'];

/**
 * The agent's way of working: what it may do without a question, how long, and its instructions beside every prompt.
 */
export function WorkingRulesSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const { agentId, settings } = agent;
  const save = useAction((patch: Patch) => transport.call('agents.configure', { agentId, settings: patch }));
  const reset = useAction(() => transport.call('agents.resetSettings', { agentId, names: [...NAMES] }));
  const isChanged = NAMES.some((name) => settings[name] !== undefined);
  return (
    <Section title={t('ways')} reset={isChanged ? reset : undefined}>
      <div className="agent-fields">
        {agent.terminal === undefined && <ModeSetting agent={agent} save={save.run} />}
        <LimitField
          label={t('ways.minutes')}
          max={SETTING_LIMITS.maxMinutes}
          saved={settings.maxMinutes}
          onSave={(maxMinutes) => save.run({ maxMinutes })}
        />
        {agent.terminal === undefined && (
          <LimitField
            label={t('ways.toolCalls')}
            max={SETTING_LIMITS.maxToolCalls}
            saved={settings.maxToolCalls}
            onSave={(maxToolCalls) => save.run({ maxToolCalls })}
          />
        )}
      </div>
      {agent.terminal === undefined ? (
        <InstructionsField agent={agent} onSave={(instructions) => save.run({ instructions })} />
      ) : (
        <p className="hint">{t('terminal.notTold')}</p>
      )}
      <ErrorText error={save.error} />
    </Section>
  );
}

function ModeSetting({ agent, save }: { agent: AgentView; save: (patch: Patch) => unknown }) {
  const t = useT();
  const id = useId();
  const { permissionModes, settings, name } = agent;
  const lacking = PERMISSION_MODES.filter((mode) => !permissionModes.includes(mode));
  const hint = lacking.map((mode) => t('ways.lacks', { agent: name, mode: t(`permissionMode.${mode}`) })).join(' ');
  return (
    <Field id={id} label={t('permissionMode')} hint={hint === '' ? undefined : hint}>
      <select
        id={id}
        value={settings.permissionMode ?? DEFAULT_PERMISSION_MODE}
        aria-describedby={hint === '' ? undefined : hintId(id)}
        onChange={(event) =>
          save({ permissionMode: permissionModes.find((mode) => mode === event.target.value) ?? null })
        }
      >
        {permissionModes.map((mode) => (
          <option key={mode} value={mode}>
            {t(`permissionMode.${mode}`)}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface LimitProps {
  readonly label: string;
  readonly max: number;
  readonly saved: number | undefined;
  /** Null: no limit. */
  readonly onSave: (limit: number | null) => unknown;
}

/** A whole number, or nothing for no limit. Saved on Enter and on leaving. */
function LimitField({ label, max, saved, onSave }: LimitProps) {
  const t = useT();
  const id = useId();
  const stored = saved === undefined ? '' : String(saved);
  const [text, setText] = useSavedText(stored);
  const commit = () => {
    const limit = Number(text);
    const valid = text === '' || (Number.isInteger(limit) && limit >= 1 && limit <= max);
    if (!valid) setText(stored);
    else if (text !== stored) onSave(text === '' ? null : limit);
  };
  return (
    <Field id={id} label={label}>
      <input
        id={id}
        type="number"
        min={1}
        max={max}
        value={text}
        placeholder={t('ways.noLimit')}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </Field>
  );
}

function InstructionsField({ agent, onSave }: { agent: AgentView; onSave: (text: string | null) => unknown }) {
  const t = useT();
  const id = useId();
  const saved = agent.settings.instructions ?? '';
  const [text, setText] = useSavedText(saved);
  return (
    <Field
      id={id}
      label={t('ways.instructions')}
      hint={t(agent.takesInstructions ? 'ways.instructions.taken' : 'ways.instructions.said', { agent: agent.name })}
    >
      <textarea
        id={id}
        rows={2}
        maxLength={SETTING_LIMITS.instructions}
        value={text}
        aria-describedby={hintId(id)}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text !== saved && onSave(text.trim() === '' ? null : text)}
      />
    </Field>
  );
}
