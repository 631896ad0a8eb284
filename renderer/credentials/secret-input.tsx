import { type ClipboardEvent, type DragEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useT } from '../context/services.tsx';
import { Button } from '../ui/button.tsx';
import type { Pasted } from '../ui/use-pasted.ts';
import { fromField, insertAt, toField } from './field-text.ts';

/** Characters of the value to be looked at. Another object is another look. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

interface SecretInputProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Takes the focus when it appears, after the view's heading has had it. */
  readonly focused: boolean;
  readonly pasted: Pasted;
  /** Absent: a token. */
  readonly label?: string;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly mark?: Mark | undefined;
}

/** Takes what was pasted exactly as it came, line breaks included, and shows it only while the user wants to see it. */
export function SecretInput(props: SecretInputProps) {
  const { value, onValue, focused, pasted, label, placeholder, hint, mark } = props;
  const t = useT();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [revealed, setRevealed] = useState(false);
  const shown = toField(value);
  // Set as a property: given as React's `value`, the secret would also stand in the document as an attribute.
  useLayoutEffect(() => {
    if (field.current !== null && field.current.value !== shown) field.current.value = shown;
  }, [shown]);
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  // The next paste is not to be seen because the last one was.
  if (revealed && value === '') setRevealed(false);
  useShownMark(field, mark, () => setRevealed(true));
  const take = (text: string) => {
    if (text === '') pasted.take();
    onValue(text);
  };
  const insert = (input: HTMLInputElement, text: string) => {
    const selection = { start: input.selectionStart ?? 0, end: input.selectionEnd ?? input.value.length };
    take(fromField(insertAt(input.value, selection, text)));
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label ?? t('token')}</label>
      <div className="secret-row">
        <input
          ref={field}
          id={id}
          type={revealed ? 'text' : 'password'}
          className="secret"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-1p-ignore=""
          data-lpignore="true"
          placeholder={placeholder ?? t('token.placeholder')}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => take(fromField(event.target.value))}
          onPaste={(event: ClipboardEvent<HTMLInputElement>) => {
            event.preventDefault();
            const text = event.clipboardData.getData('text/plain');
            pasted.remember(text);
            insert(event.currentTarget, text);
          }}
          onDrop={(event: DragEvent<HTMLInputElement>) => {
            event.preventDefault();
            insert(event.currentTarget, event.dataTransfer.getData('text/plain'));
          }}
        />
        {value !== '' && (
          <Button look="quiet" aria-pressed={revealed} onClick={() => setRevealed(!revealed)}>
            {t(revealed ? 'token.hide' : 'token.show')}
          </Button>
        )}
      </div>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Shows the field and selects the marked characters once they are there to be selected. */
function useShownMark(
  field: { readonly current: HTMLInputElement | null },
  mark: Mark | undefined,
  reveal: () => void,
): void {
  const latest = useRef(reveal);
  useEffect(() => {
    latest.current = reveal;
  });
  useEffect(() => {
    if (mark === undefined) return undefined;
    latest.current();
    const frame = requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(mark.start, mark.end);
    });
    return () => cancelAnimationFrame(frame);
  }, [field, mark]);
}
