import { type ReactNode, useId } from 'react';
import { defined } from '../../../shared/defined.ts';
import { type AgentDefinition, runsAsText } from '../../../shared/model/agent-definition.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { FormFrame } from '../../forms/form-frame.tsx';
import { useDraft } from '../../forms/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Field, hintId } from '../../ui/field.tsx';
import { type Draft, definitionOf, draftOf, EMPTY_DRAFT, idFromName } from './draft.ts';

interface FormProps {
  /** The one that is edited; absent: a new one. */
  readonly definition?: AgentDefinition;
  readonly onDone: () => void;
}

/** An agent of the user's own: what it runs, and with what. */
export function OwnAgentForm({ definition, onDone }: FormProps) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const { draft, change: set } = useDraft(definition === undefined ? EMPTY_DRAFT : draftOf(definition));
  const made = definitionOf(draft);
  const method = definition === undefined ? 'userAgents.add' : 'userAgents.change';
  const save = useAction(async (anyway?: true) => {
    if ('definition' in made) await transport.call(method, { definition: made.definition, ...defined({ anyway }) });
  });
  return (
    <FormFrame
      title={t(definition === undefined ? 'ownAgent.add' : 'ownAgent.edit')}
      action={save}
      ready={'definition' in made}
      onSubmit={async () => {
        if (await save.run()) onDone();
      }}
      submit={t('ownAgent.save')}
      submitDescribedBy={`${id}-problem`}
      buttons={
        <Button look="quiet" onClick={onDone}>
          {t('cancel')}
        </Button>
      }
      error={null}
      after={
        <>
          <p className="hint" id={`${id}-problem`}>
            {'problem' in made ? t(`ownAgent.problem.${made.problem}`) : ''}
          </p>
          <p className="hint" role="status">
            {save.pending && draft.kind === 'program' ? t('ownAgent.trying') : ''}
          </p>
          <ErrorText error={save.error} />
          {save.error?.details?.anyway === true && (
            <div className="row">
              <Button
                disabled={save.pending || 'problem' in made}
                onClick={async () => (await save.run(true)) && onDone()}
              >
                {t(definition === undefined ? 'ownAgent.anyway' : 'ownAgent.anyway.edit')}
              </Button>
            </div>
          )}
        </>
      }
    >
      <TextField
        label={t('ownAgent.name')}
        value={draft.name}
        maxLength={80}
        focus
        onChange={(name) => set({ name })}
      />
      {definition === undefined && (
        <TextField
          label={t('ownAgent.id')}
          hint={t('ownAgent.id.hint')}
          value={draft.agentId}
          placeholder={idFromName(draft.name)}
          onChange={(agentId) => set({ agentId })}
        />
      )}
      <TextField
        label={t('ownAgent.description')}
        value={draft.description}
        maxLength={300}
        onChange={(description) => set({ description })}
      />
      {draft.package === undefined ? <Runs draft={draft} set={set} /> : <code>{runsAsText(draft.package)}</code>}
      <ProviderSelect draft={draft} set={set} />
      {draft.kind !== 'terminal' && (
        <TextField
          label={t('model')}
          value={draft.model}
          placeholder={t('model.agentDefault')}
          onChange={(model) => set({ model })}
        />
      )}
      <VariablesField draft={draft} set={set} />
    </FormFrame>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
}

function Runs({ draft, set }: PartProps) {
  const t = useT();
  const { agents } = useSlices('agents');
  const id = useId();
  const choice = (kind: Draft['kind']) => (
    <label className="check">
      <input type="radio" name={id} checked={draft.kind === kind} onChange={() => set({ kind })} />
      {t(`ownAgent.kind.${kind}`)}
    </label>
  );
  return (
    <>
      <fieldset className="field own-agent-runs">
        <legend className="label">{t('ownAgent.runs')}</legend>
        {choice('program')}
        {choice('terminal')}
        {choice('variant')}
      </fieldset>
      {draft.kind !== 'variant' ? (
        <TextField
          label={t('ownAgent.command')}
          hint={t('ownAgent.command.hint')}
          value={draft.command}
          placeholder={draft.kind === 'terminal' ? 'my-program --option' : 'my-agent --acp'}
          onChange={(command) => set({ command })}
        />
      ) : (
        <Field id={`${id}-base`} label={t('ownAgent.base')}>
          <select id={`${id}-base`} value={draft.base} onChange={(event) => set({ base: event.target.value })}>
            <option value="" />
            {agents
              .filter(({ origin }) => origin === undefined)
              .map(({ agentId, name }) => (
                <option key={agentId} value={agentId}>
                  {name}
                </option>
              ))}
          </select>
        </Field>
      )}
    </>
  );
}

/** For a variant, the providers that its base can use. */
function ProviderSelect({ draft, set }: PartProps) {
  const t = useT();
  const { agents, providers } = useSlices('agents', 'providers');
  const id = useId();
  const base = draft.kind === 'variant' ? agents.find(({ agentId }) => agentId === draft.base) : undefined;
  const choices = base === undefined ? providers : providers.filter((one) => base.providerIds.includes(one.providerId));
  return (
    <Field id={id} label={t('provider')} hint={t(`ownAgent.provider.${draft.kind}`)}>
      <select
        id={id}
        aria-describedby={hintId(id)}
        value={draft.providerId}
        onChange={(event) => set({ providerId: event.target.value })}
      >
        <option value="">{t(`ownAgent.provider.none.${draft.kind}`)}</option>
        {choices.map(({ providerId, name }) => (
          <option key={providerId} value={providerId}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}

function VariablesField({ draft, set }: PartProps) {
  const t = useT();
  const id = useId();
  return (
    <Field id={id} label={t('ownAgent.variables')} hint={t('ownAgent.variables.hint')}>
      <textarea
        id={id}
        rows={3}
        aria-describedby={hintId(id)}
        value={draft.variables}
        spellCheck={false}
        onChange={(event) => set({ variables: event.target.value })}
      />
    </Field>
  );
}

function TextField(props: {
  label: string;
  hint?: ReactNode;
  value: string;
  placeholder?: string;
  maxLength?: number;
  focus?: boolean;
  onChange: (value: string) => void;
}) {
  const { label, hint, value, placeholder, maxLength = 4096, focus = false, onChange } = props;
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint}>
      <input
        id={id}
        // biome-ignore lint/a11y/noAutofocus: the form was opened by the user a moment ago
        autoFocus={focus}
        {...(hint === undefined ? {} : { 'aria-describedby': hintId(id) })}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
