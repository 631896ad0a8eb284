import type { AppState, AppStateSlice } from '../../../shared/contract/state.ts';
import type { HostInfo } from '../../../shared/model/host.ts';
import type { StateHub } from '../api/state-hub.ts';
import type { EarlierFailures } from '../boot/earlier-failures.ts';
import type { LoginService } from '../credentials/logins/login-service.ts';
import { decideConnection } from '../runner-host/decide-connection.ts';
import type { Leaving } from '../upkeep/leaving/leaving.ts';
import type { Services } from './services.ts';

type Slices = { readonly [Slice in AppStateSlice]: () => AppState[Slice] };

interface State {
  /** Computes the slices anew; clients hear of those that changed. */
  touch(...slices: AppStateSlice[]): void;
}

/** Where every slice of the state comes from. Nothing else writes them. */
export function createSlices(
  services: Services,
  others: {
    logins: Pick<LoginService, 'list'>;
    bootFailures: Pick<EarlierFailures, 'list'>;
    leaving: Pick<Leaving, 'state'>;
  },
  hostInfo: () => HostInfo,
): Slices {
  const { settings, registry, recoveries } = services.storage;
  const { credentials, variables, network } = services.access;
  const { supervisor } = services.runner;
  const { agents, loginPath, declarations, mcp } = services.agents;
  const { turns, egress } = services.turns;
  const { installs, leaks, staleSessions } = services.upkeep;
  const { logins, bootFailures, leaving } = others;
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
    programs: () => ({ loginShell: loginPath.state(), installs: installs.jobs() }),
    declaration: () => {
      const projectDir = project();
      return (projectDir === undefined ? undefined : declarations.view(projectDir)) ?? null;
    },
    providers: () => registry.list(),
    credentials: () => credentials.list(),
    logins: () => logins.list(),
    variables: () => variables.list(),
    mcpServers: () => mcp.list(),
    staleSessions: () => staleSessions.list(),
    turns: () => turns.recent(),
    egress: () => egress.state(),
    network: () => network.view(),
    leaks: () => leaks.list(),
    recovery: () => recoveries.unseen(),
    permissions: () => turns.permissions(),
    background: () => turns.background.list(),
    recentProjects: () => turns.recentProjects(),
    bootFailures: () => bootFailures.list(),
    leaving: () => leaving.state,
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
