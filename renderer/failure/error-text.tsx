import type { WireError } from '../../shared/errors/perch-error.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import { useT } from '../context/services.tsx';
import { Icon } from '../ui/icon.tsx';
import { RemedyLink } from './remedy-link.tsx';

/** The sentence of an error, with its code for a search. */
export function useErrorSentence(): (error: WireError) => string {
  const t = useT();
  return (error) => describeError(error, t);
}

/** Why the control right above did not do it. Announced at once. */
export function ErrorText({ error, id }: { error: WireError | null; id?: string }) {
  const sentence = useErrorSentence();
  if (error === null) return null;
  return (
    <p className="error-text" role="alert" id={id}>
      <Icon name="warning" />
      <span>
        {sentence(error)} <code className="code-tag">{error.code}</code> <RemedyLink error={error} look="text" />
      </span>
    </p>
  );
}
