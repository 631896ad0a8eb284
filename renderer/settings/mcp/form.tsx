import { useId, useState } from 'react';
import { referenceTo } from '../../../shared/mcp/references.ts';
import type { HostScope } from '../../../shared/model/egress.ts';
import type { McpServer } from '../../../shared/model/mcp-server.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { scopeText } from '../../credentials/scope-text.ts';
import { FormFrame } from '../../forms/form-frame.tsx';
import { useDraft } from '../../forms/use-draft.ts';
import { agentName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { Field, hintId } from '../../ui/field.tsx';
import { draftOfServer, EMPTY_MCP, isComplete, type McpDraft, transportOfDraft } from './draft.ts';

const TYPES: readonly McpDraft['type'][] = ['stdio', 'http', 'sse'];

interface McpFormProps {
  readonly changing: McpServer | null;
  readonly onDone: () => void;
}

export function McpForm({ changing, onDone }: McpFormProps) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const scopes = useScopes(changing);
  const [scopeIndex, setScopeIndex] = useState(0);
  const { draft, change, replace } = useDraft(changing === null ? EMPTY_MCP : draftOfServer(changing), () =>
    save.clear(),
  );
  const read = transportOfDraft(draft);
  const scope = scopes[scopeIndex]?.scope;
  const save = useAction(async () => {
    if ('line' in read || scope === undefined) return;
    const which = changing === null ? {} : { serverId: changing.serverId };
    await transport.call('mcp.set', { ...which, scope, name: draft.name, transport: read.value });
    replace(EMPTY_MCP);
    onDone();
  });
  const line = 'line' in read ? read.line : undefined;
  return (
    <FormFrame
      title={changing === null ? t('mcp.add') : t('mcp.change.named', { name: changing.name })}
      autoComplete="off"
      action={save}
      ready={isComplete(draft) && line === undefined}
      onSubmit={() => save.run()}
      submit={t('mcp.save')}
      buttons={changing !== null && <Button onClick={onDone}>{t('keep')}</Button>}
    >
      <Field id={`${id}-scope`} label={t('scope')}>
        <select
          id={`${id}-scope`}
          value={scopeIndex}
          disabled={changing !== null}
          onChange={(event) => setScopeIndex(Number(event.target.value))}
        >
          {scopes.map(({ label }, index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <TextField id={`${id}-name`} label={t('mcp.name')} value={draft.name} onValue={(name) => change({ name })} />
      <Field id={`${id}-type`} label={t('mcp.type')}>
        <select
          id={`${id}-type`}
          value={draft.type}
          onChange={(event) => change({ type: TYPES.find((type) => type === event.target.value) ?? 'stdio' })}
        >
          {TYPES.map((type) => (
            <option key={type} value={type}>
              {t(`mcp.type.${type}`)}
            </option>
          ))}
        </select>
      </Field>
      {draft.type === 'stdio' ? (
        <CommandFields id={id} draft={draft} change={change} />
      ) : (
        <AddressFields id={id} draft={draft} change={change} />
      )}
      {line !== undefined && <p className="hint warn">{t('mcp.line', { line })}</p>}
    </FormFrame>
  );
}

/** The current project and every agent; of a server that is changed only its own. */
function useScopes(changing: McpServer | null): { scope: HostScope; label: string }[] {
  const t = useT();
  const app = useSlices('settings', 'host', 'agents');
  const { settings, host, agents } = app;
  const labelled = (scope: HostScope) => ({ scope, label: scopeText(scope, t, (agentId) => agentName(app, agentId)) });
  if (changing !== null) return [labelled(changing.scope)];
  const project = { kind: 'project', projectDir: settings.projectDir ?? host.scratchDir } as const;
  const ofAgents = agents.filter(({ demo }) => !demo).map(({ agentId }) => ({ kind: 'agent', agentId }) as const);
  return [project, ...ofAgents].map(labelled);
}

interface PartProps {
  readonly id: string;
  readonly draft: McpDraft;
  readonly change: (patch: Partial<McpDraft>) => void;
}

function CommandFields({ id, draft, change }: PartProps) {
  const t = useT();
  return (
    <>
      <TextField
        id={`${id}-command`}
        label={t('mcp.command')}
        value={draft.command}
        onValue={(command) => change({ command })}
      />
      <LinesField id={`${id}-args`} label={t('mcp.args')} value={draft.args} onValue={(args) => change({ args })} />
      <LinesField
        id={`${id}-env`}
        label={t('mcp.env')}
        hint={t('mcp.env.hint', { reference: referenceTo('NAME') })}
        value={draft.env}
        onValue={(env) => change({ env })}
      />
      <LinesField
        id={`${id}-folders`}
        label={t('mcp.folders')}
        hint={t('mcp.folders.hint')}
        value={draft.folders}
        onValue={(folders) => change({ folders })}
      />
      <LinesField
        id={`${id}-hosts`}
        label={t('mcp.hosts')}
        hint={t('mcp.hosts.hint')}
        value={draft.hosts}
        onValue={(hosts) => change({ hosts })}
      />
    </>
  );
}

function AddressFields({ id, draft, change }: PartProps) {
  const t = useT();
  return (
    <>
      <TextField id={`${id}-url`} label={t('mcp.url')} value={draft.url} onValue={(url) => change({ url })} />
      <LinesField
        id={`${id}-headers`}
        label={t('mcp.headers')}
        hint={t('mcp.headers.hint', { reference: referenceTo('NAME') })}
        value={draft.headers}
        onValue={(headers) => change({ headers })}
      />
    </>
  );
}

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function TextField({ id, label, value, onValue }: TextProps) {
  return (
    <Field id={id} label={label}>
      <input id={id} value={value} spellCheck={false} onChange={(event) => onValue(event.target.value)} />
    </Field>
  );
}

/** A field with one entry per line. */
function LinesField({ id, label, hint, value, onValue }: TextProps) {
  return (
    <Field id={id} label={label} hint={hint}>
      <textarea
        id={id}
        rows={2}
        value={value}
        spellCheck={false}
        aria-describedby={hint === undefined ? undefined : hintId(id)}
        onChange={(event) => onValue(event.target.value)}
      />
    </Field>
  );
}
