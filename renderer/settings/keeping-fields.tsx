import { useId } from 'react';
import type { Settings } from '../../shared/model/settings.ts';
import { useSlices, useT } from '../context/services.tsx';
import { Field, hintId } from '../ui/field.tsx';

/** Hours; what a day with it needs. */
const HOURS = [1, 24, 72, 168, 720] as const;
/** Megabytes. */
const SIZES = [256, 1024, 4096, 16_384] as const;

/** How long the single events of a turn are kept; transcripts stay. */
export function KeepingFields({ onChange }: { onChange: (patch: Partial<Settings>) => unknown }) {
  const t = useT();
  const { settings } = useSlices('settings');
  const id = useId();
  // A value that was set elsewhere is shown as it is.
  const withOwn = (choices: readonly number[], own: number) => [...new Set([...choices, own])].sort((a, b) => a - b);
  return (
    <>
      <Field id={`${id}-hours`} label={t('general.keepEvents')} hint={t('general.keepEvents.hint')}>
        <select
          id={`${id}-hours`}
          aria-describedby={hintId(`${id}-hours`)}
          value={settings.keepEventsHours}
          onChange={(event) => onChange({ keepEventsHours: Number(event.target.value) })}
        >
          {withOwn(HOURS, settings.keepEventsHours).map((hours) => (
            <option key={hours} value={hours}>
              {t('general.hours', { count: hours })}
            </option>
          ))}
        </select>
      </Field>
      <Field id={`${id}-size`} label={t('general.maxEvents')}>
        <select
          id={`${id}-size`}
          value={settings.maxEventsMb}
          onChange={(event) => onChange({ maxEventsMb: Number(event.target.value) })}
        >
          {withOwn(SIZES, settings.maxEventsMb).map((size) => (
            <option key={size} value={size}>
              {t('general.megabytes', { count: size })}
            </option>
          ))}
        </select>
      </Field>
    </>
  );
}
