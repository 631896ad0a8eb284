import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';

type Answer<M extends MethodName> = (params: Params<M>) => Result<M>;

/** A full list to forget, and what two other installations left behind. */
export function forgetAnswers(get: () => AppState | null): {
  [M in 'forget.list' | 'forget.carryOut' | 'keychain.orphans' | 'keychain.removeOrphans']: Answer<M>;
} {
  const list = ({ target }: Params<'forget.list'>) => ({
    list: {
      credentials: get()?.credentials.slice(0, 3) ?? [],
      variables: 3,
      leftovers: target.kind === 'everything' ? 1 : 0,
      conversations: 14,
      allowedHosts: 2,
      mcpServers: 1,
      settings: true,
      folders:
        target.kind === 'project' ? [] : [{ path: '/home/ada/.local/share/perch/agents/opencode', bytes: 48_300_000 }],
    },
  });
  return {
    'forget.list': list,
    'forget.carryOut': list,
    'keychain.orphans': () => ({
      orphans: [
        { installationId: 'a', dataDir: '/home/ada/old-perch', items: 3 },
        { installationId: 'b', dataDir: '/srv/tests/customers/a-company-with-a-long-name/perch-data', items: 1 },
      ],
      unchecked: [{ installationId: 'c', dataDir: '/media/ada/backup/perch', reason: 'EACCES' }],
    }),
    'keychain.removeOrphans': ({ installationIds }) => ({ items: installationIds.length }),
  };
}
