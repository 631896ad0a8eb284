import { z } from 'zod';
import { variableNameSchema } from '../../../shared/model/credential.ts';
import { dialectSchema } from '../../../shared/model/provider.ts';
import { KEY_CHARS } from './key-redaction.ts';

/** The kind of secret in a variable. `plain` is no secret: a region, a resource's name, a path. */
const secretKindSchema = z.enum(['api-key', 'oauth-token', 'bearer']);

const variableSchema = z.object({
  name: variableNameSchema,
  kind: z.enum([...secretKindSchema.options, 'plain']),
  /** The provider's terms for such a credential; the sentence is the locale key `policy.<this>`. */
  policy: z
    .string()
    .regex(/^[a-z][a-z-]*$/)
    .optional(),
});
export type ProviderVariable = z.infer<typeof variableSchema>;

const headersSchema = z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.string());

/** How a value is sent: `raw` stands alone in the header, `Bearer` after that word. */
const authSchema = z.object({
  header: z.string().regex(/^[A-Za-z][A-Za-z-]*$/),
  scheme: z.enum(['raw', 'Bearer']),
  headers: headersSchema.default({}),
});

/** An https address, or http on this machine. `{VARIABLE}` stands for the value of one of the provider's variables. */
const addressSchema = z.string().regex(/^(https:\/\/|http:\/\/127\.0\.0\.1:)[^\s?#]*[^\s?#/]$/);

/** An id of an OAuth client; it is public (RFC 6749 §2.2). */
export const clientIdSchema = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/);

/** In the browser, with a redirect to this machine. */
const browserLoginSchema = z.strictObject({
  flow: z.literal('browser'),
  /** The variable under which the token is stored. */
  variable: variableNameSchema,
  authorizationUrl: addressSchema,
  tokenUrl: addressSchema,
  /** `oauth`: RFC 6749 with PKCE. `key-for-code`: JSON, without a client, and the answer is a lasting key. */
  form: z.enum(['oauth', 'key-for-code']),
  redirect: z.strictObject({
    /** The host as it stands in the redirect address, and as the browser has to name it. */
    host: z.enum(['localhost', '127.0.0.1']),
    port: z.number().int().min(1024).max(65535),
    /** True when another port will do where this one is taken. */
    anyPort: z.boolean(),
    path: z.string().regex(/^(\/[a-z0-9-]+)+$/),
  }),
  scopes: z.array(z.string()).default([]),
  clientId: clientIdSchema.optional(),
  /** Where a client is registered, for a provider without `clientId`. */
  registerPage: z.url().optional(),
});
export type BrowserLogin = z.infer<typeof browserLoginSchema>;

/** With a code that is typed on the provider's page (RFC 8628). */
const deviceLoginSchema = z.strictObject({
  flow: z.literal('device'),
  variable: variableNameSchema,
  deviceUrl: addressSchema,
  tokenUrl: addressSchema,
  scopes: z.array(z.string()).default([]),
  clientId: clientIdSchema.optional(),
  registerPage: z.url().optional(),
});
export type DeviceLogin = z.infer<typeof deviceLoginSchema>;

const loginSchema = z.discriminatedUnion('flow', [browserLoginSchema, deviceLoginSchema]);
export type Login = z.infer<typeof loginSchema>;

const statusSchema = z.number().int().min(300).max(599);

/** A status of any kind, with a text that its body holds. Blanks do not count: JSON is written with and without. */
const answerSchema = z.strictObject({ status: z.number().int().min(200).max(599), contains: z.string().min(4) });
export type TellingAnswer = z.infer<typeof answerSchema>;

/** Below the base URL of a dialect, so that the user's own endpoint is asked; or an address of its own. */
const requestAddressSchema = z.union([
  z.strictObject({ dialect: dialectSchema, path: z.string().regex(/^\/\S+$/) }),
  z.strictObject({ url: addressSchema }),
]);

/** A request that costs nothing and tells whether a credential is alive. Absent: there is none. */
const livenessSchema = z.object({
  at: requestAddressSchema,
  dead: z.array(statusSchema).default([401, 403]),
  /** Real, but not allowed everything. */
  limited: z.array(statusSchema).default([]),
  deadBodies: z.array(answerSchema).default([]),
  /** Real, but the account has nothing left to spend. */
  noCreditBodies: z.array(answerSchema).default([]),
  /** For these kinds of credential it says something; absent: for all. */
  kinds: z.array(secretKindSchema).optional(),
});
export type Liveness = z.infer<typeof livenessSchema>;

/** Where the provider lists its models, and how that list looks. Absent: it has none of use. */
const modelListSchema = z.strictObject({
  at: requestAddressSchema,
  /** Below which key the entries are; absent: the answer is the list itself. */
  list: z.string().min(1).optional(),
  /** Keys of an entry. */
  id: z.string().min(1).default('id'),
  name: z.string().min(1).optional(),
  /** The prefix of each id, which agents leave out. */
  idPrefix: z.string().min(1).optional(),
  /** An entry that has this key counts only when its value is, or holds, this one. */
  only: z.strictObject({ key: z.string().min(1), has: z.string().min(1) }).optional(),
  /** The kinds of credential that are accepted; absent: every kind. */
  kinds: z.array(secretKindSchema).optional(),
});
export type ModelList = z.infer<typeof modelListSchema>;

const keyShapeSchema = z.strictObject({
  /** A whole token, anchored. */
  pattern: z.string().regex(/^\^.*\$$/),
  kind: secretKindSchema,
  /** The literal start by which a cut or misplaced token is recognised, and masked in logs. */
  prefix: z.string().min(3),
  /** A token that is shorter was cut. */
  minLength: z.number().int().min(10),
  /** The length of a present-day token, where it is known. */
  length: z.number().int().optional(),
  /** Characters of a token, as in a character class. */
  chars: z.string().default(KEY_CHARS),
});

/**
 * A file of `resources/providers/`: everything that Perch knows of a provider. The file's name is the provider's id.
 */
export const providerFileSchema = z
  .strictObject({
    /** For editors: where the JSON schema of this file is. */
    $schema: z.string().optional(),
    name: z.string().min(1),
    credentialRequired: z.boolean().default(true),
    variables: z.array(variableSchema),
    /** Each one complete in itself, best first. */
    alternatives: z.array(z.array(variableNameSchema).min(1)),
    auth: z.partialRecord(secretKindSchema, authSchema),
    headers: headersSchema.default({}),
    /** Bases: `anthropic-messages` without /v1, openai-* with the version, `gemini` without /v1beta. */
    endpoints: z.partialRecord(dialectSchema, addressSchema),
    liveness: livenessSchema.optional(),
    modelList: modelListSchema.optional(),
    /** Signing in instead of pasting. Absent: there is no such way. */
    login: loginSchema.optional(),
    keyShapes: z.array(keyShapeSchema),
    keyPage: z.url().optional(),
    billingPage: z.url().optional(),
    docs: z.url(),
    /** The provider's ids at models.dev, past and present, which hold its models, limits and prices. */
    modelsDev: z.array(z.string().min(1)).default([]),
    /** Examples for the picker, where models.dev has nothing. */
    models: z.array(z.string().min(1)),
    /** Which model ids are this provider's own; `*` stands for anything. */
    ownedModels: z.array(z.string().min(2)),
  })
  .superRefine((file, context) => {
    for (const problem of contradictions(file)) context.addIssue({ code: 'custom', ...problem });
  });
export type ProviderFile = z.infer<typeof providerFileSchema>;

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

function* contradictions(file: {
  credentialRequired: boolean;
  variables: ProviderVariable[];
  alternatives: string[][];
  auth: object;
  endpoints: Partial<Record<string, string>>;
  liveness?: Liveness | undefined;
  modelList?: ModelList | undefined;
  login?: Login | undefined;
  keyShapes: { pattern: string; prefix: string; kind: string }[];
}): Iterable<Problem> {
  const names = new Set(file.variables.map((variable) => variable.name));
  if (names.size < file.variables.length) yield { path: ['variables'], message: 'a name stands twice' };
  if (file.credentialRequired && file.alternatives.length === 0) {
    yield { path: ['alternatives'], message: 'a credential is required, but no alternative is given' };
  }
  for (const [index, alternative] of file.alternatives.entries()) {
    for (const name of alternative) {
      if (!names.has(name)) yield { path: ['alternatives', index], message: `${name} is not among the variables` };
    }
  }
  if (Object.keys(file.endpoints).length === 0) yield { path: ['endpoints'], message: 'none is given' };
  for (const [dialect, address] of Object.entries(file.endpoints)) {
    for (const [, name] of address?.matchAll(/\{([^}]*)\}/g) ?? []) {
      if (!names.has(name ?? '')) yield { path: ['endpoints', dialect], message: `${name} is not among the variables` };
    }
  }
  for (const request of ['liveness', 'modelList'] as const) {
    const at = file[request]?.at;
    if (at !== undefined && 'dialect' in at && file.endpoints[at.dialect] === undefined) {
      yield { path: [request, 'at', 'dialect'], message: `there is no endpoint for ${at.dialect}` };
    }
  }
  if (file.login !== undefined && !names.has(file.login.variable)) {
    yield { path: ['login', 'variable'], message: `${file.login.variable} is not among the variables` };
  }
  if (file.liveness !== undefined) yield* livenessContradictions(file.liveness);
  for (const [index, shape] of file.keyShapes.entries()) {
    if (!isRegExp(shape.pattern)) yield { path: ['keyShapes', index, 'pattern'], message: 'not a regular expression' };
    if (!Object.hasOwn(file.auth, shape.kind)) {
      yield { path: ['keyShapes', index, 'kind'], message: `auth does not say how a ${shape.kind} is sent` };
    }
  }
}

function* livenessContradictions({ dead, limited }: Liveness): Iterable<Problem> {
  for (const status of limited) {
    if (dead.includes(status)) yield { path: ['liveness', 'limited'], message: `${status} is dead as well` };
  }
  // Left out, a refusal would pass for an answer of a credential that is alive.
  for (const status of [401, 403]) {
    if (dead.includes(status) || limited.includes(status)) continue;
    yield { path: ['liveness', 'dead'], message: `${status} is neither dead nor limited` };
  }
}

function isRegExp(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
