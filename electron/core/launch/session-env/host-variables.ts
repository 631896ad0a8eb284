import { isReservedName } from '../../../../shared/variables/reserved-names.ts';
import { isSecretLikeName } from '../../../../shared/variables/secret-names.ts';

/** Variables of the host that steer agents, their providers, their tools, or open a way out of the sandbox. */
const STEERING =
  /^(?:ANTHROPIC|CLAUDE|OPENAI|CODEX|GEMINI|GOOGLE|OPENCODE|GOOSE|COPILOT|OPENROUTER|AZURE|AWS|VERTEX|BEDROCK|OLLAMA|MISTRAL|GROQ|DEEPSEEK|XAI|GH|GITHUB|HF|HUGGINGFACE)_/;
const PROXY = /^(?:HTTPS?|ALL|NO|FTP)_PROXY$/;
const SOCKET =
  /^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO|DBUS_SESSION_BUS_ADDRESS|DOCKER_HOST|WAYLAND_DISPLAY|DISPLAY)$/;
/** Every login shell has these, and Perch sets or reads its own: not worth a line. */
const ORDINARY =
  /^(?:PATH|HOME|SHELL|PWD|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|PAGER|EDITOR|VISUAL|LESSOPEN|LESSCLOSE|XDG_.*|PERCH_.*)$/;

export interface DeniedVariable {
  readonly name: string;
  readonly source: 'host' | 'variable' | 'credential' | 'declared';
  /** A locale key. */
  readonly reason: string;
}

/**
 * The host's variables that are kept out, by name, with the reasons. No variable of the host gets in anyway; the list
 * answers a user who expected one to work.
 */
export function deniedHostVariables(
  environment: Readonly<Record<string, string | undefined>>,
  credentialVariables: ReadonlySet<string>,
): DeniedVariable[] {
  const names = Object.keys(environment).filter((name) => (environment[name] ?? '') !== '');
  return names
    .sort()
    .map((name) => ({ name, reason: reasonOf(name.toUpperCase(), credentialVariables) }))
    .flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, source: 'host' as const, reason }]));
}

function reasonOf(name: string, credentialVariables: ReadonlySet<string>): string | undefined {
  if (credentialVariables.has(name)) return 'reason.denied-credential';
  if (SOCKET.test(name)) return 'reason.denied-socket';
  if (PROXY.test(name)) return 'reason.denied-proxy';
  if (ORDINARY.test(name)) return undefined;
  if (isReservedName(name)) return 'reason.denied-reserved';
  if (isSecretLikeName(name)) return 'reason.denied-secret';
  if (STEERING.test(name)) return 'reason.denied-steering';
  return undefined;
}
