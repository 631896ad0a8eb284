import { expect, test } from 'vitest';
import { isReservedName, isSetByPerch } from './reserved-names.ts';

/** Written out once more: a name that disappears from the list must be noticed. */
const NAMES = `PATH HOME SHELL PWD TMPDIR TEMP TMP IFS GCONV_PATH GLIBC_TUNABLES MALLOC_CHECK_ ENV BASH_ENV
  PROMPT_COMMAND CDPATH SHELLOPTS BASHOPTS ZDOTDIR CLASSPATH JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS
  ELECTRON_RUN_AS_NODE SYSTEMROOT COMSPEC PATHEXT EDITOR VISUAL PAGER MANPAGER LESSOPEN LESSCLOSE SSH_AUTH_SOCK
  SSH_ASKPASS DBUS_SESSION_BUS_ADDRESS`.split(/\s+/);
/** A real variable of each family, and one that does not exist yet. */
const FAMILIES = `LD_PRELOAD LD_X DYLD_INSERT_LIBRARIES DYLD_X NODE_OPTIONS NODE_X NPM_CONFIG_PREFIX NPM_CONFIG_X
  BUN_INSTALL BUN_X DENO_DIR DENO_X GIT_SSH_COMMAND GIT_X PERL5LIB PERL5X PYTHONPATH PYTHONX RUBYOPT RUBYX
  BASH_FUNC_ls%% BASH_FUNC_X XDG_CONFIG_HOME XDG_X PERCH_DATA_DIR PERCH_X`.split(/\s+/);

test.each([...NAMES, ...FAMILIES])('%s is set by Perch alone, in any case', (name) => {
  expect(isReservedName(name)).toBe(true);
  expect(isReservedName(name.toLowerCase())).toBe(true);
});

test.each(['', 'OPENAI_API_KEY', 'MY_PATH', 'PATHS', 'HOMEPAGE', 'MY_LD_X', 'LD', 'NODE', 'LANG'])(
  '%j is not',
  (name) => {
    expect(isReservedName(name)).toBe(false);
  },
);

test('what Perch sets itself is on the list of the reserved ones, in any case, and nothing that starts code', () => {
  const set = `PATH HOME TMPDIR TEMP TMP SYSTEMROOT COMSPEC PATHEXT XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
    XDG_CACHE_HOME NODE_USE_ENV_PROXY`.split(/\s+/);
  expect(
    set.filter((name) => !isSetByPerch(name) || !isSetByPerch(name.toLowerCase()) || !isReservedName(name)),
  ).toEqual([]);
  const others = [...NAMES.filter((name) => !set.includes(name)), 'LD_PRELOAD', 'NODE_OPTIONS', 'PATHS', 'MINE', ''];
  expect(others.filter(isSetByPerch)).toEqual([]);
});
