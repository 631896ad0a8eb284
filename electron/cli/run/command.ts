import type { AppEvent } from '../../../shared/contract/events.ts';
import { MAX_PROMPT_BYTES } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { isAwaited } from '../../../shared/errors/awaited.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import { PERMISSION_MODES, type PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { StoredRunEvent } from '../../../shared/model/run-event.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context, InterruptCause } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { RefusedError } from '../refused-error.ts';
import { readAll, withoutFinalBreak } from '../terminal/read-input.ts';
import { UsageError } from '../usage-error.ts';
import { checkAgentId, projectDirOf } from '../values.ts';
import { choosingProvider } from './choose-provider.ts';
import { canJoin, joinTurn } from './joined.ts';
import { ANSWER_POLICIES, type AnswerPolicy } from './permission-choice.ts';
import { createPermissions } from './permissions.ts';
import { placeOf } from './place.ts';
import { createJsonTranscript, createTextTranscript, type Transcript } from './transcript.ts';

/** Runs one turn. Everything that is refused before it starts ends with exit 3; what fails afterwards with exit 1. */
export const run: Command = async (context) => {
  const policy = answerPolicy(context);
  const given = await readPrompt(context);
  const { client, hosted } = await openCore(context);
  const prompt = given ?? (await noPrompt(context, client));
  const { values } = context;
  const transcript = (values.json === true ? createJsonTranscript : createTextTranscript)({ ...context, hosted });
  const turnId = context.newId();
  const watched = watchTurn({ context, client, turnId, policy, transcript });
  try {
    const { snapshot } = await client.call('events.subscribe', {});
    const projectDir = await placeOf(context, client, snapshot);
    await submit(context, client, { turnId, projectDir, prompt });
    const cancel = cancelOnInterrupt({ context, client, turnId, transcript, interrupted: watched.interrupted });
    const code = await watched.ended;
    await cancel.settled();
    return code;
  } finally {
    watched.stop();
  }
};

/** A core that does not start counts as a refusal as well: no turn has begun. */
async function openCore(context: Context): ReturnType<Context['openCore']> {
  try {
    return await context.openCore();
  } catch (error) {
    throw error instanceof PerchError ? new RefusedError(error) : error;
  }
}

function answerPolicy({ values, stdin, stderr }: Context): AnswerPolicy {
  const canAsk = stdin.isTTY === true && stderr.isTerminal;
  const wanted = values.permissions ?? (canAsk ? 'ask' : 'deny');
  const policy = ANSWER_POLICIES.find((each) => each === wanted);
  if (policy === undefined) throw new UsageError('permissions', { choices: ANSWER_POLICIES.join(', ') });
  if (policy === 'ask' && !canAsk) throw new UsageError('permissions-need-terminal');
  return policy;
}

/** Undefined: the agent's setting. @throws UsageError */
function permissionModeOf({ values }: Context): PermissionMode | undefined {
  if (values.mode === undefined) return undefined;
  const mode = PERMISSION_MODES.find((each) => each === values.mode);
  if (mode === undefined) throw new UsageError('mode', { choices: PERMISSION_MODES.join(', ') });
  return mode;
}

/** Undefined when no prompt was given and a person at the terminal can be asked for one. */
async function readPrompt({ operands, stdin }: Context): Promise<string | undefined> {
  const [given = '-'] = operands;
  if (given === '-' && stdin.isTTY) return undefined;
  const prompt = given === '-' ? withoutFinalBreak(await readAll(stdin, MAX_READ_BYTES)) : given;
  const bytes = Buffer.byteLength(prompt);
  // Sent all the same it would be refused the same way, after megabytes had gone over the socket.
  if (bytes <= MAX_PROMPT_BYTES) return prompt;
  throw new RefusedError(new PerchError('PROMPT_TOO_LARGE', { bytes, maxBytes: MAX_PROMPT_BYTES }));
}

/** An agent in a terminal is typed into once it is there. @throws UsageError for every other */
async function noPrompt(context: Context, client: Client): Promise<string> {
  const { agents } = await client.call('agents.list', { projectDir: projectDirOf(context) });
  const agent = agents.find(({ agentId }) => agentId === context.values.agent);
  if (agent !== undefined && agent.terminal === undefined) throw new UsageError('missing-prompt');
  return '';
}

/** A pipe without an end must not fill the memory. */
const MAX_READ_BYTES = 64 * MAX_PROMPT_BYTES;

async function submit(
  context: Context,
  client: Client,
  { turnId, projectDir, prompt }: { turnId: string; projectDir: string; prompt: string },
): Promise<void> {
  const agentId = context.values.agent ?? '';
  const { model } = context.values;
  const permissionMode = permissionModeOf(context);
  try {
    await checkAgentId(client, agentId);
    const send = (waitForCredential?: true) =>
      client.call('turns.submit', {
        turnId,
        agentId,
        projectDir,
        prompt,
        ...defined({ model, permissionMode, waitForCredential }),
      });
    await choosingProvider(context, { client, agentId }, () => send()).catch((error: unknown) => {
      // Refused, it is no turn yet: the same one is sent again, to wait.
      if (!waits(context) || !(error instanceof PerchError) || !isAwaited(error)) throw error;
      return send(true);
    });
  } catch (error) {
    // A connection that was lost leaves open whether the turn runs: that is no refusal.
    if (error instanceof PerchError && error.code !== 'CORE_UNREACHABLE') throw new RefusedError(error);
    throw error;
  }
}

/** A person at the terminal sees what is missing and can give it; a script would wait without end. */
function waits({ values, stdin, stderr }: Context): boolean {
  return values.wait === true || (stdin.isTTY === true && stderr.isTerminal);
}

interface Watching {
  readonly context: Context;
  readonly client: Client;
  readonly turnId: string;
  readonly transcript: Transcript;
}

/** Shows the turn's events. `ended` resolves to the exit code, or rejects when the connection is lost. */
function watchTurn(options: Watching & { policy: AnswerPolicy }) {
  const { context, client, turnId, policy, transcript } = options;
  const interrupted = Promise.withResolvers<InterruptCause>();
  const askLine: Context['askLine'] = (question, signal) => context.askLine(question, signal);
  const json = context.values.json === true;
  const permissions = createPermissions({ context, client, turnId, policy, json, transcript, askLine });
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  ended.catch(() => {}); // The caller awaits this later or never; an unhandled rejection would end the process.
  /**
   * Events that would be written across the screen of a program that this terminal is joined to; undefined when it is
   * joined to none.
   */
  let later: StoredRunEvent[] | undefined;
  const turnEnded = Promise.withResolvers<void>();
  const join = async () => {
    transcript.note(context.t('cli.run.attached'), 'dim');
    const seen: StoredRunEvent[] = [];
    later = seen;
    const onLeave = () => interrupted.resolve('asked');
    try {
      await joinTurn({ context, client, turnId, onLeave, over: turnEnded.promise });
    } finally {
      later = undefined;
      for (const stored of seen) show(stored);
    }
  };
  /** A turn that ended well without what it asked for has not done its work; a user who chose that knows it. */
  const completed = (): number => {
    const count = permissions.declined();
    if (count === 0 || context.values.permissions !== undefined) return EXIT.ok;
    transcript.note(context.t('cli.run.without-terminal', { count }), 'yellow');
    return EXIT.declined;
  };
  const show = (stored: StoredRunEvent) => {
    const { event } = stored;
    if (event.type === 'turn.ended') turnEnded.resolve();
    if (later !== undefined) {
      later.push(stored);
      return;
    }
    transcript.show(stored);
    if (event.type === 'turn.ended') resolve(event.result.outcome === 'completed' ? completed() : EXIT.failed);
    if (event.type === 'session.started' && event.terminal === true && canJoin(context)) void join().catch(reject);
  };
  const take = (stored: StoredRunEvent) => {
    const { event } = stored;
    show(stored);
    if (event.type === 'permission.requested') permissions.requested(event);
    if (event.type === 'permission.answered') permissions.answered(event);
  };
  const offs = [
    client.onEvent((event: AppEvent) => {
      if (event.type === 'run' && event.stored.turnId === turnId) take(event.stored);
    }),
    context.interrupts.onInterrupt(interrupted.resolve),
  ];
  void client.closed.then((reason) => reject(new PerchError('CORE_UNREACHABLE', {}, { cause: reason })));
  return {
    ended,
    interrupted: interrupted.promise,
    stop() {
      for (const off of offs) off();
      turnEnded.resolve();
      permissions.end();
    },
  };
}

/** An interrupt that came while the turn was being submitted counts as well. */
function cancelOnInterrupt(options: Watching & { interrupted: Promise<InterruptCause> }) {
  const { context, client, turnId, transcript, interrupted } = options;
  let cancelling: Promise<unknown> = Promise.resolve();
  void interrupted.then((cause) => {
    if (cause === 'asked') transcript.note(context.t('cli.run.cancelling'), 'yellow');
    cancelling = client.call('turns.cancel', { turnId }).catch((error: unknown) => {
      const wire = toWireError(error);
      // The turn ended by itself a moment before.
      if (wire.code !== 'TURN_ALREADY_ENDED') transcript.note(describeErrorWithCode(wire, context.t), 'red');
    });
  });
  return { settled: () => cancelling };
}
