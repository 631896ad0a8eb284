import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { PerchError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentDefinition, AgentOrigin, AgentRuns } from '../../../shared/model/agent-definition.ts';
import { realOrSame } from '../../node/paths.ts';
import type { RegisteredProvider } from './ports.ts';
import { type Agent, type AgentProvider, agentSchema, type ProgramSpec } from './schema.ts';

/** The additional facts of an agent that Perch does not bring along. */
export interface AddedAgent {
  readonly origin: AgentOrigin;
  /** The one folder that it is there for; absent: every one. */
  readonly projectDir?: string;
  /** Why it cannot start: the user added it anyway. */
  readonly cannotStart?: WireError | undefined;
}

/**
 * The id under which an agent's settings, state and everything of its scope are kept. A client cannot name this id for
 * a declared agent: nothing is ever kept under the agent's own id, which another folder's file may use for something
 * else.
 */
export function keptUnder({ agentId, added }: Pick<Agent, 'agentId' | 'added'>): string {
  return added?.projectDir === undefined ? agentId : `${agentId}@${folderKey(added.projectDir)}`;
}

/** The place that an agent's settings, variables and hosts of a folder are looked up under. */
export const keptPlace = (agent: Pick<Agent, 'agentId' | 'added'>, projectDir: string) => ({
  agentId: keptUnder(agent),
  projectDir,
});

/** @throws PerchError DECLARED_READ_ONLY */
export function refuseDeclared(origin: AgentOrigin | undefined): void {
  if (origin?.kind === 'declared') throw new PerchError('DECLARED_READ_ONLY', { file: origin.file });
}

/** The folders below `agentsDir` with the state of agents that a folder declares, or declared once. */
export function declaredFolders(agentsDir: string, projectDir: string): string[] {
  if (!existsSync(agentsDir)) return [];
  const end = `@${folderKey(realOrSame(resolve(projectDir)))}`;
  return readdirSync(agentsDir)
    .filter((name) => name.endsWith(end))
    .map((name) => join(agentsDir, name));
}

/** Stands for a folder in what is kept for its declared agents. */
function folderKey(projectDir: string): string {
  return createHash('sha256').update(projectDir).digest('hex').slice(0, 16);
}

export interface DefinitionContext {
  readonly builtIns: readonly Agent[];
  readonly nodeExecutable: string;
  /** Undefined: there is no such provider. */
  provider(providerId: string): Pick<RegisteredProvider, 'alternatives' | 'dialects'> | undefined;
}

/** The agent that a definition describes; undefined when what it is a variant of, or its provider, is not there. */
export function agentFromDefinition(
  definition: AgentDefinition,
  added: AddedAgent,
  context: DefinitionContext,
): Agent | undefined {
  const { agentId, name, description, runs, providerId } = definition;
  if (runs.kind === 'variant') {
    const base = context.builtIns.find((agent) => agent.agentId === runs.of);
    if (base === undefined) return undefined;
    // The login of the base is in that one's state directory, and so is its program.
    const { login: _, homepage: __, install: ___, ...rest } = base;
    const providers = base.providers.filter((one) => providerId === undefined || one.providerId === providerId);
    return providerId !== undefined && providers.length === 0
      ? undefined
      : { ...rest, agentId, name, description, added, providers };
  }
  const provider = providerId === undefined ? [] : plainProvider(providerId, context);
  if (provider === undefined) return undefined;
  const described = agentSchema.parse({
    agentId,
    name,
    description,
    ...(runs.kind === 'package' ? packaged(runs) : commanded(runs.command, added.projectDir, context)),
    ...(runs.kind === 'terminal' ? IN_A_TERMINAL : SPEAKS_ACP),
    providers: provider,
    failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
    limits: { start: 60_000, silence: 600_000, stop: 3000 },
  });
  return { ...described, added };
}

const SPEAKS_ACP = { protocol: 'acp', modelBy: 'acp-config-option' };
/** A program in a terminal gets its model only from the author of its command. */
const IN_A_TERMINAL = { protocol: 'terminal', modelBy: 'launch' };

/** The credential under the names that the registry has for it. */
function plainProvider(providerId: string, context: DefinitionContext): AgentProvider[] | undefined {
  const provider = context.provider(providerId);
  const dialect = provider?.dialects[0];
  if (provider === undefined || dialect === undefined) return undefined;
  const credentials = provider.alternatives.map((variables) => ({ variables: [...variables], as: {} }));
  return [{ providerId, dialect, credentials, environment: [] }];
}

/** How the package is started is in the package itself. */
function packaged({ name, version, args }: Extract<AgentRuns, { kind: 'package' }>) {
  const command = name.split('/').at(-1) ?? name;
  return {
    installCommand: `npm install -g ${name}@${version}`,
    install: { packages: [{ name, version }] },
    program: { kind: 'node', commands: [command], package: { name, hasDependencies: true } },
    args,
  };
}

function commanded(command: readonly string[], projectDir: string | undefined, context: DefinitionContext) {
  return { installCommand: command[0], program: programOf(command, projectDir, context) };
}

function programOf(
  command: readonly string[],
  projectDir: string | undefined,
  { nodeExecutable }: DefinitionContext,
): ProgramSpec {
  const [first = '', ...args] = command;
  if (first === 'node') return { kind: 'command', file: nodeExecutable, args };
  const isPath = /[\\/]/.test(first) && !isAbsolute(first) && projectDir !== undefined;
  return { kind: 'command', file: isPath ? join(projectDir, first) : first, args };
}
