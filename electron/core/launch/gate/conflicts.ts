import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { Notice } from '../../../../shared/model/notice.ts';

export interface ConflictInput {
  readonly agentName: string;
  readonly providerName: string;
  /** Credential variables of this agent and provider that the host has set, by name. */
  readonly exported: readonly string[];
  /** The source that the session gets. `nothing`: it needs none, or there is none. */
  readonly used:
    | { readonly kind: 'credentials'; readonly entries: readonly CredentialView[] }
    | { readonly kind: 'own-login' }
    | { readonly kind: 'missing' }
    | { readonly kind: 'nothing' };
  /** Stored for the same provider, within reach of this session, and such as the agent could use. */
  readonly stored: readonly CredentialView[];
  /** The agent is signed in by itself as well: which of the two it then uses. */
  readonly ownLogin: 'credential-wins' | 'not-known' | undefined;
}

/**
 * The other sources that could have answered for this session, and which one does. Pure; the first is the most
 * important.
 */
export function conflictsOf(input: ConflictInput): Notice[] {
  return [...withOwnLogin(input), ...withExported(input), ...withStored(input)];
}

function withOwnLogin({ agentName: agent, used, ownLogin }: ConflictInput): Notice[] {
  if (used.kind !== 'credentials' || ownLogin === undefined) return [];
  const values = { agent, used: inWords(used.entries) };
  return ownLogin === 'credential-wins'
    ? [{ level: 'info', key: 'conflict.login-left-out', values }]
    : [{ level: 'warn', key: 'conflict.login-not-known', values }];
}

function withExported({ agentName: agent, providerName: provider, exported, used }: ConflictInput): Notice[] {
  if (exported.length === 0) return [];
  const values = { agent, provider, exported: exported.join(', ') };
  switch (used.kind) {
    case 'credentials':
      return [{ level: 'info', key: 'conflict.exported', values: { ...values, used: inWords(used.entries) } }];
    case 'own-login':
      return [{ level: 'info', key: 'conflict.exported-login', values }];
    case 'missing':
      return [{ level: 'warn', key: 'conflict.exported-missing', values }];
    case 'nothing':
      return [];
  }
}

function withStored({ providerName: provider, used, stored }: ConflictInput): Notice[] {
  if (used.kind !== 'credentials') return [];
  const others = stored.filter(
    ({ credentialId }) => !used.entries.some((entry) => entry.credentialId === credentialId),
  );
  if (others.length === 0) return [];
  const values = { provider, others: inWords(others), used: inWords(used.entries) };
  return [{ level: 'info', key: 'conflict.stored', values }];
}

/** By name, account and mask: `OPENAI_API_KEY work ••••1234`. */
function inWords(entries: readonly CredentialView[]): string {
  return entries
    .map(({ variable, account, masked }) => [variable, account, masked].filter((part) => part !== undefined).join(' '))
    .join(', ');
}
