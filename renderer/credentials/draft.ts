import type { Params } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import type { CredentialStorage, CredentialView, Scope } from '../../shared/model/credential.ts';
import type { ProviderView } from '../../shared/model/provider.ts';

/** The form's content while it is filled in. The value is here and nowhere else, and goes as soon as it is stored. */
export interface Draft {
  readonly providerId: string;
  /** Empty: the provider's default variable. */
  readonly variable: string;
  readonly scopeKind: Scope['kind'];
  readonly projectDir: string;
  readonly agentId: string;
  /** Empty: the credential without a name. */
  readonly account: string;
  readonly value: string;
  readonly storage: CredentialStorage;
}

type Known = Pick<AppState, 'providers' | 'agents' | 'settings'>;

interface DraftOrigin {
  readonly providerId: string | undefined;
  readonly replacing: CredentialView | null;
}

export function initialDraft(app: Known, { providerId, replacing }: DraftOrigin): Draft {
  const selected = app.agents.find((agent) => agent.agentId === app.settings.selectedAgentId);
  const pasteable = pasteableProviders(app.providers);
  const known = (id: string | undefined) => (pasteable.some((provider) => provider.providerId === id) ? id : undefined);
  const chosen = known(replacing?.providerId) ?? known(providerId) ?? known(selected?.effective.providerId);
  const scope = replacing?.scope;
  return {
    providerId: chosen ?? pasteable[0]?.providerId ?? '',
    variable: replacing?.variable ?? '',
    scopeKind: scope?.kind ?? 'global',
    projectDir: scope?.kind === 'project' ? scope.projectDir : (app.settings.projectDir ?? ''),
    agentId: scope?.kind === 'agent' ? scope.agentId : app.settings.selectedAgentId,
    account: replacing?.account ?? '',
    value: '',
    storage: replacing?.storage === 'session-only' ? 'session-only' : 'keychain',
  };
}

/** Providers that take a credential at all. */
export function pasteableProviders(providers: readonly ProviderView[]): ProviderView[] {
  return providers.filter((provider) => variablesOf(provider).length > 0);
}

/** The variables a credential of this provider can be kept under, the usual one first. */
export function variablesOf(provider: ProviderView): string[] {
  const { defaultVariable, credentialAlternatives } = provider;
  return [...new Set([...(defaultVariable ? [defaultVariable] : []), ...credentialAlternatives.flat()])];
}

export function scopeOf(draft: Pick<Draft, 'scopeKind' | 'projectDir' | 'agentId'>): Scope {
  switch (draft.scopeKind) {
    case 'global':
      return { kind: 'global' };
    case 'project':
      return { kind: 'project', projectDir: draft.projectDir.trim() };
    case 'agent':
      return { kind: 'agent', agentId: draft.agentId };
  }
}

/** True when there is nothing to store yet: no provider, no value, or a project without a folder. */
export function isIncomplete(draft: Draft): boolean {
  return (
    draft.providerId === '' ||
    draft.value.trim() === '' ||
    (draft.scopeKind === 'project' && draft.projectDir.trim() === '')
  );
}

export function toParams(draft: Draft): Params<'credentials.set'> {
  const { variable, value } = draft;
  return { ...toPlace(draft), value, ...(variable === '' ? {} : { variable }) };
}

/** Where a credential goes, whichever way it comes. */
export function toPlace(draft: Draft): Params<'logins.start'> {
  const { providerId, storage } = draft;
  const account = draft.account.trim();
  return { providerId, scope: scopeOf(draft), storage, ...(account === '' ? {} : { account }) };
}

/** Another provider has other variables; what was pasted stays. */
export function switchProvider(draft: Draft, providerId: string): Draft {
  return { ...draft, providerId, variable: '' };
}
