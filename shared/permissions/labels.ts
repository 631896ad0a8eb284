/**
 * The kind of a field of a tool's input, under whichever name an agent gives it; each has a sentence
 * `permission.part.…`.
 */
export const PARTS = [
  'title',
  'command',
  'arguments',
  'path',
  'diff',
  'old',
  'new',
  'content',
  'address',
  'says',
  'cwd',
  'description',
  'justification',
  'rule',
  'input',
  'files',
] as const;
export type PartName = (typeof PARTS)[number];

const NAMES: Readonly<Record<string, PartName>> = {
  command: 'command',
  cmd: 'command',
  script: 'command',
  args: 'arguments',
  arguments: 'arguments',
  argv: 'arguments',
  path: 'path',
  file: 'path',
  filepath: 'path',
  filename: 'path',
  absolutepath: 'path',
  oldstring: 'old',
  oldtext: 'old',
  newstring: 'new',
  newtext: 'new',
  content: 'content',
  contents: 'content',
  patch: 'content',
  patchtext: 'content',
  diff: 'content',
  url: 'address',
  uri: 'address',
  cwd: 'cwd',
  workdir: 'cwd',
  workingdirectory: 'cwd',
  directory: 'cwd',
  description: 'description',
  justification: 'justification',
  reason: 'justification',
  prefixrule: 'rule',
  rule: 'rule',
  rules: 'rule',
  always: 'rule',
};

/** Undefined: a field that is shown under the agent's own name. */
export function partOf(field: string): PartName | undefined {
  const name = field.toLowerCase().replace(/[_-]/g, '');
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}
