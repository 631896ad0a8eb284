import type { SandboxStatus } from '../../shared/model/sandbox-policy.ts';
import { useT } from '../context/services.tsx';
import { Icon } from '../ui/icon.tsx';

/** The sandbox that the session ran in, as the runner reported it. */
export function SandboxBadge({ sandbox }: { sandbox: SandboxStatus }) {
  const t = useT();
  const off = sandbox.state === 'off';
  const text = off ? t('sandbox.off') : t(`sandbox.on.${sandbox.network}`, { backend: sandbox.backend });
  const lacks = !off && sandbox.lacks !== undefined && sandbox.lacks.length > 0;
  return (
    <span className={`badge ${off ? 'badge-warn' : ''}`}>
      <Icon name={off ? 'warning' : 'shield'} />
      {lacks ? `${text} · ${t('sandbox.lacks')}` : text}
    </span>
  );
}
