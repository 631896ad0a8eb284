import { createHash } from 'node:crypto';
import type { CredentialView } from '../../../shared/model/credential.ts';
import { maskOf } from '../launch/session-env/declared-variables.ts';
import type { DeclaredSource } from './declared.ts';
import type { AgentCredentials } from './ports.ts';

/** Reads what a reference stands for. @throws PerchError REFERENCE_*, KEYCHAIN_* */
export type ReadReference = (reference: string, projectDir: string) => Promise<string>;

/**
 * The credentials as the sessions of a folder see them: references in the folder's file come after everything of the
 * user's own. Nothing is fetched before values are read.
 */
export function credentialsOf(
  credentials: AgentCredentials,
  place: { declarations: Pick<DeclaredSource, 'inEffect'>; read: ReadReference; projectDir: string },
): AgentCredentials {
  const { declarations, read, projectDir } = place;
  const { secrets } = declarations.inEffect(projectDir);
  if (secrets.size === 0) return credentials;
  return {
    ...credentials,
    resolve(request) {
      const names = new Set(request.accepted.flat().filter((name) => secrets.has(name)));
      const declared = [...names].map((variable) =>
        viewOf({ variable, reference: secrets.get(variable) ?? '', providerId: request.providerId, projectDir }),
      );
      return credentials.resolve({ ...request, declared });
    },
    async readValues({ entries }) {
      const stored = entries.filter(({ storage }) => storage !== 'declared');
      const values = new Map(await credentials.readValues({ state: 'resolved', entries: stored }));
      for (const { storage, variable } of entries) {
        const reference = secrets.get(variable);
        if (storage !== 'declared' || reference === undefined) continue;
        values.set(variable, await read(reference, projectDir));
      }
      return values;
    },
  };
}

/** The same reference in the same folder is the same credential: another one makes another session. */
function viewOf(declared: {
  variable: string;
  reference: string;
  providerId: string;
  projectDir: string;
}): CredentialView {
  const { variable, reference, providerId, projectDir } = declared;
  const digest = createHash('sha256').update(JSON.stringify(declared)).digest('hex');
  const id = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`];
  return {
    credentialId: [...id, digest.slice(20, 32)].join('-'),
    providerId,
    variable,
    scope: { kind: 'project', projectDir },
    storage: 'declared',
    masked: maskOf(reference),
    createdAt: 0,
    updatedAt: 0,
    status: 'not-checked',
  };
}
