import type { FailureLine } from '../../shared/model/failure.ts';
import { useT } from '../context/services.tsx';
import { timeOfDay } from '../ui/day.ts';
import { OrderedList } from '../ui/list.tsx';
import { decidingLines } from './deciding-lines.ts';

/** The last words of the log, in as much room as the words need: time and source stand above them. */
export function LastLines({ lines }: { lines: readonly FailureLine[] }) {
  const t = useT();
  const shown = decidingLines(lines);
  if (shown.length === 0) return null;
  return (
    <details className="failure-lines">
      <summary>{t('failure.lastLines')}</summary>
      <OrderedList>
        {shown.map((line, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one failure never change places
            key={index}
            className={`failure-line log-${line.level}`}
            aria-current={line.cause}
          >
            <p className="failure-line-head">
              <time dateTime={line.time}>{timeOfDay(line.time)}</time> {line.level} · {line.source}
            </p>
            <p className="failure-line-message">{line.message}</p>
          </li>
        ))}
      </OrderedList>
    </details>
  );
}
