import { assertNever } from '../../../shared/assert-never.ts';
import { REMEDIES } from '../../../shared/errors/remedies.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { RunEvent, StoredRunEvent, TurnOutcome } from '../../../shared/model/run-event.ts';
import type { SandboxStatus } from '../../../shared/model/sandbox-policy.ts';
import { guardedInWords } from '../terminal/guarded-file.ts';
import { type Output, oneLine, type Style, terminalJson, terminalSafe } from '../terminal/output.ts';
import { whatToDo } from '../what-to-do.ts';

export interface Transcript {
  show(stored: StoredRunEvent): void;
  /** A remark of the command line's own. */
  note(text: string, style?: Style): void;
}

interface Screen {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly t: Translate;
  /** True when the core ends with this command. */
  readonly hosted?: boolean;
}

/** Writes one line of JSON per event; remarks go to stderr. */
export function createJsonTranscript({ stdout, stderr }: Screen): Transcript {
  return {
    show: (stored) => stdout.line(terminalJson(stored)),
    note: (text, style) => stderr.line(style === undefined ? text : stderr.style(style, text)),
  };
}

/** The answer on stdout as it comes, everything else as lines on stderr. */
export function createTextTranscript({ stdout, stderr, t, hosted = false }: Screen): Transcript {
  const titles = new Map<string, string>();
  /** The last state of each step of the plan: agents send the whole plan again and again. */
  const steps = new Map<string, string>();
  let open: 'answer' | 'thought' | 'nothing' = 'nothing';

  /** Ends an unfinished line. On stdout only where the eye would see both: elsewhere the answer stays as it came. */
  function close(): void {
    if (open === 'thought') stderr.line();
    if (open === 'answer' && stdout.isTerminal) stdout.line();
    open = 'nothing';
  }
  function note(text: string, style?: Style): void {
    close();
    stderr.line(style === undefined ? text : stderr.style(style, text));
  }
  function answer(text: string): void {
    if (open === 'thought') close();
    stdout.write(stdout.isTerminal ? terminalSafe(text) : text);
    if (text !== '') open = text.endsWith('\n') ? 'nothing' : 'answer';
  }
  function thought(text: string): void {
    if (open === 'answer') close();
    stderr.write(stderr.style('dim', terminalSafe(text)));
    if (text !== '') open = text.endsWith('\n') ? 'nothing' : 'thought';
  }
  function tool(id: string, status: string | undefined): void {
    const title = titles.get(id) ?? id;
    note(t('cli.run.tool', { title, status: status ?? '' }).trimEnd(), status === 'failed' ? 'yellow' : 'cyan');
  }
  function ended(result: Extract<RunEvent, { type: 'turn.ended' }>['result'], turnId: string): void {
    // The last line of an answer in a pipe or file ends like every other.
    if (open === 'answer' && !stdout.isTerminal) stdout.line();
    if (result.outcome === 'completed') {
      if (result.stopReason !== 'end_turn')
        note(t('cli.run.stopped', { reason: oneLine(result.stopReason) }), 'yellow');
      else close();
    } else if (result.outcome === 'cancelled') note(cancelledInWords(result, t), 'yellow');
    else failed(result.failure, turnId);
  }
  function failed({ error, reported }: Failure, turnId: string): void {
    note(describeErrorWithCode(error, t), 'red');
    if (reported !== undefined) note(terminalSafe(reported));
    const { resetAt } = error.values;
    if (typeof resetAt === 'number') note(t('cli.run.reset', { time: timeOf(resetAt) }), 'bold');
    // The transcript names that log anyway, and more exactly.
    const next = REMEDIES[error.code] === 'session-log' ? undefined : whatToDo(error, t);
    if (next !== undefined) note(next);
    note(t('cli.run.log', { turnId }), 'dim');
  }

  return {
    note,
    show({ turnId, event }) {
      switch (event.type) {
        case 'turn.accepted':
        case 'usage':
          return;
        case 'session.started':
          return note(
            t('cli.run.started', { agent: oneLine(event.agentName), sandbox: sandboxInWords(event.sandbox, t) }),
            'dim',
          );
        case 'model.reported':
          return note(t('cli.run.model', { model: oneLine(event.model) }), 'dim');
        case 'agent.message':
        case 'terminal.output':
          return answer(event.text);
        case 'agent.thought':
          return thought(event.text);
        case 'tool.call':
          titles.set(event.toolCallId, oneLine(event.title));
          return tool(event.toolCallId, t(`cli.tool.${event.status}`));
        case 'tool.update':
          if (event.title !== undefined) titles.set(event.toolCallId, oneLine(event.title));
          // The call itself already said that the tool is at work.
          if (event.status !== 'completed' && event.status !== 'failed') return;
          return tool(event.toolCallId, t(`cli.tool.${event.status}`));
        case 'plan':
          for (const { content, status } of event.entries) {
            if (steps.get(content) === status || status === 'pending') continue;
            steps.set(content, status);

            note(`  ${t('cli.run.plan', { entry: oneLine(content), status: t(`cli.plan.${status}`) })}`, 'dim');
          }
          return;
        // Shown whole, beside its answers.
        case 'permission.requested':
        case 'permission.answered':
          return;
        case 'background.left': {
          // A core of this command's own ends with it, and every session with that core.
          const how = hosted ? 'ends' : event.state;
          for (const { command } of event.processes) {
            note(t(`cli.run.background-${how}`, { command: oneLine(command, 300) }), 'yellow');
          }
          return hosted ? undefined : note(t('cli.run.background-how'), 'dim');
        }
        case 'file.guarded':
          note(guardedInWords(event, t), 'yellow');
          return note(t('cli.run.guarded', { turnId }), 'dim');
        case 'notice':
          return note(terminalSafe(t(event.key, flat(event.values))), event.level === 'warn' ? 'yellow' : 'dim');
        case 'credential.awaited':
          note(describeErrorWithCode(event.error, t), 'yellow');
          for (const line of [whatToDo(event.error, t), t('cli.run.awaits-credential')]) {
            if (line !== undefined) note(line, 'bold');
          }
          return;
        case 'credential.supplied':
          return note(t('cli.run.credential-supplied'), 'dim');
        case 'turn.ended':
          return ended(event.result, turnId);
        default:
          return assertNever(event);
      }
    },
  };
}

function cancelledInWords({ by, declined }: Extract<TurnOutcome, { outcome: 'cancelled' }>, t: Translate): string {
  if (declined !== undefined) return t('cli.run.declined', { title: oneLine(declined) });
  return t(by === 'agent' ? 'cli.run.ended-by-agent' : 'cli.run.cancelled');
}

/** The local time of day, with the day where that is another one. */
function timeOf(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return isToday ? new Date(at).toLocaleTimeString() : new Date(at).toLocaleString();
}

function sandboxInWords(sandbox: SandboxStatus, t: Translate): string {
  if (sandbox.state === 'off') return t('cli.run.sandbox-off');
  return t(`cli.run.sandbox-${sandbox.network}`, { backend: sandbox.backend });
}

/** Values of a notice are names of files and the like, which an agent may have chosen. */
function flat<V>(values: Readonly<Record<string, V>>): Record<string, V | string> {
  const entries = Object.entries(values).map(([name, value]): [string, V | string] => [
    name,
    typeof value === 'string' ? oneLine(value, 1000) : value,
  ]);
  return Object.fromEntries(entries);
}
