import { useT } from '../context/services.tsx';
import { useLanguage } from '../context/use-language.ts';
import { duration, fullTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { useNow } from '../ui/use-now.ts';
import { retryWait } from './retry-wait.ts';

interface RetryButtonProps {
  readonly look: 'primary' | 'plain';
  /** When the limit that stopped the turn resets, where that is known. Milliseconds since 1970. */
  readonly resetAt?: number | undefined;
  readonly pending: boolean;
  readonly onRetry: () => void;
}

/** Sends the prompt once more; before a known reset it counts down instead, since that would fail again. */
export function RetryButton({ look, resetAt, pending, onRetry }: RetryButtonProps) {
  const t = useT();
  const language = useLanguage();
  const now = useNow(resetAt === undefined ? 0 : 1000);
  const wait = retryWait(resetAt, now);
  return (
    <Button look={look} onClick={onRetry} disabled={pending || wait.kind !== 'none'}>
      {wait.kind === 'none' && t('retry')}
      {wait.kind === 'soon' && t('retry.in', { duration: duration(wait.ms, t, language) })}
      {wait.kind === 'later' && t('retry.at', { time: fullTime(wait.at, language) })}
    </Button>
  );
}
