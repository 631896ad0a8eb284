import type { Failure } from '../../shared/model/failure.ts';
import type { RunEvent, TurnSummary } from '../../shared/model/run-event.ts';
import { NOW, turn, uuid } from './fixtures.ts';

const NAMES = { agent: 'Claude Code', agentId: 'claude-code', provider: 'Anthropic', providerId: 'anthropic' };
const PROMPT = 'Rename the port and update every caller, then run the tests of the runner and tell me what broke';

const failure = (number: number, rest: Pick<Failure, 'error' | 'reported' | 'exitCode' | 'signal'>): Failure => ({
  ...rest,
  log: { log: `session:${uuid(500 + number)}`, segment: 1, offset: 4210 },
  lastLines: [
    { time: '2026-11-22T11:58:01.120Z', level: 'info', source: 'acp', message: 'session/prompt' },
    {
      time: '2026-11-22T11:58:02.004Z',
      level: 'error',
      source: 'turn',
      message: `The turn failed: ${rest.error.code}`,
    },
  ],
});

/** Failures as real agents report them, by the number of their turn. */
const FAILURES: Readonly<Record<number, Failure>> = {
  131: failure(131, {
    error: { code: 'PROVIDER_RATE_LIMITED', values: { ...NAMES, resetAt: NOW + 95_000 } },
    reported:
      "API Error: Request rejected (429) · This request would exceed your organization's rate limit of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.",
  }),
  132: failure(132, {
    error: {
      code: 'PROVIDER_NO_CREDIT',
      values: { ...NAMES, billingPage: 'https://console.anthropic.com/settings/billing' },
    },
    reported:
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  }),
  133: failure(133, {
    error: { code: 'PROVIDER_OVERLOADED', values: NAMES },
    reported: 'API Error: 529 Overloaded. This is a server-side issue, usually temporary — try again in a moment.',
  }),
  134: failure(134, {
    error: { code: 'PROVIDER_UNREACHABLE', values: { ...NAMES, host: 'api.anthropic.com:443' } },
    reported:
      'API Error: Connection dropped (ECONNRESET). Check the gateway set in ANTHROPIC_BASE_URL, then try again.',
  }),
  135: failure(135, {
    error: {
      code: 'AGENT_SCRIPT_MISSING',
      values: {
        agent: 'Rich',
        agentId: 'claude-code',
        missing: `Error: Cannot find module '/opt/agents/${'a-folder-with-a-long-name/'.repeat(4)}rich.mjs'`,
      },
    },
    exitCode: 1,
  }),
  136: failure(136, {
    error: { code: 'CONTEXT_TOO_LONG', values: NAMES },
    reported: 'Prompt is too long · the request is ~208310 tokens (limit 200000)',
  }),
  137: failure(137, {
    error: { code: 'MODEL_UNAVAILABLE', values: NAMES },
    reported:
      "There's an issue with the selected model (claude-opus-5-5). It may not exist or you may not have access to it.",
  }),
};

export const FAILURE_TURNS: readonly TurnSummary[] = Object.entries(FAILURES).map(([number, failed]) =>
  turn(Number(number), { agentId: 'claude-code', status: 'failed', promptPreview: PROMPT, failure: failed }),
);

export const FAILURE_EVENTS: Readonly<Record<number, readonly RunEvent[]>> = Object.fromEntries(
  Object.entries(FAILURES).map(([number, failed]): [string, readonly RunEvent[]] => [
    number,
    [
      {
        type: 'turn.accepted',
        agentId: 'claude-code',
        model: '',
        projectDir: '/home/ada/code/perch',
        prompt: PROMPT,
      },
      { type: 'turn.ended', result: { outcome: 'failed', failure: failed } },
    ],
  ]),
);
