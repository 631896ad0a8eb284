import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { ensureDirectory } from '../../../node/ensure-directory.ts';
import { resolveEnvironment } from '../../launch/session-env/plan.ts';
import type { EffectiveModel } from '../effective-model.ts';
import type { Found } from '../inventory.ts';
import type { Agent } from '../schema.ts';
import { planSession, type SessionHost, stateDirectory } from '../session-plan.ts';
import type { Situation } from '../situation.ts';
import { replacedFiles } from './own-login.ts';
import type { LoginWay } from './schema.ts';

/** The program that signs an agent in, or reports its login, in a terminal. */
export interface PreparedLogin {
  readonly command: string;
  readonly args: string[];
  readonly stateFiles: { path: string; content: string }[];
  readonly environment: Record<string, string>;
  readonly policy: SandboxPolicy;
  readonly prints: LoginWay['prints'];
}

/**
 * The agent's own program as in a session, but without any credential or routing, in a folder of its own, and with
 * the network open: a login speaks to hosts that no session needs, and hears from the user's browser on loopback.
 * @throws PerchError AGENT_NOT_INSTALLED
 */
export function prepareLogin(
  situation: Situation,
  found: Found,
  options: { host: SessionHost; installation: readonly string[]; args: readonly string[]; way: LoginWay | undefined },
): PreparedLogin {
  const { host, way } = options;
  const agentId = situation.agent.agentId;
  const folder = join(host.paths.dataDir, 'agents', agentId, 'login');
  ensureDirectory(folder);
  ensureDirectory(stateDirectory(host.paths, agentId));
  const agent: Agent = {
    ...situation.agent,
    environment: [...situation.agent.environment, ...(way?.environment ?? [])],
    stateFiles: replacedFiles(situation.agent.stateFiles, way?.stateFiles ?? []),
  };
  const effective: EffectiveModel = { auth: { mode: 'byo', model: '' }, provider: { state: 'not-needed' } };
  const bare: Situation = { ...situation, agent, effective, resolution: undefined };
  const context = {
    host,
    workingDirectory: realpathSync(folder),
    installation: options.installation,
    allowedHosts: [],
    variables: [],
    stored: [],
    servers: [],
    signIns: 0,
  };
  const { launch, environment, policy } = planSession(bare, found, context);
  const program = found.program.state === 'found' ? found.program.program : undefined;
  if (program === undefined) throw new Error('planned without a program');
  return {
    command: program.runBy === 'node' ? host.paths.nodeExecutable : program.file,
    args: program.runBy === 'node' ? [program.file, ...options.args] : [...options.args],
    // The question for a login's status leaves the settings as they are.
    stateFiles: way === undefined ? [] : launch.stateFiles,
    environment: resolveEnvironment(environment, new Map()),
    policy: { ...policy, network: { kind: 'shared' } },
    prints: way?.prints,
  };
}

/** @throws PerchError LOGIN_UNKNOWN */
export function wayOf({ name, login }: Pick<Agent, 'name' | 'login'>, wayId: string): LoginWay {
  const way = login?.ways.find((one) => one.wayId === wayId);
  if (way !== undefined) return way;
  const known = (login?.ways ?? []).map((one) => one.wayId).join(', ') || '-';
  throw new PerchError('LOGIN_UNKNOWN', { agent: name, known });
}
