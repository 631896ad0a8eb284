import { type ClipboardEvent, type DragEvent, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useT } from '../../app/services.tsx';
import { fromField, insertAt, toField } from './field-text.ts';

interface SecretInputProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Takes the focus when it appears, after the view's heading has had it. */
  readonly focused: boolean;
  /** Absent: a token. */
  readonly label?: string;
}

/** Takes what was pasted exactly as it came, line breaks included, and never shows it. */
export function SecretInput({ value, onValue, focused, label }: SecretInputProps) {
  const t = useT();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const shown = toField(value);
  // Set as a property: given as React's `value`, the secret would also stand in the document as an attribute.
  useLayoutEffect(() => {
    if (field.current !== null && field.current.value !== shown) field.current.value = shown;
  }, [shown]);
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  const insert = (input: HTMLInputElement, text: string) => {
    const selection = { start: input.selectionStart ?? 0, end: input.selectionEnd ?? input.value.length };
    onValue(fromField(insertAt(input.value, selection, text)));
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label ?? t('token')}</label>
      <input
        ref={field}
        id={id}
        type="password"
        className="secret"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        data-1p-ignore=""
        data-lpignore="true"
        placeholder={t('token.placeholder')}
        onChange={(event) => onValue(fromField(event.target.value))}
        onPaste={(event: ClipboardEvent<HTMLInputElement>) => {
          event.preventDefault();
          insert(event.currentTarget, event.clipboardData.getData('text/plain'));
        }}
        onDrop={(event: DragEvent<HTMLInputElement>) => {
          event.preventDefault();
          insert(event.currentTarget, event.dataTransfer.getData('text/plain'));
        }}
      />
    </div>
  );
}
