import { useId } from 'react';
import type { Settings } from '../../shared/model/settings.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Field } from '../ui/field.tsx';
import { ForgetCard } from './forget/forget-card.tsx';
import { KeepingFields } from './keeping-fields.tsx';

const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français' } as const;
const THEMES = ['system', 'light', 'dark'] as const;

export function GeneralPage() {
  const t = useT();
  const { settings } = useSlices('settings');
  const { transport } = useServices();
  const id = useId();
  const update = useAction((patch: Partial<Settings>) => transport.call('settings.update', { patch }));
  return (
    <>
      <div className="card form">
        <Field id={`${id}-locale`} label={t('general.language')}>
          <select
            id={`${id}-locale`}
            value={settings.locale}
            onChange={(event) => update.run({ locale: event.target.value as Settings['locale'] })}
          >
            <option value="system">{t('general.system')}</option>
            {Object.entries(LANGUAGES).map(([locale, name]) => (
              <option key={locale} value={locale} lang={locale}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field id={`${id}-theme`} label={t('general.theme')}>
          <select
            id={`${id}-theme`}
            value={settings.theme}
            onChange={(event) => update.run({ theme: event.target.value as Settings['theme'] })}
          >
            {THEMES.map((theme) => (
              <option key={theme} value={theme}>
                {t(`general.${theme}`)}
              </option>
            ))}
          </select>
        </Field>
        <KeepingFields onChange={update.run} />
        <label className="check">
          <input
            type="checkbox"
            checked={settings.clearClipboardAfterPaste}
            onChange={(event) => update.run({ clearClipboardAfterPaste: event.target.checked })}
          />
          {t('general.clearClipboard')}
        </label>
        <SleepSwitch onChange={update.run} />
        <ErrorText error={update.error} />
      </div>
      <ForgetCard />
      <About />
    </>
  );
}

/** Where the host cannot, it says so instead of pretending. */
function SleepSwitch({ onChange }: { onChange: (patch: Partial<Settings>) => void }) {
  const t = useT();
  const { settings, host } = useSlices('settings', 'host');
  const id = useId();
  return (
    <div>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.holdOffSleep && host.canHoldOffSleep}
          disabled={!host.canHoldOffSleep}
          {...(host.canHoldOffSleep ? {} : { 'aria-describedby': id })}
          onChange={(event) => onChange({ holdOffSleep: event.target.checked })}
        />
        {t('general.holdOffSleep')}
      </label>
      {!host.canHoldOffSleep && (
        <p className="hint" id={id}>
          {t('general.holdOffSleep.cannot')}
        </p>
      )}
    </div>
  );
}

function About() {
  const t = useT();
  const { host } = useSlices('host');
  return (
    <section className="card" aria-labelledby="about-heading">
      <h3 id="about-heading">{t('about')}</h3>
      <dl className="facts-list">
        <dt>{t('about.version')}</dt>
        <dd>
          {host.version} · {t(`about.host.${host.kind}`)} · {host.platform}
        </dd>
        <dt>{t('about.dataDir')}</dt>
        <dd className="with-copy">
          <code>{host.dataDir}</code>
          <CopyButton text={host.dataDir} name={t('about.copyDataDir')} />
        </dd>
        <dt>{t('about.sandbox')}</dt>
        <dd>
          {host.sandbox.state === 'available'
            ? `${host.sandbox.backend} ${host.sandbox.version}`
            : host.sandbox.state === 'checking'
              ? t('checking')
              : host.sandbox.reason}
        </dd>
        <dt>{t('about.terminals')}</dt>
        <dd>
          {host.terminals.state === 'available'
            ? t('about.terminals.available')
            : t('about.terminals.unavailable', { reason: host.terminals.reason })}
        </dd>
      </dl>
    </section>
  );
}
