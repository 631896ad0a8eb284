import type { Cause } from '../../../shared/errors/causes.ts';

/** A text that matches tells of this cause. The first row that matches decides. */
export interface CauseRow {
  readonly cause: Cause;
  readonly pattern: RegExp;
}

/** An HTTP status where a sentence names one: not any number that happens to look alike. */
const status = (codes: string) =>
  `(?:\\b(?:status|code|error|http|rejected|received)\\b[\\s:("'=/.\\d]{0,6}(?:code[\\s:="]{0,3})?|^\\s*|\\[)(?:${codes})\\b`;

const row = (cause: Cause, ...sources: readonly string[]): CauseRow => ({
  cause,
  pattern: new RegExp(sources.join('|'), 'imu'),
});

/**
 * The words of providers and of the HTTP libraries below the agents, the same in all of them. An agent's own words are
 * data beside its description (`failureSigns.causes`) and are asked first. The order decides where words overlap: a
 * quota that ends by itself is a rate limit, a model that is not allowed is not a refused key.
 */
export const GENERIC_ROWS: readonly CauseRow[] = [
  row('rate-limit', '(?:rate.?limit|quota|429)[\\s\\S]*(?:retry|try again) in [\\d.]+ ?(?:ms|s|m|h)', 'retryDelay'),
  row(
    'no-credit',
    'insufficient[_ ](?:quota|credits?|balance|funds)',
    'credit balance is too low',
    '(?:exceeded your current quota|quota exceeded)[\\s\\S]*(?:plan|billing)',
    '(?:out of|not enough|no) credits?\\b',
    'requires more credits',
    'payment required',
    'reached your specified (?:workspace )?API usage limits',
    status('402'),
  ),
  row(
    'context-too-long',
    'prompt is too long',
    'context[_ ]length[_ ]exceeded',
    '(?:exceeds?|ran out of room in) (?:the |this )?(?:model.s )?(?:maximum )?context (?:window|length)',
    'maximum context length',
    'input token count [^\\n]*exceeds',
    'input (?:length|is too long)[^\\n]*(?:context|maximum|too long)',
  ),
  row(
    'model-unavailable',
    'model_not_found',
    'does not have access to (?:the )?model',
    'permission to (?:use|access) the model\\b',
    '\\bmodels?[ /:`"\']{1,3}[\\w./:@-]+[`"\']? (?:does not exist|is not found|was not found|not found|is not (?:available|supported))',
    'not_found_error[\\s\\S]*\\bmodel:',
    '^\\s*model: \\S+',
    '(?:unknown|unsupported|invalid) model\\b',
  ),
  row(
    'overloaded',
    'overloaded',
    'at capacity',
    'service unavailable',
    'currently unavailable',
    '"UNAVAILABLE"',
    status('503|529'),
  ),
  row(
    'sign-in-lapsed',
    '(?:oauth|access|refresh)[ _]token[^\\n]*(?:expired|revoked|invalid)',
    '(?:session|login|sign-in) (?:has )?expired',
    'not logged in',
    'please (?:run /login|log ?in again|sign ?in again)',
    'token_expired',
  ),
  row(
    'credential-refused',
    '(?:incorrect|invalid) (?:x-)?api[ -]?key',
    'api key not valid',
    'api_key_invalid|invalid_api_key|authentication_error|unauthenticated',
    '\\bunauthorized\\b',
    'authentication (?:required|failed)',
    status('401'),
  ),
  row(
    'rate-limit',
    'rate.?limit',
    'too many requests',
    'resource[ _](?:has been )?exhausted',
    '(?:usage|session|weekly|request) limit',
    status('429'),
  ),
  row('forbidden', 'permission_(?:error|denied)', 'does not have permission', '\\bforbidden\\b', status('403')),
  row(
    'timeout',
    'timed[ -]?out',
    '\\btime-?out\\b',
    'ETIMEDOUT',
    'deadline exceeded',
    'did not answer in time',
    status('408|504'),
  ),
  row(
    'connection-refused',
    'ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH',
    'connection refused',
    'unable to connect',
    'cannot be reached',
    'could not resolve|getaddrinfo|dns error',
    'error sending request',
  ),
  row(
    'connection-dropped',
    'ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE',
    'socket (?:hang up|connection was closed)',
    'premature(?:ly)? clos',
    'stream (?:disconnected|ended|closed|was closed)',
    'connection (?:was |has been )?(?:dropped|closed|reset|lost|aborted|error|failed|terminated)',
    'network (?:connection )?(?:error|lost)',
    'fetch failed',
    '^\\s*terminated\\s*$',
    'incomplete (?:json|response|chunk)',
    'unexpected end of (?:json|data|stream|file)',
  ),
  row(
    'server-error',
    'internal server error',
    'api_error|server_error',
    'server had an error',
    'an internal error has occurred',
    'bad gateway',
    status('5\\d\\d'),
  ),
];

/** The words on stderr of a program that could not start, or did not get the memory that it wanted. */
export const PROGRAM_ROWS: readonly CauseRow[] = [
  row(
    'script-missing',
    'cannot find (?:module|package)',
    "can't open file",
    'no such file or directory[^\\n]*\\.(?:m?[jt]s|cjs|py|sh|rb)\\b',
    'ERR_MODULE_NOT_FOUND',
  ),
  row(
    'interpreter-missing',
    '^(?:/usr/bin/)?env: [^\\n]*no such file',
    'bad interpreter',
    'command not found',
    'exec format error',
    '\\bspawn [^\\n]* ENOENT',
    '(?:execvp?|failed to execute) [^\\n]*no such file',
  ),
  row('out-of-memory', 'heap out of memory', 'out of memory', 'cannot allocate memory', '\\bMemoryError\\b'),
];
