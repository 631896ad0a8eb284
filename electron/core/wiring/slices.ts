import type { AppState, AppStateSlice } from '../../../shared/contract/state.ts';
import type { HostInfo } from '../../../shared/model/host.ts';
import type { StateHub } from '../api/state-hub.ts';
import type { ToldFailures } from '../boot/told-failures.ts';
import type { LoginService } from '../credentials/logins/service.ts';
import { decideConnection } from '../runner-host/decide-connection.ts';
import type { Leaving } from '../upkeep/leaving/leaving.ts';
import type { Services } from './services.ts';

type Slices = { readonly [Slice in AppStateSlice]: () => AppState[Slice] };

export interface State {
  /** Computes the slices anew; clients hear of those that changed. */
  touch(...slices: AppStateSlice[]): void;
}

/** Where every slice of the state comes from. Nothing else writes them. */
export function createSlices(
  services: Services & {
    logins: Pick<LoginService, 'list'>;
    bootFailures: Pick<ToldFailures, 'list'>;
    leaving: Pick<Leaving, 'state'>;
  },
  hostInfo: () => HostInfo,
): Slices {
  const { settings, agents, registry, credentials, supervisor, turns, egress, leaks } = services;
  const project = () => settings.get().projectDir;
  const views = () => agents.views(project());
  return {
    connection: () => {
      const selected = views().find(({ agentId }) => agentId === settings.get().selectedAgentId);
      return decideConnection(supervisor.status, selected);
    },
    keychain: () => credentials.health(),
    host: hostInfo,
    settings: () => settings.get(),
    agents: views,
    programs: () => ({ loginShell: services.loginPath.state(), installs: services.installs.jobs() }),
    declaration: () => {
      const projectDir = project();
      return (projectDir === undefined ? undefined : services.declarations.view(projectDir)) ?? null;
    },
    providers: () => registry.list(),
    credentials: () => credentials.list(),
    logins: () => services.logins.list(),
    variables: () => services.variables.list(),
    mcpServers: () => services.mcp.list(),
    staleSessions: () => services.staleSessions.list(),
    turns: () => turns.recent(),
    egress: () => egress.state(),
    network: () => services.network.view(),
    leaks: () => leaks.list(),
    recovery: () => services.recoveries.unseen(),
    permissions: () => turns.permissions(),
    recentProjects: () => turns.recentProjects(),
    bootFailures: () => services.bootFailures.list(),
    leaving: () => services.leaving.state,
  };
}

export function computeAll(slices: Slices): AppState {
  const entries = Object.entries(slices).map(([slice, compute]) => [slice, compute()]);
  return Object.fromEntries(entries) as AppState;
}

export function createState(hub: StateHub, slices: Slices): State {
  const set = <Slice extends AppStateSlice>(slice: Slice) => hub.set(slice, slices[slice]());
  return {
    touch(...names) {
      for (const name of names) set(name);
    },
  };
}
