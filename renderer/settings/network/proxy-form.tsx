import { useId, useState } from 'react';
import type { DetectedNetwork } from '../../../shared/model/network.ts';
import { useApp, useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { SecretInput } from '../../credentials/secret-input.tsx';
import { ClipboardSentence } from '../../credentials/stored-message.tsx';
import { FormFrame } from '../../forms/form-frame.tsx';
import { Question } from '../../forms/question.tsx';
import { useDraft } from '../../forms/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { browserClipboard, type ClearOutcome, clearIfHolds } from '../../ui/clipboard.ts';
import { Field } from '../../ui/field.tsx';
import { type Pasted, usePasted } from '../../ui/use-pasted.ts';
import { draftOf, draftOfDetected, keepsPassword, type ProxyDraft, paramsOf } from './draft.ts';

/** The proxy of the user's network. `detected`: what the user took over from the login shell; nothing is saved by that. */
export function ProxyForm({ detected }: { detected: DetectedNetwork['proxy'] }) {
  const t = useT();
  const { network, settings } = useSlices('network', 'settings');
  const { proxy } = network;
  const { transport } = useServices();
  const id = useId();
  const [said, setSaid] = useState('');
  const [clipboard, setClipboard] = useState<ClearOutcome | null>(null);
  const initial = detected === undefined ? draftOf(proxy) : draftOfDetected(detected);
  const { draft, change, replace } = useDraft(initial, () => {
    setSaid('');
    setClipboard(null);
    save.clear();
  });
  const pasted = usePasted();
  const save = useAction(async () => {
    const result = await transport.call('network.setProxy', paramsOf(draft, proxy));
    const texts = [draft.password, ...pasted.take()];
    replace(draftOf(result.network.proxy));
    setSaid(t('network.proxy.saved'));
    if (draft.password === '' || !settings.clearClipboardAfterPaste) return;
    setClipboard(await clearIfHolds(texts, browserClipboard));
  });
  return (
    <FormFrame
      title={t('network.proxy')}
      autoComplete="off"
      action={save}
      ready={draft.url.trim() !== ''}
      onSubmit={() => save.run()}
      submit={t('save')}
      buttons={proxy !== undefined && <RemoveProxy onRemoved={() => change(draftOf(undefined))} />}
      after={
        <div role="status" className="said">
          {said !== '' && <p>{said}</p>}
          {clipboard !== null && <ClipboardSentence outcome={clipboard} />}
        </div>
      }
    >
      <p className="hint">{t('network.proxy.hint')}</p>
      <Field id={`${id}-url`} label={t('network.proxy.address')}>
        <input
          id={`${id}-url`}
          value={draft.url}
          spellCheck={false}
          autoComplete="off"
          placeholder="http://proxy.example.com:3128"
          onChange={(event) => change({ url: event.target.value })}
        />
      </Field>
      <Field id={`${id}-user`} label={t('network.proxy.user')} hint={t('network.proxy.user.hint')}>
        <input
          id={`${id}-user`}
          aria-describedby={`${id}-user-hint`}
          value={draft.userName}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ userName: event.target.value })}
        />
      </Field>
      {draft.userName.trim() !== '' && <PasswordFields draft={draft} change={change} pasted={pasted} />}
      <Field id={`${id}-except`} label={t('network.proxy.exceptions')} hint={t('network.proxy.exceptions.hint')}>
        <textarea
          id={`${id}-except`}
          aria-describedby={`${id}-except-hint`}
          rows={3}
          value={draft.exceptions}
          spellCheck={false}
          placeholder={'*.internal.example.com\n10.0.0.0/8'}
          onChange={(event) => change({ exceptions: event.target.value })}
        />
      </Field>
    </FormFrame>
  );
}

function PasswordFields({
  draft,
  change,
  pasted,
}: {
  pasted: Pasted;
  draft: ProxyDraft;
  change: (patch: Partial<ProxyDraft>) => void;
}) {
  const t = useT();
  const { proxy } = useApp((app) => app.network);
  const kept = keepsPassword(draft, proxy);
  const hint = draft.detected ? 'detected' : kept ? `kept-${proxy?.password}` : 'none';
  return (
    <>
      <SecretInput
        label={t('network.proxy.password')}
        hint={t(`network.proxy.password.${hint}`)}
        placeholder={kept || draft.detected ? '••••••••' : ''}
        value={draft.password}
        onValue={(password) => change({ password })}
        focused={false}
        pasted={pasted}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={draft.sessionOnly}
          onChange={(event) => change({ sessionOnly: event.target.checked })}
        />
        <span>{t('network.proxy.sessionOnly')}</span>
      </label>
    </>
  );
}

function RemoveProxy({ onRemoved }: { onRemoved: () => void }) {
  const t = useT();
  const { transport } = useServices();
  const [asks, setAsks] = useState(false);
  const remove = useAction(async () => {
    await transport.call('network.removeProxy', {});
    onRemoved();
  });
  if (!asks) return <Button onClick={() => setAsks(true)}>{t('network.remove')}</Button>;
  return (
    <Question
      label={t('network.proxy.remove')}
      keep={t('keep')}
      go={t('network.remove')}
      action={remove}
      onKeep={() => setAsks(false)}
    >
      {t('network.proxy.remove.question')}
    </Question>
  );
}
