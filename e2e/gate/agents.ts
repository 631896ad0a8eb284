import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Row } from './rows.ts';

interface Wanted {
  readonly dialect: string;
  /** Alternatives of variables. */
  readonly credentials: readonly (readonly string[])[];
  /** Whether it can sign in by itself. */
  readonly login?: true;
}

/** One agent a provider, so that each is derived. All of them run the demo agent's program. */
const PROVIDERS: Readonly<Record<string, Wanted>> = {
  openai: { dialect: 'openai-responses', credentials: [['OPENAI_API_KEY']] },
  anthropic: { dialect: 'anthropic-messages', credentials: [['ANTHROPIC_API_KEY'], ['CLAUDE_CODE_OAUTH_TOKEN']] },
  google: { dialect: 'gemini', credentials: [['GEMINI_API_KEY']] },
  'azure-openai': { dialect: 'openai-responses', credentials: [['AZURE_API_KEY', 'AZURE_RESOURCE_NAME']] },
  mistral: { dialect: 'openai-chat', credentials: [['MISTRAL_API_KEY']], login: true },
  ollama: { dialect: 'openai-chat', credentials: [] },
  'ollama-cloud': { dialect: 'openai-chat', credentials: [['OLLAMA_API_KEY']] },
};

export const agentIdFor = (providerId: string): string => `acme-${providerId}`;

const LOGIN_FILE = '.acme/auth.json';

const loginOf = (providerId: string) => ({
  name: 'Acme',
  providers: { [providerId]: 'acme' },
  ways: [{ wayId: 'own', args: ['login'] }],
  status: { kind: 'file', path: LOGIN_FILE },
  files: [LOGIN_FILE],
});

/** Leaves what the agent's own sign-in would have left. */
export function leaveLogin(dataDir: string, { providerId, ownLogin }: Pick<Row, 'providerId' | 'ownLogin'>): void {
  if (ownLogin === undefined) return;
  const file = join(dataDir, 'agents', agentIdFor(providerId), 'home', LOGIN_FILE);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const texts = { 'signed-in': '{"acme": {"type": "oauth"}}', 'signed-out': '{}', unclear: 'half of a' };
  writeFileSync(file, texts[ownLogin], { mode: 0o600 });
}

/** Adds them to a folder of resources. */
export function addAgents(resourcesDir: string): void {
  const demo: object = JSON.parse(readFileSync(join(resourcesDir, 'agents', 'demo.json'), 'utf8'));
  for (const [providerId, { dialect, credentials, login }] of Object.entries(PROVIDERS)) {
    const agentId = agentIdFor(providerId);
    const providers = [{ providerId, dialect, credentials: credentials.map((variables) => ({ variables })) }];
    const agent = {
      ...demo,
      agentId,
      name: `Acme ${providerId}`,
      demo: false,
      providers,
      modes: { byo: {}, managed: { webTools: [] } },
      ...(login && { login: loginOf(providerId) }),
    };
    writeFileSync(join(resourcesDir, 'agents', `${agentId}.json`), JSON.stringify(agent));
  }
}
