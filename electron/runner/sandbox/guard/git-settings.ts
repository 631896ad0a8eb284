/** One setting as git names it: section in lower case, subsection as it is, key in lower case. */
interface Setting {
  readonly section: string;
  readonly subsection: string | undefined;
  readonly key: string;
  readonly value: string;
}

/** Settings that only say how a repository is laid out and whom it talks to. All others could run a program. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  core: [
    ...['repositoryformatversion', 'filemode', 'bare', 'logallrefupdates', 'ignorecase', 'precomposeunicode'],
    ...['symlinks', 'autocrlf', 'eol', 'safecrlf', 'quotepath'],
  ],
  extensions: ['objectformat', 'refstorage', 'compatobjectformat'],
  user: ['name', 'email'],
  init: ['defaultbranch'],
  remote: ['url', 'fetch', 'pushurl', 'tagopt'],
  branch: ['remote', 'merge', 'rebase', 'description'],
  pull: ['rebase', 'ff'],
  push: ['default', 'autosetupremote'],
  submodule: ['url', 'active'],
};
/** Transports that start a program: `ext::`, `fd::`, and helpers of any name. */
const PROGRAM_URL = /^[^/]*::/;

/** The harmless settings, written anew; undefined when there are no others. */
export function withoutPrograms(text: string): string | undefined {
  const { settings, understood } = parse(text);
  const kept = settings.filter(isHarmless);
  if (understood && kept.length === settings.length) return undefined;
  return kept.map(written).join('');
}

/** Files and folders that settings make git take programs or further settings from, as they are written. */
export function placesNamed(text: string): { hooksPaths: string[]; includes: string[] } {
  const { settings } = parse(text);
  const valuesOf = (wanted: (setting: Setting) => boolean) => settings.filter(wanted).map(({ value }) => value);
  return {
    hooksPaths: valuesOf(({ section, key }) => section === 'core' && key === 'hookspath'),
    includes: valuesOf(({ section, key }) => (section === 'include' || section === 'includeif') && key === 'path'),
  };
}

function isHarmless({ section, key, value }: Setting): boolean {
  if (HARMLESS[section]?.includes(key) !== true) return false;
  return !(key === 'url' || key === 'pushurl') || !PROGRAM_URL.test(value);
}

const SECTION = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*(.*)$/;
const ASSIGNMENT = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/;

/** Need not take all that git takes: what is not understood is not kept. */
function parse(text: string): { settings: Setting[]; understood: boolean } {
  const settings: Setting[] = [];
  let understood = true;
  let section = '';
  let subsection: string | undefined;
  for (const line of text.replaceAll('\r\n', '\n').replaceAll('\\\n', '').split('\n')) {
    let rest = line.trim();
    const header = SECTION.exec(rest);
    if (header !== null) {
      section = (header[1] ?? '').toLowerCase();
      subsection = header[2]?.replaceAll(/\\(.)/g, '$1');
      rest = header[3] ?? '';
    }
    if (rest === '' || rest.startsWith('#') || rest.startsWith(';')) continue;
    const assignment = ASSIGNMENT.exec(rest);
    if (assignment === null || section === '') understood = false;
    else
      settings.push({
        section,
        subsection,
        key: (assignment[1] ?? '').toLowerCase(),
        value: plainValue(assignment[2]),
      });
  }
  return { settings, understood };
}

function plainValue(text: string | undefined): string {
  if (text === undefined) return 'true';
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*(?:[#;].*)?$/.exec(text)?.[1];
  return quoted === undefined ? text.replace(/\s+[#;].*$/, '').trim() : quoted.replaceAll(/\\(.)/g, '$1');
}

function written({ section, subsection, key, value }: Setting): string {
  const quote = (plain: string): string => `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const header = subsection === undefined ? section : `${section} ${quote(subsection)}`;
  return `[${header}]\n\t${key} = ${quote(value)}\n`;
}
