import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { epochMsSchema } from './ids.ts';

/** Where the password of the user's proxy is kept. It is never shown. */
const PASSWORD_PLACES = ['none', 'keychain', 'session-only'] as const;

/** The proxy of the user's network. `url`: scheme, host and port, and nothing else. */
const ownProxySchema = z.object({
  url: z.string(),
  userName: z.string().optional(),
  password: z.enum(PASSWORD_PLACES),
  /** Exceptions in the form of `canonicalException`. */
  exceptions: z.array(z.string()),
});
export type OwnProxy = z.infer<typeof ownProxySchema>;

const foundCertificateSchema = z.object({ subject: z.string(), expiresAt: epochMsSchema });

/** The user's own certificate authority, as its file is now. `problem`: why no session can start and nothing be asked. */
const ownCertificatesSchema = z.object({
  file: z.string(),
  found: z.array(foundCertificateSchema),
  problem: wireErrorSchema.optional(),
});

/** How this machine gets out. Absent: nothing is in between. */
export const networkViewSchema = z.object({
  proxy: ownProxySchema.optional(),
  certificates: ownCertificatesSchema.optional(),
});
export type NetworkView = z.infer<typeof networkViewSchema>;

/** The login shell's proxy and certificates. Nothing of it is in effect. The password stays in the core. */
export const detectedNetworkSchema = z.object({
  shell: z.string(),
  proxy: z
    .object({
      url: z.string(),
      userName: z.string().optional(),
      hasPassword: z.boolean(),
      exceptions: z.array(z.string()),
    })
    .optional(),
  certificateFile: z.string().optional(),
});
export type DetectedNetwork = z.infer<typeof detectedNetworkSchema>;
