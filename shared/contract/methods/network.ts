import { z } from 'zod';
import { providerIdSchema } from '../../model/ids.ts';
import { detectedNetworkSchema, networkViewSchema } from '../../model/network.ts';
import { method, nothing } from './method.ts';

const answer = z.object({ network: networkViewSchema });

/** The proxy of the user's network, and the user's own certificate authority: for Perch itself and for its sessions. */
export const networkMethods = {
  'network.get': method(nothing, answer),
  /**
   * `password.from`: `kept` only while address and user name stay the same; `detected` is what `network.detect` found
   * last. Once set the password is never shown.
   * PROXY_ADDRESS_INVALID, PROXY_EXCEPTION_INVALID, PROXY_PASSWORD_GONE, KEYCHAIN_*
   */
  'network.setProxy': method(
    z.object({
      url: z.string().max(500),
      userName: z.string().max(200).optional(),
      password: z.discriminatedUnion('from', [
        z.object({ from: z.literal('none') }),
        z.object({ from: z.literal('kept') }),
        z.object({ from: z.literal('typed'), value: z.string().min(1).max(1000) }),
        z.object({ from: z.literal('detected') }),
      ]),
      storage: z.enum(['keychain', 'session-only']),
      exceptions: z.array(z.string().max(300)).max(200),
    }),
    answer,
  ),
  /** KEYCHAIN_*: then it is still there, with its password. */
  'network.removeProxy': method(nothing, answer),
  /** CA_FILE_UNREADABLE, CA_FILE_INVALID */
  'network.setCertificates': method(z.object({ file: z.string().min(1).max(4096) }), answer),
  'network.removeCertificates': method(nothing, answer),
  /** Asks the login shell. IMPORT_SHELL_*, PROXY_ADDRESS_INVALID */
  'network.detect': method(nothing, detectedNetworkSchema),
  /**
   * Asks a provider's address for anything, without a credential: whatever it answers, the way there is open.
   * PROXY_REFUSED_CREDENTIAL, PROXY_UNREACHABLE, PROXY_CERTIFICATE_NOT_TRUSTED, PROXY_REFUSED_HOST,
   * CERTIFICATE_NOT_TRUSTED, CERTIFICATE_EXPIRED, CERTIFICATE_FOR_ANOTHER_HOST, HOST_UNREACHABLE
   */
  'network.check': method(
    z.object({ providerId: providerIdSchema }),
    z.object({ host: z.string(), way: z.enum(['proxy', 'direct']), status: z.number().int() }),
  ),
} as const;
