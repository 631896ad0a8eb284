/**
 * Names in a project that programs outside of the sandbox read as configuration: shells, direnv, git's helpers,
 * editors, and the agents themselves, started elsewhere. Notes for agents (AGENTS.md and the like) are not among them,
 * because agents are asked to write those.
 */
export const HELD_NAMES = [
  // Shells and their tools
  ...['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.profile'],
  ...['.zshrc', '.zshenv', '.zprofile', '.zlogin', '.envrc', '.ripgreprc', '.gitconfig'],
  // Where git fetches further repositories from, and hooks that a package manager ties to git
  ...['.gitmodules', '.husky'],
  // Editors
  ...['.vscode', '.idea', '.zed', '.devcontainer', '.exrc', '.nvim.lua', '.vimrc'],
  // Agents
  ...['.claude', '.codex', '.gemini', '.cursor', '.goose'],
] as const;

/**
 * Names that agents and Perch itself read or write while a session runs: an empty folder that keeps such a name free
 * would be an error to them.
 */
export const GUARDED_NAMES = [
  ...HELD_NAMES,
  '.mcp.json',
  '.opencode',
  'opencode.json',
  'opencode.jsonc',
  'perch.toml',
] as const;

/** Where projects keep secrets for their own programs, and the examples of them that hold none. */
export const SECRET_FILES = [
  '.env',
  '.env.*',
  '!.env.example',
  '!.env.sample',
  '!.env.template',
  '!.env.dist',
] as const;
