import { useApp, useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';

/** Says that the PATH of the user's terminals is not known, and why, and offers to ask again. */
export function LoginShellNotice() {
  const t = useT();
  const { loginShell } = useApp((app) => app.programs);
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
