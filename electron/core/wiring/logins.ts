import de from '../../../resources/locales/de/notifications.json' with { type: 'json' };
import en from '../../../resources/locales/en/notifications.json' with { type: 'json' };
import fr from '../../../resources/locales/fr/notifications.json' with { type: 'json' };
import { languagesOf, resolveLocale } from '../../../shared/i18n/locale.ts';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { createLoginService, type LoginService } from '../credentials/logins/login-service.ts';
import type { HostPorts } from '../ports.ts';
import type { Access } from './open-access.ts';
import type { AgentParts } from './open-agents.ts';
import type { Storage } from './open-storage.ts';

const MESSAGES = { en, de, fr };

/** Sign-ins at providers, joined to the core: what they bring is checked at once, as what is pasted is. */
export function createLogins(options: {
  ports: Pick<HostPorts, 'clock' | 'random' | 'environment'>;
  services: Pick<Access, 'credentials' | 'fetch'> &
    Pick<AgentParts, 'checks'> &
    Pick<Storage, 'registry' | 'settings' | 'redactor'>;
}): LoginService {
  const { clock, random, environment } = options.ports;
  const { credentials, checks, registry, settings, redactor, fetch } = options.services;
  return createLoginService({
    registry,
    credentials: {
      checkHealth: credentials.checkHealth,
      async setRenewable(params) {
        const done = await credentials.setRenewable(params);
        checks.stored(done.credential);
        return done;
      },
    },
    clock,
    random,
    fetch,
    mask: redactor.add,
    page() {
      const locale = resolveLocale(settings.get().locale, languagesOf(environment));
      const t = createTranslator(MESSAGES[locale]);
      return { locale, title: t('login-page.title'), body: t('login-page.body') };
    },
  });
}
