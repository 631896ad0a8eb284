import type { Finding } from '../../shared/credentials/finding.ts';
import { useT } from '../context/services.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';

/** The findings of a value that cannot be repaired here: it stands in a file, and is not in the window. */
export function FindingNotes({ findings }: { findings: readonly Finding[] }) {
  const t = useT();
  if (findings.length === 0) return null;
  return (
    <List className="findings">
      {findings.map(({ key, level, values }) => {
        const good = key === 'paste.right-shape';
        return (
          <li key={key} className={`finding ${level === 'info' ? (good ? 'finding-good' : '') : 'finding-warn'}`}>
            <Icon name={level === 'info' ? (good ? 'check' : 'question') : 'warning'} />
            <span>{t(key, values)}</span>
          </li>
        );
      })}
    </List>
  );
}
