import { assertNever } from '../../../shared/assert-never.ts';
import type { Params } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { fromWireError, PerchError } from '../../../shared/errors/perch-error.ts';
import type { InstallJob } from '../../../shared/model/programs.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { checkAgentId } from '../values.ts';

/** The word that confirms the question. The word is the same in every language, because the question shows it. */
const WORD = 'remove';

type Progress = InstallJob['progress'];

/** `ID`, or `ID@VERSION` as npm has it. How far it is goes to stderr; Ctrl+C takes it back. */
export const agentsInstall: Command = async (context) => {
  const { operands, values, stdout, stderr, t, interrupts, openCore } = context;
  const { agentId, version } = wanted(operands[0] ?? '');
  const { client } = await openCore();
  await checkAgentId(client, agentId);
  await addFromRegistry(client, agentId, values.provider);
  const off = interrupts.onInterrupt(() => void client.call('agents.cancelInstall', { agentId }).catch(() => {}));
  try {
    const progress = await follow(context, client, { agentId, ...defined({ version }) });
    switch (progress.state) {
      case 'done':
        if (values.json === true) stdout.line(terminalJson({ agentId, version: progress.version }));
        else stdout.line(t('cli.install.done', { agent: agentId, version: progress.version }));
        return EXIT.ok;
      case 'cancelled':
        stderr.line(t('cli.install.cancelled'));
        return EXIT.failed;
      case 'failed':
        throw fromWireError(progress.error);
      default:
        return assertNever(progress);
    }
  } finally {
    off();
  }
};

/** @throws UsageError */
function wanted(text: string): { agentId: string; version: string | undefined } {
  const [, agentId, version] = /^([^@]+)(?:@(.+))?$/s.exec(text) ?? [];
  if (agentId === undefined) throw new UsageError('agents-install');
  return { agentId, version };
}

/** An agent that Perch does not know but the ACP registry does becomes one of the user's agents first. */
async function addFromRegistry(client: Client, agentId: string, providerId: string | undefined): Promise<void> {
  const { agents } = await client.call('agents.list', {});
  if (agents.some((agent) => agent.agentId === agentId)) return;
  const others = (await client.call('agentRegistry.list', {})).agents;
  if (!others.some((agent) => agent.agentId === agentId)) return;
  await client.call('agentRegistry.add', { agentId, ...defined({ providerId }) });
}

export const agentsUninstall: Command = async ({ operands, values, stdin, stdout, t, askLine, openCore }) => {
  const agentId = operands[0] ?? '';
  const { client } = await openCore();
  await checkAgentId(client, agentId);
  if (values.yes !== true) {
    if (!stdin.isTTY || values.json === true) throw new UsageError('uninstall-needs-yes');
    const { signal } = new AbortController(); // Ctrl+C ends the command itself
    const typed = await askLine(`${t('cli.install.ask-remove', { agent: agentId, word: WORD })} `, signal);
    if (typed?.trim().toLowerCase() !== WORD) {
      stdout.line(t('cli.install.not-removed'));
      return EXIT.failed;
    }
  }
  await client.call('agents.uninstall', { agentId });
  stdout.line(
    values.json === true ? terminalJson({ agentId, removed: true }) : t('cli.install.removed', { agent: agentId }),
  );
  return EXIT.ok;
};

/** Begins the installation and shows how far it is, to its end. */
async function follow(
  { stderr, t }: Pick<Context, 'stderr' | 't'>,
  client: Client,
  params: Params<'agents.install'>,
): Promise<Exclude<Progress, { state: 'running' }>> {
  const { promise, resolve, reject } = Promise.withResolvers<Exclude<Progress, { state: 'running' }>>();
  promise.catch(() => {}); // may be rejected before it is awaited
  let began: number | undefined;
  let latest: readonly InstallJob[] = [];
  let shown = '';
  const look = (installs: readonly InstallJob[]) => {
    const job = installs.find(({ agentId, startedAt }) => agentId === params.agentId && startedAt === began);
    if (job === undefined) return;
    if (job.progress.state !== 'running') return resolve(job.progress);
    const { phase, packages, bytes } = job.progress;
    const line = t(`cli.install.${phase}`, { packages, size: (bytes / 1e6).toFixed(1) });
    // An output that cannot rewrite a line gets one line for each new phase.
    const told = stderr.isTerminal ? line : phase;
    if (told === shown) return;
    shown = told;
    if (stderr.isTerminal) stderr.write(`\r\u001b[K${line}`);
    else stderr.line(t(`cli.install.begins-${phase}`));
  };
  const off = client.onEvent((event) => {
    if (event.type !== 'state' || event.slice !== 'programs') return;
    latest = event.value.installs;
    look(latest);
  });
  void client.closed.then((reason) => reject(new PerchError('CORE_UNREACHABLE', {}, { cause: reason })));
  try {
    await client.call('events.subscribe', {});
    began = (await client.call('agents.install', params)).job.startedAt;
    // The installation may have gone on, or ended, before its beginning was known here.
    look(latest);
    return await promise;
  } finally {
    off();
    if (stderr.isTerminal && shown !== '') stderr.line();
  }
}
