import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';

type Answer<M extends MethodName> = (params: Params<M>) => Result<M>;

/** A company's network, with a proxy that asks for a password. */
export const CORPORATE: AppState['network'] = {
  proxy: {
    url: 'http://proxy.corporate.example.com:3128',
    userName: 'ada',
    password: 'keychain',
    exceptions: ['*.corporate.example.com', '10.0.0.0/8'],
  },
  certificates: {
    file: '/etc/ssl/corporate-root.pem',
    found: [
      { subject: 'Corporate Root CA G2', expiresAt: Date.UTC(2034, 4, 1) },
      { subject: 'Corporate Root CA of former days', expiresAt: Date.UTC(2021, 4, 1) },
    ],
  },
};

export const BROKEN_CERTIFICATES: AppState['network'] = {
  certificates: {
    file: '/media/usb/a-folder-with-a-long-name/that-is-not-there-any-more/corporate-root-certificate.pem',
    found: [],
    problem: {
      code: 'CA_FILE_UNREADABLE',
      values: { file: '/media/usb/…/corporate-root-certificate.pem', reason: 'ENOENT' },
    },
  },
};

export function networkAnswers(get: () => AppState | null): {
  [M in 'network.detect' | 'network.check' | 'network.setProxy']: Answer<M>;
} {
  return {
    'network.detect': () => ({
      shell: '/bin/zsh',
      proxy: {
        url: 'http://proxy.corporate.example.com:3128',
        userName: 'ada',
        hasPassword: true,
        exceptions: ['*.internal'],
      },
      certificateFile: '/etc/ssl/corporate-root.pem',
    }),
    'network.check': () => {
      if (get()?.network.proxy === undefined) return { host: 'api.anthropic.com', way: 'direct', status: 404 };
      throw new PerchError('PROXY_REFUSED_CREDENTIAL', { proxy: 'proxy.corporate.example.com:3128' });
    },
    'network.setProxy': ({ url }) => {
      throw new PerchError('PROXY_ADDRESS_INVALID', { address: url });
    },
  };
}
