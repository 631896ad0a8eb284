import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { AgentDefinition } from '../../shared/model/agent-definition.ts';
import type { DeclarationView } from '../../shared/model/declaration.ts';
import { agent } from './fixtures.ts';

const REVIEWER: AgentDefinition = {
  agentId: 'reviewer',
  name: 'Reviewer',
  description: 'Reads a change and says what it thinks of it.',
  runs: { kind: 'program', command: ['node', 'tools/agent.mjs'] },
  providerId: 'openai',
  model: '',
  variables: { REVIEW_DEPTH: '3' },
};

export const DECLARATION: DeclarationView = {
  projectDir: '/home/ada/src/perch',
  file: '/home/ada/src/perch/perch.toml',
  state: 'in-effect',
  stamp: 'stamp',
  problems: [],
  news: [],
  content: {
    agents: [
      REVIEWER,
      { ...REVIEWER, agentId: 'careful', name: 'Careful Codex', runs: { kind: 'variant', of: 'codex' } },
    ],
    models: [{ agentId: 'opencode', model: 'anthropic/claude-opus-5' }],
    endpoints: [
      {
        providerId: 'openai',
        baseUrl: 'https://gateway.a-company-with-a-long-name.example.com/openai/v1',
        origin: 'https://gateway.a-company-with-a-long-name.example.com',
        confirmed: false,
      },
    ],
    variables: [{ name: 'LOG_LEVEL', value: 'debug' }],
    secrets: [{ name: 'OPENAI_API_KEY', reference: 'op://Work/OpenAI/credential' }],
  },
};

const { content: _, ...WITHOUT_CONTENT } = DECLARATION;
export const INVALID: DeclarationView = {
  ...WITHOUT_CONTENT,
  state: 'invalid',
  problems: [
    { line: 3, column: 1, reason: 'unknown-key', values: { key: 'shell' } },
    { line: 7, column: 18, reason: 'secret', values: {} },
    { line: 12, column: 1, reason: 'variable-VARIABLE_RESERVED', values: { name: 'LD_PRELOAD' } },
  ],
};

export const DECLARED: AgentView = agent({
  agentId: 'reviewer',
  name: 'Reviewer',
  description: REVIEWER.description,
  origin: { kind: 'declared', file: DECLARATION.file, definition: REVIEWER },
  installation: { state: 'found', path: '/usr/bin/node', source: 'path' },
});

const MINE: AgentDefinition = {
  ...REVIEWER,
  agentId: 'mine',
  name: 'My agent',
  runs: { kind: 'program', command: ['my-agent', '--acp', 'two words'] },
};
export const OWN: AgentView = agent({
  agentId: 'mine',
  name: 'My agent',
  description: MINE.description,
  origin: { kind: 'user', definition: MINE },
});

type Answer<M extends MethodName> = (params: Params<M>) => Result<M>;

/** A repository with two agents, one that is private, one without agents and one with a mistake. */
export function agentImportAnswers(): { [M in 'userAgents.importCandidates' | 'userAgents.import']: Answer<M> } {
  return {
    'userAgents.importCandidates': ({ source: repository }) => {
      if (repository.endsWith('private')) throw new PerchError('GITHUB_NEEDS_TOKEN', { repository });
      const none = { repository, file: 'perch.toml', candidates: [], leftOut: 0, problems: [] };
      if (repository.endsWith('nothing')) return none;
      if (repository.endsWith('broken')) return { ...none, problems: INVALID.problems };
      const candidates = [
        { definition: { ...REVIEWER, agentId: 'second-look', name: 'Second look' }, taken: false },
        { definition: REVIEWER, taken: true },
      ];
      return { ...none, candidates, leftOut: 3 };
    },
    'userAgents.import': ({ definitions }) => ({
      results: definitions.map(({ agentId }) => ({ outcome: 'added', agentId })),
    }),
  };
}
