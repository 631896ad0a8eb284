import type { Result } from '../../../shared/contract/methods.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';

type Known = Result<'agentRegistry.list'>;

/** Agents of the ACP registry that Perch has no description of its own for. */
export const agentsRegistry: Command = async (context) => {
  const { client } = await context.openCore();
  return show(context, await client.call('agentRegistry.list', {}));
};

/** Fetches the registry anew. */
export const agentsRefresh: Command = async (context) => {
  const { client } = await context.openCore();
  return show(context, await client.call('agentRegistry.refresh', {}));
};

function show({ values, stdout, t }: Context, known: Known): number {
  const { agents, source } = known;
  if (values.json === true) {
    stdout.line(terminalJson(known));
    return EXIT.ok;
  }
  writeTable(
    stdout,
    ['id', 'name', 'version', 'install'].map((column) => t(`cli.registry.${column}`)),
    agents.map(({ agentId, name, version, how, installCommand, homepage = '', added }) => {
      const byHand = oneLine(installCommand ?? homepage, 200);
      const way = how === 'package' ? `perch agents install ${agentId}` : byHand;
      return [agentId, oneLine(name, 40), oneLine(version, 20), added ? t('cli.registry.added') : way];
    }),
  );
  stdout.line();
  stdout.line(t('cli.registry.untried'));
  if (source !== undefined) stdout.line(t('cli.registry.source', { date: source.date, origin: source.origin }));
  return EXIT.ok;
}
