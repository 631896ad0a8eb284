import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly PropertyKey[];

export type TomlText =
  | {
      readonly kind: 'read';
      readonly value: unknown;
      /** The position of the entry, or of the nearest thing around it. */
      positionOf(path: Path): Position;
      readonly comments: readonly { readonly text: string; readonly at: Position }[];
    }
  | { readonly kind: 'not-toml'; readonly at: Position; readonly reason: string };

/** A text of TOML 1.0 with the places of what stands in it; a byte order mark, as some editors write it, is none of it. */
export function readToml(text: string): TomlText {
  try {
    const program = parseTOML(text.replace(/^\uFEFF/, ''), { tomlVersion: '1.0' });
    const places = placesOf(program);
    const hidden = [...places].find(([key]) => key.includes('"__proto__"'));
    if (hidden !== undefined) return { kind: 'not-toml', at: hidden[1], reason: 'the key __proto__' };
    return {
      kind: 'read',
      value: getStaticTOMLValue(program),
      positionOf: (path) => nearest(places, path),
      comments: program.comments.map(({ value, loc }) => ({ text: value, at: positionAt(loc.start) })),
    };
  } catch (error) {
    // Whatever a parser trips over, such as a thousand brackets, is the file's fault and not the end of Perch.
    if (!isSyntaxError(error)) return { kind: 'not-toml', at: START, reason: 'it is too deep' };
    const at = { line: Math.max(error.lineNumber, 1), column: error.column + 1 };
    return { kind: 'not-toml', at, reason: error.message };
  }
}

function isSyntaxError(error: unknown): error is Error & { lineNumber: number; column: number } {
  return error instanceof SyntaxError && 'lineNumber' in error && 'column' in error;
}

type Places = Map<string, Position>;
/** The parser counts columns from 0. */
const positionAt = ({ line, column }: Position): Position => ({ line, column: column + 1 });
const START: Position = { line: 1, column: 1 };
const keyOf = (path: Path) => JSON.stringify(path);

function nearest(places: Places, path: Path): Position {
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(keyOf(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return START;
}

function placesOf(program: AST.TOMLProgram): Places {
  const places: Places = new Map();
  const note = (path: Path, { loc: { start } }: AST.TOMLNode) => {
    const key = keyOf(path);
    if (!places.has(key)) places.set(key, positionAt(start));
  };
  const noteValue = (path: Path, node: AST.TOMLContentNode): void => {
    note(path, node);
    if (node.type === 'TOMLArray') node.elements.forEach((element, index) => void noteValue([...path, index], element));
    if (node.type === 'TOMLInlineTable') for (const entry of node.body) noteEntry(path, entry);
  };
  const noteEntry = (path: Path, entry: AST.TOMLKeyValue): void => {
    const full = noteKeys(path, entry.key);
    noteValue(full, entry.value);
  };
  const noteKeys = (path: Path, { keys }: AST.TOMLKey): Path => {
    let full = path;
    for (const key of keys) {
      full = [...full, key.type === 'TOMLBare' ? key.name : key.value];
      note(full, key);
    }
    return full;
  };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      noteEntry([], node);
      continue;
    }
    node.key.keys.forEach((key, index) => void note(node.resolvedKey.slice(0, index + 1), key));
    note(node.resolvedKey, node);
    for (const entry of node.body) noteEntry(node.resolvedKey, entry);
  }
  return places;
}
