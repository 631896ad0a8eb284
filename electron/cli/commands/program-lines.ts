import type { Translate } from '../../../shared/i18n/translate.ts';
import type { AgentView } from '../../../shared/model/agent.ts';

/** An agent's program: which and why, others, how to get it, and whether it is signed in by itself. */
export function programLines(agent: AgentView, t: Translate): string[] {
  return facts(agent, t).map(([name, text]) => `${t(`cli.agents.show.${name}`)}: ${text}`);
}

/** By the key of its name. */
function facts({ installation, install, ownLogin, settings }: AgentView, t: Translate): [string, string][] {
  const all: [string, string][] = [];
  if (installation.state === 'found') {
    const { path, others = [], olderThan, chosenIsGone } = installation;
    all.push(['program', program(installation, t)]);
    if (settings.program === path) all.push(['why', t('cli.agents.show.chosen')]);
    if (chosenIsGone !== undefined) all.push(['gone', chosenIsGone]);
    if (olderThan !== undefined) all.push(['older-than', olderThan]);
    for (const other of others) all.push(['other', program(other, t)]);
  }
  if (installation.state === 'missing') {
    const { installCommand, program } = installation;
    if (installCommand !== undefined) all.push(['by-hand', installCommand]);
    else if (program !== undefined) all.push(['not-there', program]);
  }
  if (installation.state === 'could-not-check') all.push(['could-not-check', installation.reason]);
  if (install !== undefined) all.push(['installable', install.packages.join(', ')]);
  for (const { providerId, login } of ownLogin?.providers ?? []) {
    all.push(['login', `${providerId}: ${t(`cli.agents.show.login.${login.state}`)}`]);
  }
  return all;
}

function program(
  { path, version, source }: { path: string; version?: string | undefined; source: string },
  t: Translate,
): string {
  return [path, version, t(`cli.agents.source.${source}`)].filter((part) => part !== undefined).join(' · ');
}
