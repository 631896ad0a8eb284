import { useId, useState } from 'react';
import { inspectPaste, type PasteInspection } from '../../shared/credentials/paste.ts';
import type { CredentialView } from '../../shared/model/credential.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { FormFrame } from '../forms/form-frame.tsx';
import { FormTitle } from '../forms/form-title.tsx';
import { useDraft } from '../forms/use-draft.ts';
import { agentName } from '../stores/select.ts';
import { browserClipboard, type ClearOutcome, clearIfHolds } from '../ui/clipboard.ts';
import { OutsideLink } from '../ui/link.tsx';
import { type Pasted, usePasted } from '../ui/use-pasted.ts';
import { AccountField } from './account-field.tsx';
import type { Checks } from './checks.ts';
import { type Draft, isIncomplete, pasteableProviders, switchProvider, toParams, variablesOf } from './draft.ts';
import { Findings } from './findings.tsx';
import { isKeychainTrouble } from './keychain-notice.tsx';
import { PolicyNotice } from './policy-notice.tsx';
import { ScopeFields } from './scope-fields.tsx';
import { scopeText } from './scope-text.ts';
import { type Mark, SecretInput } from './secret-input.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { type Stored, StoredMessage } from './stored-message.tsx';
import { Verdict } from './verdict.tsx';

interface CredentialFormProps {
  readonly initial: Draft;
  readonly replacing: CredentialView | null;
  readonly checks: Checks;
  readonly onStopReplacing: () => void;
  /** Where a credential is missed: of these providers it is one, and whose it is stands below the field. */
  readonly among?: readonly string[];
  /** The user came here to paste. */
  readonly focused: boolean;
}

export function CredentialForm({ initial, replacing, checks, onStopReplacing, focused, among }: CredentialFormProps) {
  const t = useT();
  const app = useSlices('providers', 'agents');
  const [stored, setStored] = useState<Stored | null>(null);
  const { draft, change, replace } = useDraft(initial, () => {
    setStored(null);
    store.clear();
  });
  const [mark, setMark] = useState<Mark>();
  const pasted = usePasted();
  const store = useStoreDraft({ checks, pasted }, (outcome) => {
    replace((current) => ({ ...current, value: '' }));
    setStored(outcome);
  });
  const provider = app.providers.find((candidate) => candidate.providerId === draft.providerId);
  const inspection = inspected(draft, provider, app.providers);
  const incomplete = isIncomplete(draft) || isBarred(inspection);
  const scope = replacing && scopeText(replacing.scope, t, (agentId) => agentName(app, agentId));
  return (
    <FormFrame
      className="credential-form"
      label={t('credentials.add')}
      autoComplete="off"
      action={store}
      ready={!incomplete}
      onSubmit={() => store.run(draft)}
      submit={t('credentials.save')}
      after={
        <>
          {provider && replacing === null && among === undefined && <SignIn draft={draft} provider={provider} />}
          <StoredMessage stored={stored} />
          {stored && <Verdict credential={stored.credential} check={checks.of(stored.credential.credentialId)} />}
        </>
      }
    >
      {among === undefined && (
        <FormTitle
          replaced={replacing && scope && t('credential.replace.title', { variable: replacing.variable, scope })}
          onStopReplacing={onStopReplacing}
        >
          {t('credentials.add')}
        </FormTitle>
      )}
      {among === undefined && replacing === null && <ProviderFields draft={draft} change={change} />}
      {among !== undefined && among.length > 1 && <ProviderField draft={draft} change={change} among={among} />}
      <SecretInput
        value={draft.value}
        onValue={(value) => change({ value })}
        focused={focused}
        pasted={pasted}
        mark={mark}
      />
      {inspection && <Findings inspection={inspection} providers={app.providers} change={change} look={setMark} />}
      {provider && <PolicyNotice draft={draft} provider={provider} />}
      {provider?.keyPage && draft.value === '' && (
        <p className="hint">
          <OutsideLink href={provider.keyPage}>{t('credentials.keyPage', { provider: provider.name })}</OutsideLink>
        </p>
      )}
      {among === undefined ? (
        replacing === null && <PlaceFields draft={draft} change={change} />
      ) : (
        <details className="plan-details">
          <summary>{t('credentials.where')}</summary>
          <div className="form">
            <ProviderFields draft={draft} change={change} />
            <PlaceFields draft={draft} change={change} />
          </div>
        </details>
      )}
      <StorageChoice draft={draft} change={change} failed={store.error?.code.startsWith('KEYCHAIN_') ?? false} />
    </FormFrame>
  );
}

function inspected(
  { value, variable }: Draft,
  provider: ProviderView | undefined,
  providers: readonly ProviderView[],
): PasteInspection | undefined {
  if (provider === undefined || value === '') return undefined;
  return inspectPaste(value, { provider, providers, ...(variable === '' ? {} : { variable }) });
}

/** The core would refuse it. */
function isBarred(inspection: PasteInspection | undefined): boolean {
  return inspection?.findings.some(({ level }) => level === 'error') ?? false;
}

/** Stores a draft and, where the user wants it, empties the clipboard of it. The provider is asked in the meantime. */
function useStoreDraft({ checks, pasted }: { checks: Checks; pasted: Pasted }, onStored: (stored: Stored) => void) {
  const { transport } = useServices();
  const { settings } = useSlices('settings');
  return useAction(async (draft: Draft) => {
    const result = await transport.call('credentials.set', toParams(draft));
    const texts = [draft.value, ...pasted.take()];
    onStored({ ...result, clipboard: null });
    void checks.run(result.credential.credentialId);
    const clipboard: ClearOutcome | null = settings.clearClipboardAfterPaste
      ? await clearIfHolds(texts, browserClipboard)
      : null;
    onStored({ ...result, clipboard });
  });
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (patch: Partial<Draft>) => void;
}

function PlaceFields(props: FieldsProps) {
  return (
    <>
      <ScopeFields {...props} />
      <AccountField {...props} />
    </>
  );
}

/** `among`: those that are offered. Absent: all. */
function ProviderField({ draft, change, among }: FieldsProps & { among?: readonly string[] }) {
  const t = useT();
  const { providers } = useSlices('providers');
  const id = useId();
  const offered = pasteableProviders(providers).filter(
    ({ providerId }) => among === undefined || among.includes(providerId) || providerId === draft.providerId,
  );
  return (
    <div className="field">
      <label htmlFor={id}>{t('provider')}</label>
      <select id={id} value={draft.providerId} onChange={(event) => change(switchProvider(draft, event.target.value))}>
        {offered.map(({ providerId, name }) => (
          <option key={providerId} value={providerId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function ProviderFields({ draft, change }: FieldsProps) {
  const t = useT();
  const { providers } = useSlices('providers');
  const id = useId();
  const provider = providers.find((candidate) => candidate.providerId === draft.providerId);
  const variables = provider ? variablesOf(provider) : [];
  return (
    <div className="form-columns">
      <ProviderField draft={draft} change={change} />
      {variables.length > 1 && (
        <div className="field">
          <label htmlFor={`${id}-variable`}>{t('variable')}</label>
          <select
            id={`${id}-variable`}
            value={draft.variable || variables[0]}
            onChange={(event) => change({ variable: event.target.value })}
          >
            {variables.map((variable) => (
              <option key={variable} value={variable}>
                {variable}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}

/** Where it is kept. Only a question when the keychain is in trouble, or the other choice was made before. */
function StorageChoice({ draft, change, failed }: FieldsProps & { failed: boolean }) {
  const t = useT();
  const { keychain } = useSlices('keychain');
  const sessionOnly = draft.storage === 'session-only';
  if (!failed && !sessionOnly && !isKeychainTrouble(keychain)) return null;
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={sessionOnly}
        onChange={(event) => change({ storage: event.target.checked ? 'session-only' : 'keychain' })}
      />
      <span>
        {t('storage.keepForSession')}
        <span className="hint"> {t('storage.keepForSession.hint')}</span>
      </span>
    </label>
  );
}
