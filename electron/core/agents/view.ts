import { defined } from '../../../shared/defined.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { offeredModesOf } from './modes.ts';
import { permissionModesOf } from './permission-mode.ts';
import type { InstallSpec } from './schema.ts';
import { providerIdOf } from './session-plan.ts';
import type { Situation } from './situation.ts';

/** An agent as a window is told of it. */
export function viewOf(
  situation: Situation,
  {
    checkedAt,
    ownLogin,
    conflicts,
    network,
  }: {
    checkedAt: number | undefined;
    ownLogin: AgentView['ownLogin'];
    conflicts: Notice[];
    network: AgentView['network'];
  },
): AgentView {
  const { agent, effective } = situation;
  const providerId = providerIdOf(situation);
  return {
    agentId: agent.agentId,
    name: agent.name,
    description: agent.description,
    demo: agent.demo,
    ...(agent.protocol === 'terminal' ? { terminal: true } : {}),
    ...(agent.added === undefined ? {} : { origin: agent.added.origin }),
    ...defined({ homepage: agent.homepage, cannotStart: agent.added?.cannotStart }),
    installation: situation.installation,
    ...(agent.install === undefined ? {} : { install: installView(agent.install) }),
    readiness: situation.readiness,
    settings: situation.settings,
    network,
    ...(agent.toolCredential === 'visible' && agent.providers.length > 0 ? { showsCredentialToTools: true } : {}),
    providerIds: agent.providers.map((provider) => provider.providerId),
    modes: offeredModesOf(agent),
    permissionModes: permissionModesOf(agent),
    takesInstructions: agent.takesInstructions,
    ...(agent.modes.managed === undefined ? {} : { webTools: agent.modes.managed.webTools }),
    effective: {
      mode: effective.auth.mode,
      ...defined({ providerId }),
      ...(effective.provider.state === 'derived' ? { by: effective.provider.by } : {}),
      model: effective.auth.model,
    },
    ...(conflicts.length === 0 ? {} : { conflicts }),
    ...defined({ checkedAt, ownLogin }),
  };
}

function installView({ packages }: InstallSpec): AgentView['install'] {
  return { version: packages[0]?.version ?? '', packages: packages.map(({ name, version }) => `${name}@${version}`) };
}
