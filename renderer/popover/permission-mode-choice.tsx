import { useId } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { DEFAULT_PERMISSION_MODE, type PermissionMode } from '../../shared/model/permission-mode.ts';
import { useT } from '../context/services.tsx';

/** The mode of the next turn; undefined is the agent's setting. Nothing to choose where the agent knows one only. */
export function PermissionModeChoice({
  agent,
  mode,
  onMode,
}: {
  agent: AgentView;
  mode: PermissionMode | undefined;
  onMode: (mode: PermissionMode | undefined) => void;
}) {
  const t = useT();
  const id = useId();
  const { permissionModes, settings } = agent;
  const own = settings.permissionMode ?? DEFAULT_PERMISSION_MODE;
  if (permissionModes.length < 2) return null;
  const shown = mode !== undefined && permissionModes.includes(mode) ? mode : own;
  return (
    <p className="mode-choice">
      <label htmlFor={id}>{t('permissionMode')}</label>{' '}
      <select
        id={id}
        value={shown}
        onChange={(event) => {
          const chosen = permissionModes.find((one) => one === event.target.value);
          onMode(chosen === own ? undefined : chosen);
        }}
      >
        {permissionModes.map((one) => (
          <option key={one} value={one}>
            {t(`permissionMode.${one}`)}
          </option>
        ))}
      </select>
    </p>
  );
}
