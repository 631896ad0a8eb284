import { defined } from '../../../shared/defined.ts';
import type { McpLaunch } from '../../../shared/runner-protocol/mcp.ts';
import type { LaunchSpec } from '../../../shared/runner-protocol/protocol.ts';
import type { Program } from './program.ts';
import type { Agent } from './schema.ts';
import { fillTemplate, type Placeholders } from './template.ts';
import { stateFiles } from './variables.ts';

/** How the agent is started. JavaScript is run by Perch's own Node, never through a wrapper on PATH. */
export function launchSpec(options: {
  agent: Agent;
  program: Program;
  adapter: Program | undefined;
  nodeExecutable: string;
  placeholders: Placeholders;
  mcpServers: readonly McpLaunch[];
}): LaunchSpec {
  const { agent, program, adapter, nodeExecutable, placeholders, mcpServers } = options;
  const started = adapter ?? program;
  const filled = agent.args.map((arg) => fillTemplate(arg, placeholders)).filter((arg) => typeof arg === 'string');
  // Arguments that the user wrote are no template.
  const own = agent.program.kind === 'command' ? agent.program.args : filled;
  return {
    adapter: agent.protocol,
    command: started.runBy === 'node' ? nodeExecutable : started.file,
    args: started.runBy === 'node' ? [started.file, ...own] : own,
    stateFiles: stateFiles(agent, placeholders),
    modelBy: agent.modelBy,
    ...defined({ sessionMeta: agent.sessionMeta, clientMeta: agent.clientMeta }),
    failureSigns: agent.failureSigns,
    mcpServers: [...mcpServers],
    mcpVariablesBy: agent.mcpVariablesBy,
    limits: agent.limits,
  };
}

/** Files and folders that the started programs are made of. */
export function programParts(options: {
  program: Program;
  adapter: Program | undefined;
  nodeExecutable: string;
}): string[] {
  const { program, adapter, nodeExecutable } = options;
  const programs = adapter === undefined ? [program] : [program, adapter];
  const needsNode = programs.some(({ runBy }) => runBy === 'node');
  return [...programs.flatMap(({ parts }) => [...parts]), ...(needsNode ? [nodeExecutable] : [])];
}
