import { PerchError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { McpOffer, McpServer } from '../../../shared/model/mcp-server.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { checkFolder, projectDirOf } from '../values.ts';
import { scopeInWords } from './credentials.ts';
import { targetOf } from './mcp.ts';

/** Without a name it only shows; all that are named are taken over, or none. */
export const mcpImport: Command = async (context) => {
  const { values, stdout, t, operands } = context;
  const projectDir = projectDirOf(context);
  checkFolder(projectDir, context);
  const { client } = await context.openCore();
  const { file, offers } = await client.call('mcp.offered', { projectDir });
  const chosen = operands.map((name) => chosenOf(offers, name));
  const taken = await takeOver(client, projectDir, chosen);
  if (values.json === true) stdout.line(terminalJson({ file: file ?? null, offers, taken }));
  else if (operands.length > 0) {
    for (const { name, scope } of taken) stdout.line(t('cli.mcp.added', { name, scope: scopeInWords(scope, t) }));
  } else if (file === undefined) stdout.line(t('cli.mcp.import-none', { directory: oneLine(projectDir, 200) }));
  else if (offers.length === 0) stdout.line(t('cli.mcp.import-empty', { file: oneLine(file, 200) }));
  else show(context, offers);
  return EXIT.ok;
};

type Free = Extract<McpOffer, { state: 'free' }>;

/** @throws PerchError MCP_OFFER_NOT_FOUND, MCP_NAME_TAKEN, or why that one is refused */
function chosenOf(offers: readonly McpOffer[], name: string): Free {
  const offer = offers.find((one) => one.name === name);
  if (offer === undefined) throw new PerchError('MCP_OFFER_NOT_FOUND', { name: oneLine(name, 80) });
  if (offer.state === 'taken') throw new PerchError('MCP_NAME_TAKEN', { name });
  if (offer.state === 'refused') throw new PerchError(offer.error.code, offer.error.values);
  return offer;
}

async function takeOver(client: Client, projectDir: string, chosen: readonly Free[]): Promise<McpServer[]> {
  const taken: McpServer[] = [];
  for (const { name, transport } of chosen) {
    const { server } = await client.call('mcp.set', { scope: { kind: 'project', projectDir }, name, transport });
    taken.push(server);
  }
  return taken;
}

function show({ stdout, t }: Context, offers: readonly McpOffer[]): void {
  for (const offer of offers) {
    stdout.line(
      `${stdout.style('bold', oneLine(offer.name, 80))}  ${offer.state === 'free' ? oneLine(targetOf(offer.transport), 200) : ''}`.trimEnd(),
    );
    stdout.line(`  ${saidOf(offer, t)}`);
  }
}

function saidOf(offer: McpOffer, t: Context['t']): string {
  if (offer.state === 'refused') return oneLine(describeErrorWithCode(offer.error, t), 500);
  return t(`cli.mcp.import-${offer.state}`, { name: offer.name });
}
