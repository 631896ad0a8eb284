import type { Params, Result } from '../../shared/contract/methods.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { LOG_LEVELS, type LogName, type PositionedLogLine } from '../../shared/model/log-position.ts';
import { logLines, NOW, uuid } from './fixtures.ts';

/** A log of 100,000 lines, and one that cannot be read. */
export const LONG_LOG = `session:${uuid(901)}` as const;
/** Claude Code's session log after a rate limit, with a night in it. */
export const FAILED_LOG = `session:${uuid(501)}` as const;
export const BROKEN_LOG = `session:${uuid(902)}` as const;

const LONG: readonly PositionedLogLine[] = Array.from({ length: 100_000 }, (_, index) => ({
  time: new Date(NOW - (100_000 - index) * 50).toISOString(),
  level: LOG_LEVELS[index % 997 === 0 ? 3 : index % 3] ?? 'info',
  source: 'agent.stderr',
  message: index % 11 === 0 ? `line ${index}, ${'which is long, '.repeat(40)}` : `line ${index}`,
  position: { log: LONG_LOG, segment: 1 + Math.floor(index / 30_000), offset: (index % 30_000) * 100 },
}));

/** The core's answers about logs, read as the core reads them. */
export function logAnswers() {
  return {
    'logs.read': (params: Params<'logs.read'>): Result<'logs.read'> => {
      if (params.log === BROKEN_LOG) throw new PerchError('LOG_NOT_FOUND', { log: params.log });
      return readFrom(linesOf(params.log), params);
    },
    'logs.file': ({ log }: Params<'logs.file'>): Result<'logs.file'> => ({
      path: `/home/ada/.local/share/perch/logs/${log.replace(':', '-')}/000001.log`,
      revealed: false,
    }),
  };
}

function linesOf(log: LogName): readonly PositionedLogLine[] {
  if (log === LONG_LOG) return LONG;
  if (log === FAILED_LOG) return FAILED;
  return log === 'core' ? [] : logLines();
}

const FAILED: readonly PositionedLogLine[] = (
  [
    [-1, 'info', 'turn', 'The turn was accepted for claude-code in /home/ada/code/perch'],
    [-1, 'debug', 'agent.stderr', '[session/create] sessionId=bb872402 phase=settings durationMs=20 totalMs=27'],
    [-1, 'info', 'turn', 'The turn completed'],
    [0, 'info', 'turn', 'The turn was accepted for claude-code in /home/ada/code/perch'],
    [0, 'debug', 'acp', 'skipped a notification _auth/status_update'],
    [0, 'warn', 'egress', 'the host packages.example.org:443 was refused (not-allowed)'],
    [
      0,
      'error',
      'agent.stderr',
      'RequestError: Internal error\n    at handle (file:///opt/claude-agent-acp/dist/index.js:268:24)',
    ],
    [
      0,
      'error',
      'turn',
      'The turn failed: AGENT_REPORTED_ERROR (agent=Claude Agent) - reported: API Error: Request rejected (429) · This request would exceed your rate limit.',
    ],
  ] as const
).map(([day, level, source, message], index) => ({
  time: new Date(NOW + day * 24 * 60 * 60_000 + index * 700).toISOString(),
  level,
  source,
  message,
  position: { log: FAILED_LOG, segment: 1, offset: index * 100 },
}));

function readFrom(
  all: readonly PositionedLogLine[],
  { log, from, before, after, minLevel = 'debug', text = '' }: Params<'logs.read'>,
): Result<'logs.read'> {
  const wanted = text.toLowerCase();
  const fits = ({ level, message }: PositionedLogLine) =>
    LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(minLevel) && message.toLowerCase().includes(wanted);
  const at =
    from === undefined
      ? all.length
      : all.findIndex(({ position }) => position.segment === from.segment && position.offset >= from.offset);
  const index = at < 0 ? all.length : at;
  const earlier = before === 0 ? [] : all.slice(0, index).filter(fits).slice(-before);
  const later = all.slice(index).filter(fits).slice(0, after);
  const end = all.at(-1)?.position ?? { log, segment: 1, offset: 0 };
  const last = later.length === after ? (later.at(-1)?.position ?? end) : end;
  return { lines: [...earlier, ...later], next: { ...last, offset: last.offset + 100 }, positionGone: false };
}
