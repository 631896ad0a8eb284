/** Copies, and says whether it did. Where the page may not use the clipboard directly, a selection is copied. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } finally {
    area.remove();
  }
}

export interface ClipboardAccess {
  /** False when reading would ask the user, or is not allowed: a question about it would come out of nowhere. */
  mayRead(): Promise<boolean>;
  read(): Promise<string>;
  write(text: string): Promise<void>;
}

export type ClearOutcome = 'cleared' | 'other-content' | 'empty' | 'not-cleared';

/**
 * Empties the clipboard if it still holds one of the texts: what was stored, or what was pasted before it was
 * trimmed, joined or taken out of its wrapping.
 */
export async function clearIfHolds(texts: readonly string[], clipboard: ClipboardAccess): Promise<ClearOutcome> {
  try {
    if (!(await clipboard.mayRead())) return 'not-cleared';
    const held = withoutBlanks(await clipboard.read());
    if (held === '') return 'empty';
    if (!texts.some((text) => withoutBlanks(text) === held)) return 'other-content';
    await clipboard.write('');
    return 'cleared';
  } catch {
    // Any refusal of the clipboard means the same to the user, and is told.
    return 'not-cleared';
  }
}

/** Systems and browsers change line breaks on the way, and a text that differs by blanks alone is as secret. */
function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

export const browserClipboard: ClipboardAccess = {
  async mayRead() {
    const status = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
    return status.state === 'granted';
  },
  read: () => navigator.clipboard.readText(),
  write: (text) => navigator.clipboard.writeText(text),
};
