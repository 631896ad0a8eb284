import type { Result } from '../../../shared/contract/methods.ts';
import { useT } from '../../context/services.tsx';
import { ErrorText } from '../../failure/error-text.tsx';
import { List } from '../../ui/list.tsx';

/** The result for each agent. */
export function Outcome({ results }: { results: Result<'userAgents.import'>['results'] }) {
  const t = useT();
  return (
    <List className="declared-list" aria-label={t('agentImport.results')}>
      {results.map((result) => (
        <li key={result.agentId}>
          {result.outcome === 'added' ? (
            t('agentImport.added', { agent: result.agentId })
          ) : (
            <ErrorText error={result.error} />
          )}
        </li>
      ))}
    </List>
  );
}
