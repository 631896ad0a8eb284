import { defined } from '../../../shared/defined.ts';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import type { StoredCredential, StoredRenewal } from './stored-credential.ts';

interface Row {
  credential_id: string;
  provider_id: string;
  variable: string;
  scope_kind: 'global' | 'project' | 'agent';
  scope_key: string;
  account: string;
  masked: string;
  keychain_items: number;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
}

interface RenewalRow {
  token_id: string;
  token_items: number;
  token_endpoint: string;
  client_id: string;
  scopes: string | null;
  refused: string | null;
}

/** A row of `credential` with its row of `credential_renewal`, if there is one. */
export type JoinedRow = Row & (RenewalRow | { [Column in keyof RenewalRow]: null });

export function scopeKey(scope: Scope): string {
  if (scope.kind === 'project') return scope.projectDir;
  return scope.kind === 'agent' ? scope.agentId : '';
}

export function toRow(credential: StoredCredential): Row {
  return {
    credential_id: credential.credentialId,
    provider_id: credential.providerId,
    variable: credential.variable,
    scope_kind: credential.scope.kind,
    scope_key: scopeKey(credential.scope),
    account: credential.account ?? '',
    masked: credential.masked,
    keychain_items: credential.items,
    created_at: credential.createdAt,
    updated_at: credential.updatedAt,
    expires_at: credential.expiresAt ?? null,
  };
}

export function fromRow(row: JoinedRow): StoredCredential {
  const renews = renewalFrom(row);
  return {
    credentialId: row.credential_id,
    providerId: row.provider_id,
    variable: row.variable,
    scope: toScope(row),
    ...(row.account === '' ? {} : { account: row.account }),
    storage: 'keychain',
    masked: row.masked,
    items: row.keychain_items,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...defined({ renews }),
  };
}

export function toRenewalRow(credentialId: string, renews: StoredRenewal): RenewalRow & { credential_id: string } {
  return {
    credential_id: credentialId,
    token_id: renews.tokenId,
    token_items: renews.items,
    token_endpoint: renews.tokenEndpoint,
    client_id: renews.clientId,
    scopes: renews.scopes ?? null,
    refused: renews.refused === undefined ? null : JSON.stringify(renews.refused),
  };
}

function renewalFrom(row: JoinedRow): StoredRenewal | undefined {
  if (row.token_id === null) return undefined;
  return {
    tokenId: row.token_id,
    items: row.token_items,
    tokenEndpoint: row.token_endpoint,
    clientId: row.client_id,
    ...(row.scopes === null ? {} : { scopes: row.scopes }),
    ...(row.refused === null ? {} : { refused: JSON.parse(row.refused) as WireError }),
  };
}

function toScope(row: Row): Scope {
  if (row.scope_kind === 'project') return { kind: 'project', projectDir: row.scope_key };
  return row.scope_kind === 'agent' ? { kind: 'agent', agentId: row.scope_key } : { kind: 'global' };
}
