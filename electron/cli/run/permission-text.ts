import type { Translate } from '../../../shared/i18n/translate.ts';
import { type Fitted, fitInto, textOfPieces } from '../../../shared/permissions/fit.ts';
import type { PermissionPart, PermissionView, ShownLine } from '../../../shared/permissions/view.ts';
import { visibleText } from '../../../shared/permissions/visible.ts';

/** A line for the terminal, without anything that a terminal obeys. */
interface TerminalLine {
  readonly text: string;
  readonly style?: 'bold' | 'dim' | 'green' | 'red' | 'yellow';
}

/** More than that is shown when it is asked for. */
const ROOM = { lines: 200, chars: 20_000 };
const WHOLE = { lines: Number.POSITIVE_INFINITY, chars: Number.POSITIVE_INFINITY };

/** The request, as much of it as a terminal takes at once, or all of it. */
export function requestLines(view: PermissionView, t: Translate, whole: boolean): TerminalLine[] {
  const fitted = fitInto(view, whole ? WHOLE : ROOM);
  return [
    ...heading(view, t),
    ...fitted.parts.flatMap((part) => partLines(part, t, whole)),
    ...closing(view, fitted, t),
  ];
}

/** Undefined: all of the request is shown without being asked for. */
export function moreThanShown(view: PermissionView): number | undefined {
  const { moreChars } = fitInto(view, ROOM);
  return moreChars === 0 ? undefined : moreChars;
}

/** The name of an option, whole: it says what it covers. */
export function answerName(name: string): string {
  return visibleText(name).replaceAll('\n', '\\n');
}

function heading({ title, tool }: PermissionView, t: Translate): TerminalLine[] {
  const own = textOfPieces(title.length > 0 || tool === undefined ? title : tool);
  return [{ text: t('cli.run.permission', { title: own || t('permission') }), style: 'bold' }];
}

function partLines({ label, path, isNewFile, lines }: PermissionPart, t: Translate, whole: boolean): TerminalLine[] {
  const name = 'part' in label ? t(`permission.part.${label.part}`) : textOfPieces(label.name);
  const file = path === undefined ? '' : ` ${textOfPieces(path)}${isNewFile === true ? ` (${t('diff.new')})` : ''}`;
  const width = Math.max(0, ...lines.map(({ mark }) => mark.length));
  return [{ text: `  ${name}${file}`, style: 'dim' }, ...lines.flatMap((line) => shown(line, width, t, whole))];
}

function shown(line: ShownLine, width: number, t: Translate, whole: boolean): TerminalLine[] {
  const { mark, pieces, folded } = line;
  if (folded !== undefined && whole) return folded.flatMap((one) => shown(one, width, t, whole));
  if (folded !== undefined)
    return [{ text: `    ${t('permission.unchanged', { count: folded.length })}`, style: 'dim' }];
  const text = `    ${width === 0 ? '' : `${mark.padEnd(width)} `}${textOfPieces(pieces)}`;
  if (mark === '+') return [{ text, style: 'green' }];
  return mark === '−' ? [{ text, style: 'red' }] : [{ text }];
}

function closing({ answers, omittedChars }: PermissionView, { moreChars }: Fitted, t: Translate): TerminalLine[] {
  const said: string[] = [];
  if (moreChars > 0) said.push(t('cli.run.permission-more', { count: moreChars }));
  if (omittedChars > 0) said.push(t('permission.omitted', { count: omittedChars }));
  if (answers.because === 'nothing') said.push(t('permission.nothing'));
  if (answers.withheld.length > 0) {
    said.push(t('permission.withheld', { names: answers.withheld.map(({ name }) => answerName(name)).join(' · ') }));
  }
  if (answers.given.some(({ effect }) => effect === 'unknown')) said.push(t('permission.unknownKind'));
  return said.map((text) => ({ text: `  ${text}`, style: 'yellow' }));
}
