import { defined } from '../../shared/defined.ts';
import { PerchError, toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import { REMEDIES } from '../../shared/errors/remedies.ts';
import { describeError, describeErrorWithCode } from '../../shared/i18n/describe-error.ts';
import { type CommandName, wordsOf } from './arguments/grammar.ts';
import { parseArguments } from './arguments/parse.ts';
import { secretInArguments } from './arguments/secret-arguments.ts';
import { credentialsUse } from './commands/accounts.ts';
import { agentsModels } from './commands/agent-models.ts';
import { agentsRefresh, agentsRegistry } from './commands/agent-registry.ts';
import { agentsSettings, agentsSettingsReset, agentsSettingsSet } from './commands/agent-settings.ts';
import { agents } from './commands/agents.ts';
import { agentsImport } from './commands/agents-import.ts';
import { asideKeep, asideList, asideMine, asidePutBack, asideSet, asideShow } from './commands/aside.ts';
import { backgroundDo, backgroundList } from './commands/background.ts';
import { credentialsList, credentialsRemove, credentialsSet } from './commands/credentials.ts';
import { credentialsCheck } from './commands/credentials-check.ts';
import { credentialsLogin } from './commands/credentials-login.ts';
import { diagnostics } from './commands/diagnostics.ts';
import { env } from './commands/env.ts';
import { agentsReset, forgetEverything, projectsForget, projectsList } from './commands/forget.ts';
import { hostsAllow, hostsList, hostsRemove } from './commands/hosts.ts';
import { credentialsImport } from './commands/import.ts';
import { agentsInstall, agentsUninstall } from './commands/install.ts';
import { agentsLogin, agentsLogout } from './commands/login.ts';
import { mcpAdd, mcpDisable, mcpEnable, mcpList, mcpRemove } from './commands/mcp.ts';
import { mcpImport } from './commands/mcp-import.ts';
import {
  networkCertificatesRemove,
  networkCertificatesSet,
  networkCheck,
  networkDetect,
  networkProxyRemove,
  networkProxySet,
  networkShow,
} from './commands/network.ts';
import { orphansList, orphansRemove } from './commands/orphans.ts';
import { agentsAdd, agentsRemove, agentsShow } from './commands/own-agents.ts';
import { providersList, providersRefresh, providersReset, providersSet } from './commands/providers.ts';
import { credentialsRenew } from './commands/renew.ts';
import { sandboxRun, sandboxShow } from './commands/sandbox.ts';
import { credentialsRestart, credentialsSessions } from './commands/stale-sessions.ts';
import { credentialsTrail } from './commands/trail.ts';
import { projectsDistrust, projectsTrust } from './commands/trust.ts';
import { undo } from './commands/undo.ts';
import { variablesList, variablesRemove, variablesSet } from './commands/variables.ts';
import type { Command, Context } from './context.ts';
import type { CoreAccess } from './core/reach-core.ts';
import { EXIT } from './exit-codes.ts';
import { writeHelp } from './help.ts';
import { logs } from './logs/command.ts';
import { logsList } from './logs/list.ts';
import { RefusedError } from './refused-error.ts';
import { run } from './run/command.ts';
import { terminalJson } from './terminal/output.ts';
import { UsageError, type UsageProblem } from './usage-error.ts';
import { commandsAfter, whatToDo } from './what-to-do.ts';

/** The dependencies of the command line. */
interface CliDependencies extends Omit<Context, 'values' | 'operands'> {
  readonly argv: readonly string[];
  readonly version: string;
  readonly doctor: Command;
  /** Serves the window; the other programs of an installation are not this one's to start. */
  readonly serve: Command;
}

/** Runs one command to its exit code. Never rejects. */
export async function runCli(deps: CliDependencies): Promise<number> {
  const { argv, stdout, t, version } = deps;
  const parsed = parseArguments(argv);
  switch (parsed.kind) {
    case 'help':
      writeHelp(stdout, t, parsed);
      return EXIT.ok;
    case 'version':
      stdout.line(version);
      return EXIT.ok;
    case 'usage':
      return refuseUsage(deps, parsed.problem, parsed.command);
    case 'command': {
      const secret = secretInArguments(parsed, deps.looksSecret);
      if (secret !== undefined) return refuseUsage(deps, secret, parsed.command);
      return await runCommand(deps, parsed);
    }
  }
}

async function runCommand(
  deps: CliDependencies,
  { command, values, operands }: Extract<ReturnType<typeof parseArguments>, { kind: 'command' }>,
): Promise<number> {
  let access: CoreAccess | undefined;
  const openCore = async () => {
    access = await deps.openCore();
    return access;
  };
  try {
    return await commandOf(deps, command)({ ...deps, values, operands, openCore });
  } catch (error) {
    return tellError(deps, { error, command, json: values.json === true });
  } finally {
    await access?.leave();
  }
}

function commandOf({ doctor, serve }: CliDependencies, name: CommandName): Command {
  const commands: Readonly<Record<CommandName, Command>> = {
    run,
    undo,
    backgroundList,
    backgroundStop: backgroundDo('stop'),
    backgroundKeep: backgroundDo('keep'),
    backgroundPause: backgroundDo('pause'),
    aside: asideList,
    asideShow,
    asidePutBack,
    asideKeep,
    asideMine,
    asideSet,
    agents,
    agentsList: agents,
    agentsShow,
    agentsAdd,
    agentsRemove,
    agentsImport,
    agentsInstall,
    agentsRegistry,
    agentsRefresh,
    agentsUninstall,
    agentsReset,
    agentsModels,
    agentsSettings,
    agentsSettingsSet,
    agentsSettingsReset,
    projectsList,
    projectsForget,
    projectsTrust,
    projectsDistrust,
    trust: projectsTrust,
    forgetEverything,
    agentsLogin,
    agentsLogout,
    credentialsSet,
    credentialsLogin,
    credentialsImport,
    credentialsList,
    credentialsCheck,
    credentialsRemove,
    credentialsTrail,
    credentialsUse,
    credentialsSessions,
    credentialsRestart,
    credentialsRenew,
    providersList,
    providersSet,
    providersReset,
    providersRefresh,
    hostsList,
    hostsAllow,
    hostsRemove,
    networkShow,
    networkProxySet,
    networkProxyRemove,
    networkCertificatesSet,
    networkCertificatesRemove,
    networkDetect,
    networkCheck,
    mcpList,
    mcpAdd,
    mcpImport,
    mcpRemove,
    mcpEnable,
    mcpDisable,
    orphansList,
    orphansRemove,
    variablesList,
    variablesSet,
    variablesRemove,
    sandboxShow,
    sandboxRun,
    env,
    logsList,
    logs,
    serve,
    doctor,
    diagnostics,
  };
  return commands[name];
}

function tellError(
  deps: CliDependencies,
  { error, command, json }: { error: unknown; command: CommandName; json: boolean },
): number {
  if (error instanceof UsageError) return refuseUsage(deps, error.problem, command);
  const refused = error instanceof RefusedError;
  const known = refused ? error.refusal : error;
  tell(deps, toWireError(known), json);
  // Not meant for a person, but the only trace where no core has a log of it.
  if (!(known instanceof PerchError) && known instanceof Error) deps.stderr.line(known.stack ?? known.message);
  return refused ? EXIT.refused : EXIT.failed;
}

function tell({ stdout, stderr, t }: CliDependencies, error: WireError, json: boolean): void {
  const { code, ...rest } = error;
  if (json) {
    const commands = commandsAfter(error);
    const [command] = commands;
    const help = {
      remedy: REMEDIES[code],
      ...defined({ command }),
      ...(commands.length > 1 ? { commands } : {}),
    };
    stdout.line(terminalJson({ error: { code, message: describeError(error, t), ...help, ...rest } }));
    return;
  }
  stderr.line(stderr.style('red', describeErrorWithCode(error, t)));
  const next = whatToDo(error, t);
  if (next !== undefined) stderr.line(next);
}

function refuseUsage(deps: CliDependencies, problem: UsageProblem, command?: CommandName): number {
  const { argv, stderr, t } = deps;
  const sentence = t(problem.key, problem.values);
  if (argv.includes('--json')) tell(deps, { code: 'USAGE', values: { problem: sentence } }, true);
  else {
    stderr.line(stderr.style('red', sentence));
    const words = command === undefined ? '' : `${wordsOf(command)} `;
    stderr.line(t('cli.usage.see-help', { line: `perch ${words}--help` }));
  }
  return EXIT.usage;
}
