import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Wanted {
  readonly dialect: string;
  /** Alternatives of variables. */
  readonly credentials: readonly (readonly string[])[];
}

/** One agent a provider, so that each is derived. All of them run the demo agent's program. */
const PROVIDERS: Readonly<Record<string, Wanted>> = {
  openai: { dialect: 'openai-responses', credentials: [['OPENAI_API_KEY']] },
  anthropic: { dialect: 'anthropic-messages', credentials: [['ANTHROPIC_API_KEY'], ['CLAUDE_CODE_OAUTH_TOKEN']] },
  google: { dialect: 'gemini', credentials: [['GEMINI_API_KEY']] },
  'azure-openai': { dialect: 'openai-responses', credentials: [['AZURE_API_KEY', 'AZURE_RESOURCE_NAME']] },
  ollama: { dialect: 'openai-chat', credentials: [] },
  'ollama-cloud': { dialect: 'openai-chat', credentials: [['OLLAMA_API_KEY']] },
};

export const agentIdFor = (providerId: string): string => `acme-${providerId}`;

/** Adds them to a folder of resources. */
export function addAgents(resourcesDir: string): void {
  const demo: object = JSON.parse(readFileSync(join(resourcesDir, 'agents', 'demo.json'), 'utf8'));
  for (const [providerId, { dialect, credentials }] of Object.entries(PROVIDERS)) {
    const agentId = agentIdFor(providerId);
    const providers = [{ providerId, dialect, credentials: credentials.map((variables) => ({ variables })) }];
    const agent = { ...demo, agentId, name: `Acme ${providerId}`, demo: false, providers };
    writeFileSync(join(resourcesDir, 'agents', `${agentId}.json`), JSON.stringify(agent));
  }
}
