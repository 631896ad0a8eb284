import { useId, useState } from 'react';
import type { Scope } from '../../../shared/model/credential.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { scopeText } from '../../credentials/scope-text.ts';
import { FormFrame } from '../../forms/form-frame.tsx';
import { FormTitle } from '../../forms/form-title.tsx';
import { useDraft } from '../../forms/use-draft.ts';
import { agentName } from '../../stores/select.ts';
import { Banner } from '../../ui/banner.tsx';
import { browserClipboard, clearIfHolds } from '../../ui/clipboard.ts';
import { type Pasted, usePasted } from '../../ui/use-pasted.ts';
import { draftOf, EMPTY_DRAFT, type Judgement, judge, storageOf, type VariableDraft } from './draft.ts';
import { isSameScope } from './overlaps.ts';
import { Problem } from './problem.tsx';
import { type Saved, SavedMessage } from './saved-message.tsx';
import { ValueField } from './value-field.tsx';

interface VariableFormProps {
  readonly scope: Scope;
  readonly replacing: VariableView | null;
  readonly onStopReplacing: () => void;
}

export function VariableForm({ scope, replacing, onStopReplacing }: VariableFormProps) {
  const t = useT();
  const app = useSlices('variables', 'providers', 'agents');
  const { variables, providers } = app;
  const [saved, setSaved] = useState<Saved | null>(null);
  const { draft, change, replace } = useDraft(replacing === null ? EMPTY_DRAFT : draftOf(replacing), () => {
    setSaved(null);
    save.clear();
  });
  const ofScope = variables.filter((one) => isSameScope(one.scope, scope));
  const judgement = judge(draft, { providers, ofScope, scope: scope.kind });
  const complete = judgement.complete && (scope.kind !== 'project' || scope.projectDir !== '');
  const pasted = usePasted();
  const save = useSave({ scope, pasted }, (outcome) => {
    replace((current) => ({ ...current, name: replacing === null ? '' : current.name, value: '' }));
    setSaved(outcome);
  });
  const of = replacing && scopeText(replacing.scope, t, (agentId) => agentName(app, agentId));
  return (
    <FormFrame
      label={t('variables.add')}
      autoComplete="off"
      action={save}
      ready={complete}
      onSubmit={() => save.run(draft)}
      submit={t('variables.save')}
      after={<SavedMessage saved={saved} />}
    >
      <FormTitle
        replaced={replacing && of && t('credential.replace.title', { variable: replacing.name, scope: of })}
        onStopReplacing={onStopReplacing}
      >
        {t('variables.add')}
      </FormTitle>
      {replacing === null && <NameField draft={draft} judgement={judgement} change={change} />}
      <ValueField draft={draft} judgement={judgement} change={change} focused={replacing !== null} pasted={pasted} />
      <Keeping draft={draft} judgement={judgement} change={change} />
      <Problem problem={judgement.room} />
    </FormFrame>
  );
}

/** Stores a draft and, where the user wants it, empties the clipboard of a secret. */
function useSave({ scope, pasted }: { scope: Scope; pasted: Pasted }, onSaved: (saved: Saved) => void) {
  const { transport } = useServices();
  const { settings } = useSlices('settings');
  return useAction(async (draft: VariableDraft) => {
    const { name, value } = draft;
    const result = await transport.call('variables.set', { name, value, scope, storage: storageOf(draft) });
    const texts = [value, ...pasted.take()];
    onSaved({ result, clipboard: null });
    const isSecret = draft.secret || result.storedAs === 'credential';
    if (!isSecret || !settings.clearClipboardAfterPaste) return;
    onSaved({ result, clipboard: await clearIfHolds(texts, browserClipboard) });
  });
}

interface FieldProps {
  readonly draft: VariableDraft;
  readonly change: (patch: Partial<VariableDraft>) => void;
}

function NameField({ draft, judgement, change }: FieldProps & { judgement: Judgement }) {
  const t = useT();
  const id = useId();
  const { provider, name } = judgement;
  return (
    <div className="field">
      <label htmlFor={id}>{t('variables.name')}</label>
      <input
        id={id}
        className="secret"
        value={draft.name}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        placeholder="MY_VARIABLE"
        aria-invalid={name !== undefined}
        aria-describedby={`${id}-problem`}
        onChange={(event) => change({ name: event.target.value })}
      />
      <div id={`${id}-problem`} aria-live="polite">
        <Problem problem={name} />
        {provider && <p className="hint">{t('variables.becomesCredential', { provider: provider.name })}</p>}
      </div>
    </div>
  );
}

function Keeping({ draft, judgement, change }: FieldProps & { judgement: Judgement }) {
  const t = useT();
  const isCredential = judgement.provider !== undefined;
  const secret = draft.secret || isCredential;
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={secret}
          disabled={isCredential}
          onChange={(event) => change({ secret: event.target.checked })}
        />
        <span>
          {t('variables.secret')}
          <span className="hint"> {t(secret ? 'variables.secret.hint' : 'variables.plain.hint')}</span>
        </span>
      </label>
      <div aria-live="polite">
        {judgement.looksSecret !== undefined && (
          <Banner tone="warn">{t(`variables.looksSecret.${judgement.looksSecret}`)}</Banner>
        )}
      </div>
      {secret && (
        <label className="check">
          <input
            type="checkbox"
            checked={draft.sessionOnly}
            onChange={(event) => change({ sessionOnly: event.target.checked })}
          />
          <span>
            {t('storage.keepForSession')}
            <span className="hint"> {t('storage.keepForSession.hint')}</span>
          </span>
        </label>
      )}
    </>
  );
}
