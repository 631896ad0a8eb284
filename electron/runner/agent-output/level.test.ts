import { describe, expect, it } from 'vitest';
import { levelOf } from './level.ts';

describe('the level that a line claims for itself', () => {
  it.each([
    // Codex' adapter.
    ['error', '[SYSTEM_ERROR] Prompt for session 01a22e05 failed: RequestError: Authentication required'],
    ['error', 'RequestError: Authentication required'],
    // Claude Code's adapter.
    ['error', 'Error handling request { jsonrpc: "2.0" }'],
    ['info', '[session/create] sessionId=bb87 phase=settings durationMs=20 totalMs=27'],
    ['info', '[idle-compaction] skip: no request recorded in this process'],
    // OpenCode.
    [
      'error',
      'timestamp=2026-11-30T19:54:58.596Z level=ERROR run=d7 message="stream error" error.error="AI_APICallError"',
    ],
    ['warn', 'timestamp=2026-11-30T19:54:51.140Z level=WARN run=d7 message="background dependency install failed"'],
    ['info', 'timestamp=2026-11-30T19:54:51.140Z level=INFO message="no level=ERROR here"'],
    ['error', 'Error handling request {'],
    // Gemini CLI and other programs of Node.
    ['warn', '(node:12) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.'],
    ['warn', '(node:12) ExperimentalWarning: SQLite is an experimental feature'],
    ['error', "Error: Cannot find module '/opt/agent.mjs'"],
    ['error', 'TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string'],
    ['error', 'Uncaught Error: boom'],
    ['error', 'Uncaught (in promise) TypeError: fetch failed'],
    ['error', 'AggregateError'],
    // Codex itself: Rust's tracing, coloured.
    ['error', '\u001b[2m2026-11-30T10:00:00.123Z\u001b[0m \u001b[31mERROR\u001b[0m codex_core::client: no'],
    ['warn', '2026-11-30T10:00:00.123456Z  WARN codex_core: slow'],
    ['debug', '2026-11-30T10:00:00Z DEBUG hyper: read'],
    ['error', "thread 'main' panicked at src/main.rs:1:1:"],
    // JSON of Pino, Bunyan, zap, structlog.
    ['error', '{"level":"error","msg":"no"}'],
    ['error', '{"level":50,"msg":"no"}'],
    ['error', '{"level":60,"msg":"no"}'],
    ['warn', '{"level":40,"msg":"slow"}'],
    ['info', '{"level":30,"msg":"hello"}'],
    ['debug', '{"level":20,"msg":"hello"}'],
    ['warn', '{"severity":"WARNING","message":"slow"}'],
    ['error', '{"error":{"message":"no"}}'],
    ['info', '{"msg":"hello"}'],
    ['info', '{ not JSON: error'],
    // Python, Go, glog, shells and loaders.
    ['error', 'ERROR:root:no'],
    ['warn', 'WARNING:urllib3:slow'],
    ['error', 'Traceback (most recent call last):'],
    ['error', 'requests.exceptions.ConnectionError: no route'],
    ['error', 'panic: runtime error: index out of range'],
    ['error', 'fatal error: all goroutines are asleep'],
    ['error', 'E1130 10:00:00.000000    1 main.go:1] no'],
    ['error', 'fatal: not a git repository'],
    ['error', 'error: no such option'],
    ['error', 'opencode: error: no such option'],
    ['error', 'error[E0425]: cannot find value'],
    ['error', "/usr/bin/env: 'node': No such file or directory"],
    ['error', 'bash: line 1: claude: command not found'],
    ['error', 'Segmentation fault (core dumped)'],
    ['error', '[2026-11-30 10:00:00] [error] no'],
    ['error', '[main] [ERROR] no'],
    ['warn', 'npm warn deprecated x@1'],
    ['warn', 'Warning: Model metadata for `x` not found.'],
    ['debug', 'debug: read 12 bytes'],
    // Words of a sentence are no levels.
    ['info', 'Retrying after an error'],
    ['info', 'There was no ERROR at all'],
    ['info', 'Last error: none'],
    ['info', 'errors: 0'],
    ['info', 'the warning is gone'],
    ['info', 'Listening on http://127.0.0.1:8080'],
    ['info', ''],
  ] as const)('%s: %s', (level, line) => {
    expect(levelOf(line)).toBe(level);
  });

  it('a line without end is read in no time', () => {
    for (const start of ['1 ', '[1', 'a=b ', '[x] ', '{"a":'])
      expect(levelOf(start.repeat(500_000))).toBeTypeOf('string');
  }, 2_000);
});
