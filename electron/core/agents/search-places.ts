import { homedir } from 'node:os';
import type { LoginShellState } from '../../../shared/model/programs.ts';
import { joinPaths, type LoginPath } from '../machine/login-shell/path.ts';
import type { HostPaths } from '../ports.ts';
import type { SearchPlaces } from './find.ts';
import type { Machine } from './packages.ts';
import type { Place } from './places.ts';
import type { Agent } from './schema.ts';
import { askVersion } from './version.ts';

export interface SearchPlacesOptions {
  readonly paths: Pick<HostPaths, 'programsDir' | 'moduleDirs'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly machine: Machine;
  /** Absent: this process's own PATH is all there is. */
  readonly loginPath?: Pick<LoginPath, 'ensure' | 'state'> | undefined;
  /** `own`: where the agent's own installer puts it. */
  readonly places?: ((own: readonly string[]) => Promise<Place[]>) | undefined;
  /** The node_modules folder of what Perch installed for an agent. */
  readonly installed?: ((agentId: string) => Promise<string | undefined>) | undefined;
}

/** The places in which an agent is looked for. Programs that come with Perch do not wait for the login shell. */
export function createSearchPlaces(options: SearchPlacesOptions): (agent: Agent) => Promise<SearchPlaces> {
  const { paths, environment, machine, loginPath } = options;
  const ownPath = environment.PATH ?? environment.Path;
  const fixed = {
    programsDir: paths.programsDir,
    moduleDirs: paths.moduleDirs,
    machine,
    askVersion: (file: string, args: readonly string[]) => askVersion(file, args, environment.HOME ?? homedir()),
  };
  return async ({ agentId, program }) => {
    if (program.kind === 'built-in') {
      return { ...fixed, path: ownPath, unsure: undefined, installed: undefined, places: [] };
    }
    const [login, places, installed] = await Promise.all([
      loginPath?.ensure(),
      options.places?.('places' in program ? program.places : []),
      options.installed?.(agentId),
    ]);
    const unsure = loginPath === undefined ? undefined : whyUnsure(loginPath.state());
    return { ...fixed, path: joinPaths(ownPath, login), unsure, installed, places: places ?? [] };
  };
}

function whyUnsure(shell: LoginShellState): string | undefined {
  if (shell.state !== 'could-not-check') return undefined;
  const program = shell.shell ?? 'the login shell';
  switch (shell.why) {
    case 'no-shell':
      return 'it is not in the usual places, and there is no login shell to ask for PATH';
    case 'timeout':
      return `it is not in the usual places, and ${program} did not say its PATH within ${shell.seconds} s`;
    case 'failed':
      return `it is not in the usual places, and ${program} ended without saying its PATH`;
  }
}
