/** A setting in git's own spelling: section in lower case, subsection as it is, key in lower case. */
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
  const valuesOf = (wanted: (setting: Setting) => boolean) =>
    settings.filter(wanted).flatMap(({ value }) => (value === '' ? [] : [value]));
  return {
    hooksPaths: valuesOf(({ section, key }) => section === 'core' && key === 'hookspath'),
    includes: valuesOf(({ section, key }) => (section === 'include' || section === 'includeif') && key === 'path'),
  };
}

function isHarmless({ section, key, value }: Setting): boolean {
  if (HARMLESS[section]?.includes(key) !== true) return false;
  return !(key === 'url' || key === 'pushurl') || !PROGRAM_URL.test(value);
}

const SECTION = /\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?\]/y;
const KEY = /([A-Za-z][A-Za-z0-9-]*)[ \t]*/y;
const REST_OF_LINE = /[^\n]*/y;
const BLANK = /[ \t\n\r]*/y;

/**
 * Reads settings as git does, character by character: a comment ends with its line, also after a backslash, and a value
 * may be quoted in parts. The parser need not take everything that git takes: a setting that is not understood is not
 * kept.
 */
function parse(file: string): { settings: Setting[]; understood: boolean } {
  const text = file.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const settings: Setting[] = [];
  let understood = true;
  let section = '';
  let subsection: string | undefined;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  for (take(BLANK); at < text.length; take(BLANK)) {
    const header = take(SECTION);
    if (header !== null) {
      section = (header[1] ?? '').toLowerCase();
      subsection = header[2]?.replaceAll(/\\(.)/g, '$1');
      continue;
    }
    const isComment = text[at] === '#' || text[at] === ';';
    const key = take(KEY)?.[1]?.toLowerCase();
    const found = key === undefined || section === '' ? undefined : readValue(text, at);
    if (key !== undefined && found !== undefined) {
      settings.push({ section, subsection, key, value: found.value });
      at = found.end;
    } else {
      understood &&= isComment;
      take(REST_OF_LINE);
    }
  }
  return { settings, understood };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '\\': '\\', '"': '"', '\n': '' };

const BLANKS = ' \t\r';

/** The text after a key, up to the end of its line; undefined when it is no value. */
function readValue(text: string, from: number): { value: string; end: number } | undefined {
  if (from === text.length || text[from] === '\n') return { value: 'true', end: from };
  if (text[from] !== '=') return undefined;
  let value = '';
  /** Length of the text to keep although its end is blank. */
  let kept = 0;
  let isQuoted = false;
  let at = from + 1;
  for (; at < text.length && text[at] !== '\n'; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\') {
      at += 1;
      const meant = ESCAPED[text[at] ?? ''];
      if (meant === undefined) return undefined;
      value += meant;
      kept = value.length;
    } else if (!isQuoted && (character === '#' || character === ';')) {
      at = text.indexOf('\n', at);
      if (at === -1) at = text.length;
      break;
    } else if (value !== '' || isQuoted || !BLANKS.includes(character)) {
      value += character;
      if (isQuoted || !BLANKS.includes(character)) kept = value.length;
    }
  }
  return isQuoted ? undefined : { value: value.slice(0, kept), end: at };
}

function written({ section, subsection, key, value }: Setting): string {
  const quote = (plain: string): string => `"${plain.replaceAll(/["\\]/g, '\\$&')}"`;
  const header = subsection === undefined ? section : `${section} ${quote(subsection)}`;
  return `[${header}]\n\t${key} = ${quote(value).replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\b', '\\b')}\n`;
}
