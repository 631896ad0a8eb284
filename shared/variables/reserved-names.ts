/**
 * Names that decide which code a program runs, or where it looks for it. Perch alone sets them; they never come from
 * data of a user, and never from the host's environment.
 */
const RESERVED_NAMES = new Set([
  'PATH',
  'HOME',
  'SHELL',
  'PWD',
  'TMPDIR',
  'TEMP',
  'TMP',
  'IFS',
  'GCONV_PATH',
  'GLIBC_TUNABLES',
  'MALLOC_CHECK_',
  'ENV',
  'BASH_ENV',
  'PROMPT_COMMAND',
  'CDPATH',
  'SHELLOPTS',
  'BASHOPTS',
  'ZDOTDIR',
  'CLASSPATH',
  'JAVA_TOOL_OPTIONS',
  '_JAVA_OPTIONS',
  'JDK_JAVA_OPTIONS',
  'ELECTRON_RUN_AS_NODE',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
  'EDITOR',
  'VISUAL',
  'PAGER',
  'MANPAGER',
  'LESSOPEN',
  'LESSCLOSE',
  'SSH_AUTH_SOCK',
  'SSH_ASKPASS',
  'DBUS_SESSION_BUS_ADDRESS',
]);

const RESERVED_PREFIXES = [
  'LD_',
  'DYLD_',
  'NODE_',
  'NPM_CONFIG_',
  'BUN_',
  'DENO_',
  'GIT_',
  'PERL5',
  'PYTHON',
  'RUBY',
  'BASH_FUNC_',
  'XDG_',
  'PERCH_',
];

/** The reserved names that Perch sets for a session: no other one is in any environment that it makes. */
const SET_BY_PERCH = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'NODE_USE_ENV_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
]);

export function isSetByPerch(name: string): boolean {
  return SET_BY_PERCH.has(name.toUpperCase());
}

/** Names are compared without case, as Windows does: `Path` is `PATH`. */
export function isReservedName(name: string): boolean {
  const upper = name.toUpperCase();
  return RESERVED_NAMES.has(upper) || RESERVED_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
