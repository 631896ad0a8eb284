import type { PerchError } from '../../../shared/errors/perch-error.ts';
import { toWireError } from '../../../shared/errors/perch-error.ts';
import { useT } from '../../context/services.tsx';
import { useErrorSentence } from '../../failure/error-text.tsx';
import { Icon } from '../../ui/icon.tsx';
import { RouteLink } from '../../ui/link.tsx';

/** The obstacle, shown while the user types: not an alert, which would interrupt every letter. */
export function Problem({ problem }: { problem: PerchError | undefined }) {
  const t = useT();
  const sentence = useErrorSentence();
  if (problem === undefined) return null;
  return (
    <p className="error-text">
      <Icon name="warning" />
      <span>
        {sentence(toWireError(problem))} <code className="code-tag">{problem.code}</code>
        {problem.code === 'VARIABLE_OF_PROVIDER' && (
          <>
            {' '}
            <RouteLink to={{ view: 'settings', page: 'providers' }}>{t('variables.toProviders')}</RouteLink>
          </>
        )}
      </span>
    </p>
  );
}
