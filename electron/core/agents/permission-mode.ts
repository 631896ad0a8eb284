import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentSettings } from '../../../shared/model/agent.ts';
import {
  DEFAULT_PERMISSION_MODE,
  PERMISSION_MODES,
  type PermissionMode,
} from '../../../shared/model/permission-mode.ts';
import type { TurnRules } from '../../../shared/runner-protocol/turn-rules.ts';
import type { Agent } from './schema.ts';

type Described = Pick<Agent, 'agentId' | 'name' | 'permissionModes'>;

/** The permission modes that the agent's description names. */
export function permissionModesOf({ permissionModes }: Pick<Agent, 'permissionModes'>): PermissionMode[] {
  return PERMISSION_MODES.filter((mode) => permissionModes[mode] !== undefined);
}

/** @throws PerchError PERMISSION_MODE_UNSUPPORTED */
export function requirePermissionMode(agent: Described, mode: PermissionMode): void {
  if (agent.permissionModes[mode] !== undefined) return;
  const values = { agent: agent.name, agentId: agent.agentId, mode };
  throw new PerchError('PERMISSION_MODE_UNSUPPORTED', { ...values, supported: permissionModesOf(agent).join(', ') });
}

/** The mode of this turn, else the agent's. @throws PerchError PERMISSION_MODE_UNSUPPORTED */
export function permissionModeOf(
  agent: Described,
  { settings, asked }: { settings: Pick<AgentSettings, 'permissionMode'>; asked: PermissionMode | undefined },
): PermissionMode {
  const mode = asked ?? settings.permissionMode ?? DEFAULT_PERMISSION_MODE;
  requirePermissionMode(agent, mode);
  return mode;
}

/** The agent as it is started for this mode; what it is told over the protocol is of each turn. */
export function inPermissionMode(agent: Agent, mode: PermissionMode): Agent {
  const environment = agent.permissionModes[mode]?.environment ?? [];
  return environment.length === 0 ? agent : { ...agent, environment: [...agent.environment, ...environment] };
}

/** The rules that hold for one turn. */
export function turnRules(
  agent: Agent,
  { settings, mode }: { settings: AgentSettings; mode: PermissionMode },
): TurnRules {
  const { modeId, allows } = agent.permissionModes[mode] ?? {};
  const { maxMinutes, maxToolCalls } = settings;
  return {
    mode,
    ...defined({ modeId, allows, maxMinutes, maxToolCalls }),
  };
}
