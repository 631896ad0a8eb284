import { choicesIn } from '../../../shared/errors/choices.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { describeError } from '../../../shared/i18n/describe-error.ts';
import type { Client } from '../../core/api/client.ts';
import type { Context } from '../context.ts';

type Asking = Pick<Context, 'stdin' | 'stderr' | 't' | 'askLine' | 'interrupts'>;

/**
 * Does it, and where it is refused because several providers could answer, asks for one on the terminal and does it
 * again. The choice is the agent's setting from then on, as in the window. Off a terminal the refusal names the
 * commands instead.
 */
export async function choosingProvider<T>(
  context: Asking,
  { client, agentId }: { client: Client; agentId: string },
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof PerchError) || error.code !== 'PROVIDER_UNDERIVABLE') throw error;
    const providerId = await askForProvider(context, error);
    if (providerId === undefined) throw error;
    await client.call('agents.configure', { agentId, settings: { auth: { mode: 'byo', providerId } } });
    return await attempt();
  }
}

async function askForProvider(
  { stdin, stderr, t, askLine, interrupts }: Asking,
  error: PerchError,
): Promise<string | undefined> {
  const wire = toWireError(error);
  const choices = choicesIn(wire);
  if (choices.length === 0 || stdin.isTTY !== true || !stderr.isTerminal) return undefined;
  stderr.line(describeError(wire, t));
  choices.forEach((name, index) => {
    stderr.line(`  ${index + 1}  ${name}`);
  });
  const asking = new AbortController();
  const off = interrupts.onInterrupt(() => asking.abort());
  try {
    for (;;) {
      const typed = await askLine(`${t('cli.run.choose', { count: choices.length })} `, asking.signal);
      if (typed === null) return undefined;
      const chosen = readChoice(typed, choices);
      if (chosen !== undefined) return chosen;
    }
  } finally {
    off();
  }
}

/** A number of the list or a name; undefined when it is neither. */
function readChoice(typed: string, names: readonly string[]): string | undefined {
  const text = typed.trim().toLowerCase();
  return /^\d+$/.test(text) ? names[Number(text) - 1] : names.find((name) => name.toLowerCase() === text);
}
