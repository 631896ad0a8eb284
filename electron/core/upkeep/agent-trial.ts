import { accessSync, constants, existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type AgentDefinition, commandOf } from '../../../shared/model/agent-definition.ts';
import type { Clock } from '../../node/clock.ts';
import type { Launch, LaunchRequest } from '../launch/launch.ts';
import type { Random } from '../ports.ts';
import { resolveProject } from '../projects/directory.ts';
import type { OwnPlaces } from '../projects/width.ts';
import { whenConnected } from '../turns/connected.ts';
import type { TurnRunner } from '../turns/ports.ts';

/** Milliseconds that an agent has to answer ACP's `initialize`. */
const START_MS = 15_000;

/** The machine lacks the program: no start is needed to know that. */
const NO_PROGRAM: ReadonlySet<string> = new Set(['AGENT_NOT_INSTALLED', 'AGENT_PROGRAM_MISSING']);
/** Such failures hold whatever variables the agent gets. */
const ALWAYS: ReadonlySet<string> = new Set(['AGENT_SCRIPT_MISSING', 'AGENT_INTERPRETER_MISSING']);
/** Such failures may be for want of a credential, which a trial does not hand out. */
const WITHOUT_SECRETS: ReadonlySet<string> = new Set(['SESSION_START_FAILED', 'SESSION_START_TIMEOUT', 'AGENT_KILLED']);

export function isMissingProgram({ code }: PerchError): boolean {
  return NO_PROGRAM.has(code);
}

export type AgentTrial = ReturnType<typeof createAgentTrial>;

/** Starts an agent of the user's own once, in the sandbox that its turns would have, and ends it again. */
export function createAgentTrial(options: {
  agents: { prepareLaunch(request: LaunchRequest): Promise<Launch> };
  runner: Pick<TurnRunner, 'request' | 'status' | 'onStatus'>;
  clock: Pick<Clock, 'after'>;
  random: Pick<Random, 'uuid'>;
  places: OwnPlaces;
}) {
  const { agents, runner, clock, random, places } = options;

  async function start(launch: Launch, projectDir: string): Promise<void> {
    const late = Promise.withResolvers<void>();
    const stop = clock.after(START_MS, late.resolve);
    await whenConnected(runner, late.promise).finally(stop);
    const sessionId = random.uuid();
    const secret = new Set(launch.secretNames);
    const { limits } = launch.launch;
    await runner.request('session.start', {
      sessionId,
      launch: { ...launch.launch, limits: { ...limits, start: Math.min(limits.start, START_MS) } },
      environment: Object.fromEntries(Object.entries(launch.environment).filter(([name]) => !secret.has(name))),
      secretNames: [],
      variableNames: launch.variables.map(({ name }) => name).filter((name) => !secret.has(name)),
      policy: launch.policy,
      ...defined({ upstreamProxy: launch.upstreamProxy }),
      workingDirectory: projectDir,
      auth: launch.auth,
    });
    // An agent that answered can start; how it ends is of no interest here.
    await runner.request('session.close', { sessionId }).catch(() => {});
  }

  return {
    /** Why the agent cannot start. Undefined: it starts, or that cannot be told here (a credential is missing). */
    async problem(definition: AgentDefinition): Promise<PerchError | undefined> {
      const { agentId, runs } = definition;
      if (runs.kind !== 'program' && runs.kind !== 'terminal') return undefined;
      const projectDir = resolveProject(undefined, places);
      let launch: Launch;
      try {
        launch = await agents.prepareLaunch({ agentId, projectDir });
      } catch (error) {
        return error instanceof PerchError && isMissingProgram(error) ? error : undefined;
      }
      const { command } = launch.launch;
      if (!isExecutable(command)) return new PerchError('AGENT_COMMAND_NOT_EXECUTABLE', { file: command });
      // A program in a terminal answers no question by which its start could be known.
      if (runs.kind === 'terminal') return undefined;
      try {
        await start(launch, projectDir);
        return undefined;
      } catch (error) {
        return error instanceof PerchError
          ? judged(named(error, definition), { launch, definition, projectDir })
          : undefined;
      }
    },
  };
}

function judged(
  error: PerchError,
  { launch, definition, projectDir }: { launch: Launch; definition: AgentDefinition; projectDir: string },
): PerchError | undefined {
  const { secretNames } = launch;
  // A relative argument names a file of the folder that a turn works in, which is another one than here.
  if (error.code === 'AGENT_SCRIPT_MISSING' && missingIn(error).includes(projectDir)) return undefined;
  if (error.code === 'AGENT_SCRIPT_MISSING') return hidden(error, definition) ?? error;
  if (ALWAYS.has(error.code)) return error;
  return secretNames.length === 0 && WITHOUT_SECRETS.has(error.code) ? error : undefined;
}

/** The file is there, and the sandbox does not show it: only the command itself is shown, not its arguments. */
function hidden(error: PerchError, { name, runs }: AgentDefinition): PerchError | undefined {
  const missing = missingIn(error);
  const file = commandOf(runs)?.find((part) => isAbsolute(part) && missing.includes(part) && existsSync(part));
  return file === undefined ? undefined : new PerchError('AGENT_SCRIPT_HIDDEN', { agent: name, file });
}

/** The person knows the agent by its name, the runner by the file that it starts. */
function named({ code, values, details }: PerchError, { name }: AgentDefinition): PerchError {
  return new PerchError(code, { ...values, agent: name }, details === undefined ? {} : { details });
}

function missingIn({ values }: PerchError): string {
  return String(values.missing ?? '');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
