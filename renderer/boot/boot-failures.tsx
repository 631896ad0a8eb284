import type { BootFailure } from '../../shared/model/boot-failure.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';

/** Why an earlier Perch did not start, or ended by itself: the log could not take it, so it is told here. */
export function BootFailures() {
  const t = useT();
  const { bootFailures } = useSlices('bootFailures');
  const { transport } = useServices();
  const dismiss = useAction(() => transport.call('boot.dismiss', {}));
  const [newest] = bootFailures;
  if (newest === undefined) return null;
  return (
    <section aria-label={t('boot.title')}>
      <Banner
        tone="warn"
        title={t('boot.title')}
        actions={
          <>
            <CopyButton text={bootFailures.map(textOf).join('\n\n')} name={t('boot.copy')} />
            <Button look="quiet" disabled={dismiss.pending} onClick={() => dismiss.run()}>
              {t('egress.dismiss')}
            </Button>
          </>
        }
      >
        <details className="boot-details">
          <summary>
            <RelativeTime at={newest.at} /> · {newest.code ?? firstLine(newest.message)}
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre className="boot-reason" tabIndex={0}>
            {newest.message}
          </pre>
        </details>
        {bootFailures.length > 1 && <p>{t('boot.more', { count: bootFailures.length - 1 })}</p>}
        <ErrorText error={dismiss.error} />
      </Banner>
    </section>
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function textOf({ at, host, version, message }: BootFailure): string {
  return `${new Date(at).toISOString()} Perch ${version} (${host})\n${message}`;
}
