import { runsAsText } from '../../shared/model/agent-definition.ts';
import type { DeclarationContent, DeclarationProblem, DeclarationView } from '../../shared/model/declaration.ts';
import { useSlices, useT } from '../context/services.tsx';
import { providerName } from '../stores/select.ts';
import { List } from '../ui/list.tsx';

/** Everything that a file declares, a line each. Its author is not the user: it is shown as text and nothing more. */
export function Contents({ content }: { content: DeclarationContent }) {
  const t = useT();
  const app = useSlices('providers');
  const { agents, models, endpoints, variables, secrets } = content;
  return (
    <List className="declared-list" aria-label={t('declared.contents')}>
      {agents.map(({ agentId, name, runs }) => (
        <li key={`agent ${agentId}`}>
          {t(`declared.agent.${runs.kind}`, { agent: name })} <code>{runsAsText(runs)}</code>
        </li>
      ))}
      {models.map(({ agentId, model }) => (
        <li key={`model ${agentId}`}>
          {t('declared.model', { agent: agentId })} <code>{model}</code>
        </li>
      ))}
      {endpoints.map(({ providerId, baseUrl }) => (
        <li key={`endpoint ${providerId}`}>
          {t('declared.endpoint', { provider: providerName(app, providerId) })} <code>{baseUrl}</code>
        </li>
      ))}
      {variables.map(({ name, value }) => (
        <li key={`variable ${name}`}>
          {t('declared.variable')} <code>{`${name}=${value}`}</code>
        </li>
      ))}
      {secrets.map(({ name, reference }) => (
        <li key={`secret ${name}`}>
          {t('declared.secret', { variable: name })} <code>{reference}</code>
        </li>
      ))}
    </List>
  );
}

/** The entries that are new since the user was asked. */
export function News({ news }: { news: DeclarationView['news'] }) {
  const t = useT();
  if (news.length === 0) return null;
  return (
    <List className="declared-list" aria-label={t('declared.news')}>
      {news.map((one) => (
        <li key={one}>
          <strong>{t('declared.new')}</strong> <code>{one}</code>
        </li>
      ))}
    </List>
  );
}

export function Problems({ problems }: { problems: readonly DeclarationProblem[] }) {
  const t = useT();
  return (
    <List className="declared-list" aria-label={t('declared.problems')}>
      {problems.map(({ line, column, reason, values }) => (
        <li key={`${line}:${column} ${reason}`}>
          <strong>{t('declared.place', { line, column })}</strong> {t(`reason.declared-${reason}`, values)}
        </li>
      ))}
    </List>
  );
}
