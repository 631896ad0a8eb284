import { useApp, useServices, useT } from '../../app/services.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorText } from '../../ui/error-text.tsx';
import { useAction } from '../../ui/use-action.ts';

/** That the PATH of the user's terminals is not known, why, and the way to ask again (R59). */
export function LoginShellNotice() {
  const t = useT();
  const { loginShell } = useApp().programs;
  const { transport } = useServices();
  const retry = useAction(() => transport.call('agents.refresh', {}));
  if (loginShell.state !== 'could-not-check') return null;
  const { why, shell = '', seconds } = loginShell;
  return (
    <Banner
      tone="warn"
      actions={
        <Button onClick={() => retry.run()} disabled={retry.pending}>
          {t(retry.pending ? 'agents.refreshing' : 'agents.refresh')}
        </Button>
      }
    >
      {t(`loginShell.${why}`, { shell, seconds })}
      <ErrorText error={retry.error} />
    </Banner>
  );
}
