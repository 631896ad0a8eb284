import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import './egress.css';

interface AllowHostProps {
  readonly projectDir: string;
  readonly host: string;
  readonly port: number;
}

/** *Allow for this project*: works in the session that runs. Afterwards it says so. */
export function AllowHost({ projectDir, host, port }: AllowHostProps) {
  const t = useT();
  const { egress } = useSlices('egress');
  const { transport } = useServices();
  const allow = useAction(() =>
    transport.call('egress.allow', { scope: { kind: 'project', projectDir }, host, ports: [port] }),
  );
  const isAllowed = egress.allowed.some(
    (one) =>
      one.host === host && one.port === port && one.scope.kind === 'project' && one.scope.projectDir === projectDir,
  );
  if (isAllowed) {
    return (
      <span className="allowed-host" role="status">
        {t('egress.allowed.project')}
      </span>
    );
  }
  return (
    <>
      <Button disabled={allow.pending} onClick={() => allow.run()}>
        {t('egress.allow.project')}
        <span className="visually-hidden">
          {' '}
          {host}:{port}
        </span>
      </Button>
      <ErrorText error={allow.error} />
    </>
  );
}
