import type { Notice } from '../../shared/model/notice.ts';
import { useT } from '../context/services.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';

/** The other sources that could answer for a session, and which one does. */
export function Conflicts({ conflicts }: { conflicts: readonly Notice[] }) {
  const t = useT();
  if (conflicts.length === 0) return null;
  return (
    <List className="conflicts" aria-label={t('conflicts')}>
      {conflicts.map(({ level, key, values }) => (
        <li key={key} className={`conflict-${level}`}>
          <Icon name={level === 'warn' ? 'warning' : 'key'} />
          <span>{t(key, values)}</span>
        </li>
      ))}
    </List>
  );
}
