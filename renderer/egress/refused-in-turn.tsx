import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useT } from '../context/services.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import { AllowHost } from './allow-host.tsx';
import './egress.css';

type NoticeItem = Extract<TranscriptItem, { kind: 'notice' }>;

/** The hosts that one turn asked for in vain: one line, with each of them and the way to allow it inside. */
export function RefusedInTurn({ refused, projectDir }: { refused: readonly NoticeItem[]; projectDir: string }) {
  const t = useT();
  return (
    <details className="turn-refused">
      <summary className="notice notice-warn">
        <Icon name="warning" />
        <span>{t(refused.length === 1 ? 'egress.turn.one' : 'egress.turn.many', { count: refused.length })}</span>
        <Icon name="chevron" />
      </summary>
      <List className="stack">
        {refused.map(({ seq, notice: { key, values } }) => (
          <li key={seq} className="refused-host">
            <p>{t(key, values)}</p>
            {key === 'notice.host-refused' && (
              <AllowHost projectDir={projectDir} host={String(values.host)} port={Number(values.port)} />
            )}
          </li>
        ))}
      </List>
    </details>
  );
}
