import type { Translate } from '../../../shared/i18n/translate.ts';
import type { LiveModels } from '../../../shared/model/live-models.ts';
import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { checkAgentId, projectDirOf } from '../values.ts';

/**
 * Lists the models to choose from: those that the agent used, those that its provider lists, and what is known of them.
 */
export const agentsModels: Command = async (context) => {
  const { values, operands, stdout, stderr, t, openCore } = context;
  const [agentId = ''] = operands;
  const { client } = await openCore();
  await checkAgentId(client, agentId);
  const projectDir = projectDirOf(context);
  const { models: recent } = await client.call('agents.recentModels', { agentId, projectDir });
  const { live } = await client.call('agents.liveModels', { agentId, projectDir });
  const providerId = 'providerId' in live ? live.providerId : undefined;
  const known = providerId === undefined ? [] : (await client.call('providers.models', { providerId })).models;
  if (values.json === true) {
    stdout.line(terminalJson({ agentId, recent, live, known }));
    return EXIT.ok;
  }
  const rows = [
    ...recent.map(({ model }) => ['recent', model, ''] as const),
    ...(live.state === 'listed' ? live.models.map(({ id, name = '' }) => ['listed', id, name] as const) : []),
    // Without the provider's own list, what is known has to do.
    ...(live.state === 'listed' ? [] : known.map(({ id, name }) => ['known', id, name] as const)),
  ];
  if (rows.length > 0) {
    writeTable(
      stdout,
      ['id', 'name', 'from'].map((column) => t(`cli.models.${column}`)),
      rows.map(([from, id, name]) => [oneLine(id, 200), oneLine(name, 80), t(`cli.models.${from}`)]),
    );
  }
  const problem = problemOf(live, t);
  if (problem !== undefined) stderr.line(stderr.style('yellow', problem));
  return EXIT.ok;
};

function problemOf(live: LiveModels, t: Translate): string | undefined {
  switch (live.state) {
    case 'listed':
      return undefined;
    case 'no-credential':
      return t('models.live.no-credential');
    case 'not-offered':
      return t('models.live.not-offered', { provider: live.providerId });
    case 'could-not-check': {
      const { providerId: provider, reason, status = '', cause = '' } = live;
      const why = t(reason === 'not-understood' ? 'models.live.not-understood' : `liveness.reason.${reason}`, {
        provider,
        status,
        cause,
      });
      return t('models.live.could-not-check', { provider, why });
    }
  }
}
