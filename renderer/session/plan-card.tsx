import type { AgentEvent } from '../../shared/model/run-event.ts';
import { useT } from '../context/services.tsx';
import { Icon } from '../ui/icon.tsx';
import { OrderedList } from '../ui/list.tsx';

type Entries = Extract<AgentEvent, { type: 'plan' }>['entries'];

export function PlanCard({ entries }: { entries: Entries }) {
  const t = useT();
  return (
    <section className="plan" aria-label={t('plan')}>
      <p className="plan-title">
        <Icon name="plan" />
        {t('plan')}
      </p>
      <OrderedList>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan is sent whole, its order is its identity
          <li key={index} className={`plan-${entry.status}`}>
            <span className="plan-mark" aria-hidden="true">
              {entry.status === 'completed' ? <Icon name="check" /> : null}
            </span>
            <span>{entry.content}</span>
            <span className="visually-hidden">{t(`plan.${entry.status}`)}</span>
          </li>
        ))}
      </OrderedList>
    </section>
  );
}
