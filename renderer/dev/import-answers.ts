import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import type { ImportCandidate } from '../../shared/model/credential-import.ts';
import { NOW, uuid } from './fixtures.ts';

type Answers = { [M in Extract<MethodName, `credentials.import${string}`>]: (params: Params<M>) => Result<M> };

const CANDIDATES: readonly ImportCandidate[] = [
  {
    candidateId: uuid(801),
    providerId: 'openai',
    variable: 'OPENAI_API_KEY',
    masked: '••••••••x7Qa',
    source: '/home/ada/.codex/auth.json',
    findings: [{ key: 'paste.right-shape', level: 'info', values: { provider: 'OpenAI' } }],
    alreadyStored: [{ kind: 'global' }],
    importable: true,
  },
  {
    candidateId: uuid(802),
    providerId: 'anthropic',
    variable: 'ANTHROPIC_API_KEY',
    masked: '••••••••9fKk',
    source: '/home/ada/.local/share/opencode/auth.json',
    findings: [{ key: 'paste.other-provider', level: 'warn', values: { other: 'OpenAI', provider: 'Anthropic' } }],
    alreadyStored: [],
    importable: true,
  },
  {
    candidateId: uuid(803),
    providerId: 'anthropic',
    masked: '',
    source: '/home/ada/.claude/.credentials.json',
    findings: [],
    alreadyStored: [],
    importable: false,
    why: 'login',
    agentId: 'claude-code',
  },
];

/** The first is stored, the next is refused. */
export function importAnswers(get: () => AppState | null): Answers {
  return {
    'credentials.importCandidates': ({ source }) => ({
      candidates: [...CANDIDATES],
      others: source.kind === 'file' ? 12 : 0,
      problems:
        source.kind === 'agents'
          ? [{ code: 'IMPORT_FILE_NOT_UNDERSTOOD', values: { file: '/home/ada/.claude/settings.json' } }]
          : [],
    }),
    'credentials.import': ({ candidateIds, scope, storage }) => ({
      results: candidateIds.map((candidateId, index) => {
        if (index > 0) return { outcome: 'failed', candidateId, error: { code: 'KEYCHAIN_LOCKED', values: {} } };
        const [credential] = get()?.credentials ?? [];
        if (credential === undefined) {
          return { outcome: 'failed', candidateId, error: { code: 'KEYCHAIN_ABSENT', values: {} } };
        }
        const stored = { ...credential, credentialId: uuid(890), scope, storage, updatedAt: NOW };
        return { outcome: 'stored', candidateId, replaced: true, credential: stored };
      }),
    }),
  };
}
