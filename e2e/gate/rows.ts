import type { AgentAuthPatch } from '../../shared/model/auth.ts';

/** One request to the fake provider, answered so. `never`: the request is left hanging. */
export type Answer =
  | { readonly status: number; readonly body?: string; readonly location?: 'elsewhere' }
  | 'never'
  | 'no-listener';

export interface StoredCredential {
  readonly providerId: string;
  readonly variable: string;
  /** `project` and `agent` are those of the turn. */
  readonly scope: 'global' | 'project' | 'agent';
  /** Its end has passed. */
  readonly expired?: true;
  /** Which of the values: the fake refuses a dead one, whatever the row's answer is. */
  readonly value?: 'good' | 'dead' | 'two-lines' | 'plain';
}

export interface Row {
  readonly name: string;
  /** The one provider of the agent that the row starts: see `agents.ts`. */
  readonly providerId: string;
  readonly stored: readonly StoredCredential[];
  readonly keychain?: 'unreadable' | 'locked';
  /** As it is set for the agent; absent: by default. */
  readonly auth?: AgentAuthPatch;
  /** What the file of the agent's own login says. Absent: there is no such file. */
  readonly ownLogin?: 'signed-in' | 'signed-out' | 'unclear';
  /** Absent: 200. */
  readonly answer?: Answer;
  /** Variables that the host exports. */
  readonly exported?: readonly string[];
  readonly expected: Allowed | Refused;
  /** Whether anything is sent to the provider; absent: yes. `perhaps`: when it was stored, not when it was to be used. */
  readonly asked?: 'never' | 'perhaps';
}

interface Allowed {
  readonly start: 'allowed';
  /** Names in the session's environment. */
  readonly has: readonly string[];
  /** Names that are not. */
  readonly hasNot?: readonly string[];
  /** The sentences of the notices that are about the credential. */
  readonly notices: readonly string[];
}

interface Refused {
  readonly start: 'refused';
  readonly code: string;
  readonly sentence: string;
}

const allowed = (has: readonly string[], ...notices: string[]): Allowed => ({ start: 'allowed', has, notices });
const refused = (code: string, sentence: string): Refused => ({ start: 'refused', code, sentence });

const KEY: StoredCredential = { providerId: 'openai', variable: 'OPENAI_API_KEY', scope: 'global' };
const GEMINI: StoredCredential = { providerId: 'google', variable: 'GEMINI_API_KEY', scope: 'global' };
const AZURE: StoredCredential = { providerId: 'azure-openai', variable: 'AZURE_API_KEY', scope: 'global' };
const SESSION = ['OPENAI_API_KEY'];

const missing = (agent: string, provider: string, providerId: string, variables: string): Refused =>
  refused(
    'MISSING_BYOK_CREDENTIAL',
    `${agent} needs a credential for ${provider}: ${variables}. Paste one in Settings → Credentials, or run: perch credentials set ${providerId}`,
  );
const invalid = (provider: string, providerId: string, variable: string): Refused =>
  refused(
    'BYOK_CREDENTIAL_INVALID',
    `${provider} does not accept the credential in ${variable}. Paste a valid one in Settings → Credentials, or run: perch credentials set ${providerId}`,
  );
const unchecked = (why: string) => `Perch could not check OPENAI_API_KEY, because ${why} The session starts anyway.`;

/** A row says which credential is stored, how the provider answers to it, and how a session of it ends. */
export const ROWS: readonly Row[] = [
  {
    name: 'no key',
    providerId: 'openai',
    stored: [],
    asked: 'never',
    expected: missing('Acme openai', 'OpenAI', 'openai', 'OPENAI_API_KEY'),
  },
  {
    name: 'no key, and one that the host exports',
    providerId: 'openai',
    stored: [],
    exported: ['OPENAI_API_KEY'],
    asked: 'never',
    expected: missing('Acme openai', 'OpenAI', 'openai', 'OPENAI_API_KEY'),
  },
  {
    name: 'the key of another provider',
    providerId: 'anthropic',
    stored: [KEY],
    asked: 'never',
    expected: missing('Acme anthropic', 'Anthropic', 'anthropic', 'ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN'),
  },
  {
    name: 'half of a set of two',
    providerId: 'azure-openai',
    stored: [AZURE],
    asked: 'perhaps',
    expected: missing('Acme azure-openai', 'Azure OpenAI', 'azure-openai', 'AZURE_API_KEY + AZURE_RESOURCE_NAME'),
  },
  {
    name: 'both of a set of two',
    providerId: 'azure-openai',
    stored: [AZURE, { ...AZURE, variable: 'AZURE_RESOURCE_NAME', value: 'plain' }],
    expected: allowed(['AZURE_API_KEY', 'AZURE_RESOURCE_NAME']),
  },
  ...(['global', 'project', 'agent'] as const).map(
    (scope): Row => ({
      name: `the right key, scope ${scope}`,
      providerId: 'openai',
      stored: [{ ...KEY, scope }],
      expected: allowed(SESSION),
    }),
  ),
  {
    name: 'a dead key for the project above a good one for everything',
    providerId: 'openai',
    stored: [KEY, { ...KEY, scope: 'project', value: 'dead' }],
    expected: invalid('OpenAI', 'openai', 'OPENAI_API_KEY'),
  },
  {
    name: 'a good key for the agent above a dead one for everything',
    providerId: 'openai',
    stored: [
      { ...KEY, value: 'dead' },
      { ...KEY, scope: 'agent' },
    ],
    expected: allowed(SESSION),
  },
  {
    name: 'an expired key for the agent above a good one for everything',
    providerId: 'openai',
    stored: [KEY, { ...KEY, scope: 'agent', value: 'dead', expired: true }],
    expected: allowed(SESSION),
  },
  {
    name: 'an expired key of the variable that comes first',
    providerId: 'anthropic',
    stored: [
      { providerId: 'anthropic', variable: 'ANTHROPIC_API_KEY', scope: 'agent', value: 'dead', expired: true },
      { providerId: 'anthropic', variable: 'CLAUDE_CODE_OAUTH_TOKEN', scope: 'global' },
    ],
    asked: 'never',
    expected: {
      ...allowed(
        ['CLAUDE_CODE_OAUTH_TOKEN'],
        'Perch did not check CLAUDE_CODE_OAUTH_TOKEN: Anthropic has no check for this kind of token.',
      ),
      hasNot: ['ANTHROPIC_API_KEY'],
    },
  },
  {
    name: 'nothing but expired keys',
    providerId: 'openai',
    stored: [
      { ...KEY, expired: true },
      { ...KEY, scope: 'project', expired: true },
    ],
    asked: 'never',
    expected: refused(
      'CREDENTIAL_EXPIRED',
      'The credential for OpenAI in OPENAI_API_KEY has expired. Paste a new one or sign in again in Settings → Credentials, or run: perch credentials set openai',
    ),
  },
  {
    name: 'a stored key while the host exports another',
    providerId: 'openai',
    stored: [KEY],
    exported: ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'],
    expected: { start: 'allowed', has: SESSION, hasNot: ['ANTHROPIC_API_KEY'], notices: [] },
  },
  {
    name: 'no key is needed',
    providerId: 'ollama',
    stored: [],
    asked: 'never',
    expected: allowed([]),
  },
  {
    name: 'the agent’s own login',
    providerId: 'mistral',
    stored: [],
    ownLogin: 'signed-in',
    asked: 'never',
    expected: { start: 'allowed', has: [], hasNot: ['MISTRAL_API_KEY'], notices: [] },
  },
  {
    name: 'the agent’s own login, signed out',
    providerId: 'mistral',
    stored: [],
    ownLogin: 'signed-out',
    asked: 'never',
    expected: refused(
      'MISSING_BYOK_CREDENTIAL',
      'Acme mistral is not signed in, and has no key for Mistral (MISTRAL_API_KEY). Sign in or paste a key in Perch, or run: perch agents login acme-mistral, or: perch credentials set mistral',
    ),
  },
  {
    name: 'the agent’s own login, which could not be checked',
    providerId: 'mistral',
    stored: [],
    ownLogin: 'unclear',
    asked: 'never',
    expected: refused(
      'OWN_LOGIN_COULD_NOT_CHECK',
      'Perch could not check whether Acme mistral is still signed in: unreadable file. Check again, sign in again, or paste an API key for Mistral in Settings → Credentials.',
    ),
  },
  {
    name: 'a stored key above the agent’s own login',
    providerId: 'mistral',
    stored: [{ providerId: 'mistral', variable: 'MISTRAL_API_KEY', scope: 'global' }],
    ownLogin: 'signed-in',
    expected: allowed(['MISTRAL_API_KEY']),
  },
  {
    name: 'a dead key above the agent’s own login',
    providerId: 'mistral',
    stored: [{ providerId: 'mistral', variable: 'MISTRAL_API_KEY', scope: 'global' }],
    ownLogin: 'signed-in',
    answer: { status: 401 },
    expected: invalid('Mistral', 'mistral', 'MISTRAL_API_KEY'),
  },
  {
    name: 'a value that the keychain does not have',
    providerId: 'openai',
    stored: [KEY],
    keychain: 'unreadable',
    asked: 'perhaps',
    expected: refused(
      'CREDENTIAL_UNREADABLE',
      'Perch cannot read the value of the credential OPENAI_API_KEY from the keychain. Paste it again in Settings → Credentials, or run: perch credentials set openai',
    ),
  },
  {
    name: 'a locked keychain',
    providerId: 'openai',
    stored: [KEY],
    keychain: 'locked',
    asked: 'perhaps',
    expected: refused('KEYCHAIN_LOCKED', 'The keychain is locked. Unlock it and try again.'),
  },
  { name: '200', providerId: 'openai', stored: [KEY], answer: { status: 200 }, expected: allowed(SESSION) },
  { name: '400', providerId: 'openai', stored: [KEY], answer: { status: 400 }, expected: allowed(SESSION) },
  {
    name: '400 of Google with a dead body',
    providerId: 'google',
    stored: [GEMINI],
    answer: { status: 400, body: '{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}' },
    expected: invalid('Google Gemini', 'google', 'GEMINI_API_KEY'),
  },
  {
    name: '401',
    providerId: 'openai',
    stored: [KEY],
    answer: { status: 401 },
    expected: invalid('OpenAI', 'openai', 'OPENAI_API_KEY'),
  },
  {
    name: '403',
    providerId: 'google',
    stored: [GEMINI],
    answer: { status: 403 },
    expected: invalid('Google Gemini', 'google', 'GEMINI_API_KEY'),
  },
  {
    name: '403 of a provider where it means limited',
    providerId: 'openai',
    stored: [KEY],
    answer: { status: 403 },
    expected: allowed(
      SESSION,
      'OpenAI accepts OPENAI_API_KEY, but with limited permissions (403): some requests may fail.',
    ),
  },
  {
    name: '402',
    providerId: 'openai',
    stored: [KEY],
    answer: { status: 402 },
    expected: allowed(
      SESSION,
      'OpenAI reports that the account of OPENAI_API_KEY has no credit left: requests fail until you add credit there.',
    ),
  },
  { name: '404', providerId: 'openai', stored: [KEY], answer: { status: 404 }, expected: allowed(SESSION) },
  {
    name: '429',
    providerId: 'openai',
    stored: [KEY],
    answer: { status: 429 },
    expected: allowed(
      SESSION,
      'OpenAI reports that OPENAI_API_KEY reached a limit (429): requests may be refused for now.',
    ),
  },
  {
    name: '500',
    providerId: 'openai',
    stored: [KEY],
    answer: { status: 500 },
    expected: allowed(SESSION, unchecked('OpenAI is having problems (500).')),
  },
  {
    name: 'no answer in time',
    providerId: 'openai',
    stored: [KEY],
    answer: 'never',
    expected: allowed(SESSION, unchecked('OpenAI did not answer in time.')),
  },
  {
    name: 'a refused connection',
    providerId: 'openai',
    stored: [KEY],
    answer: 'no-listener',
    asked: 'never',
    expected: allowed(SESSION, unchecked('it cannot reach OpenAI (ECONNREFUSED).')),
  },
  {
    name: 'a redirect',
    providerId: 'openai',
    stored: [KEY],
    answer: { status: 307, location: 'elsewhere' },
    expected: allowed(
      SESSION,
      'Perch did not check OPENAI_API_KEY: the address for OpenAI redirects elsewhere (307), and Perch sends no token there. The session starts anyway.',
    ),
  },
  {
    name: 'a subscription token',
    providerId: 'anthropic',
    stored: [{ providerId: 'anthropic', variable: 'CLAUDE_CODE_OAUTH_TOKEN', scope: 'global' }],
    asked: 'never',
    expected: allowed(
      ['CLAUDE_CODE_OAUTH_TOKEN'],
      'Perch did not check CLAUDE_CODE_OAUTH_TOKEN: Anthropic has no check for this kind of token.',
    ),
  },
  {
    name: 'a public list of models',
    providerId: 'ollama-cloud',
    stored: [{ providerId: 'ollama-cloud', variable: 'OLLAMA_API_KEY', scope: 'global' }],
    asked: 'never',
    expected: allowed(
      ['OLLAMA_API_KEY'],
      'Perch did not check OLLAMA_API_KEY: Ollama Cloud has no request that checks it free of charge.',
    ),
  },
  {
    name: 'a value that wrapped',
    providerId: 'openai',
    stored: [{ ...KEY, value: 'two-lines' }],
    asked: 'never',
    // No header can carry it, so that no provider has to be asked.
    expected: invalid('OpenAI', 'openai', 'OPENAI_API_KEY'),
  },
  {
    name: 'managed, with a good key at hand',
    providerId: 'openai',
    stored: [KEY, { ...KEY, scope: 'project' }],
    auth: { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['gpt-5'] },
    asked: 'perhaps',
    expected: refused(
      'GATEWAY_NOT_BUILT',
      'Acme openai is set to “managed”. That mode needs Perch’s own gateway, which does not exist yet. Switch Acme openai to your own credential.',
    ),
  },
  {
    name: 'managed, without any key: that is not what is in the way',
    providerId: 'openai',
    stored: [],
    auth: { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['gpt-5'] },
    asked: 'never',
    expected: refused(
      'GATEWAY_NOT_BUILT',
      'Acme openai is set to “managed”. That mode needs Perch’s own gateway, which does not exist yet. Switch Acme openai to your own credential.',
    ),
  },
];
