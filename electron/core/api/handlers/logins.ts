import type { LoginService } from '../../credentials/logins/login-service.ts';
import type { HandlersOf } from './namespace.ts';

export function loginHandlers(logins: Pick<LoginService, 'start' | 'cancel' | 'list'>): HandlersOf<'logins'> {
  return {
    'logins.start': (params) => logins.start(params),
    'logins.cancel': async (params) => {
      logins.cancel(params);
      return {};
    },
    'logins.list': async () => ({ logins: logins.list() }),
  };
}
