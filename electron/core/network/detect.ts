import { defined } from '../../../shared/defined.ts';
import { canonicalException } from '../../../shared/egress/exceptions.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { DetectedNetwork } from '../../../shared/model/network.ts';
import { parseHost } from '../../node/parse-host.ts';
import { askLoginShell, type LoginShell } from '../machine/login-shell/ask.ts';
import { parseProxyAddress } from './address.ts';

const LIMIT_MS = 5000;
/** The first that says something is used. */
const PROXY_NAMES = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'] as const;
const CERTIFICATE_NAMES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;

interface Detected {
  readonly shown: DetectedNetwork;
  readonly password: string | undefined;
}

/**
 * The proxy and the certificates in the login shell's environment.
 * @throws PerchError IMPORT_SHELL_MISSING, IMPORT_SHELL_TIMEOUT, IMPORT_SHELL_FAILED, PROXY_ADDRESS_INVALID
 */
export async function detectNetwork(loginShell: LoginShell): Promise<Detected> {
  const answer = await askLoginShell(loginShell, LIMIT_MS);
  if (answer.kind === 'environment') return detected(answer.shell, answer.values);
  if (answer.kind === 'no-shell') throw new PerchError('IMPORT_SHELL_MISSING');
  const { shell, kind } = answer;
  if (kind === 'timeout') throw new PerchError('IMPORT_SHELL_TIMEOUT', { shell, seconds: LIMIT_MS / 1000 });
  throw new PerchError('IMPORT_SHELL_FAILED', { shell });
}

export function detected(shell: string, values: Readonly<Record<string, string>>): Detected {
  const read = (name: string): string => values[name] || values[name.toLowerCase()] || '';
  const address = PROXY_NAMES.map(read).find((value) => value !== '');
  const file = CERTIFICATE_NAMES.map(read).find((value) => value !== '');
  const given = address === undefined ? undefined : parseProxyAddress(address);
  const exceptions = read('NO_PROXY')
    .split(/[\s,]+/)
    .flatMap((text) => canonicalException(text, parseHost) ?? []);
  return {
    shown: {
      shell,
      ...(given && {
        proxy: {
          url: given.url,
          ...defined({ userName: given.userName }),
          hasPassword: given.password !== undefined,
          exceptions: [...new Set(exceptions)],
        },
      }),
      ...defined({ certificateFile: file }),
    },
    password: given?.password,
  };
}
