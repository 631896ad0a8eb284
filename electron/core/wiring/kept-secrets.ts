import { resolve } from 'node:path';
import type { CredentialService } from '../credentials/credential-service.ts';
import type { VariableService } from '../credentials/variables/variable-service.ts';

/**
 * A secret that the user keeps in Perch under a name, for one folder or for everything: one of the user's variables,
 * else a credential. The narrower one first; undefined when there is none.
 */
export function createKeptSecrets({
  variables,
  credentials,
}: {
  variables: Pick<VariableService, 'list' | 'readSecrets'>;
  credentials: Pick<CredentialService, 'list' | 'readValues'>;
}): (name: string, projectDir: string) => Promise<string | undefined> {
  return async (name, projectDir) => {
    const rank = ({ scope }: { scope: ReturnType<VariableService['list']>[number]['scope'] }): number => {
      if (scope.kind === 'global') return 1;
      return scope.kind === 'project' && scope.projectDir === resolve(projectDir) ? 2 : 0;
    };
    const inReach = <One extends Parameters<typeof rank>[0]>(all: readonly One[]): One | undefined =>
      all.filter((one) => rank(one) > 0).sort((a, b) => rank(b) - rank(a))[0];
    const variable = inReach(variables.list().filter((one) => one.name === name && one.storage !== 'plain'));
    if (variable !== undefined) {
      return (await variables.readSecrets([{ variable, hides: [] }])).get(variable.variableId);
    }
    const credential = inReach(
      credentials
        .list()
        .filter((one) => one.variable === name && one.account === undefined && one.status !== 'expired'),
    );
    if (credential === undefined) return undefined;
    return (await credentials.readValues({ state: 'resolved', entries: [credential] })).get(name);
  };
}
