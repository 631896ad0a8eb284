import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useT } from '../context/services.tsx';
import { Icon } from './icon.tsx';
import { SubmitForm } from './submit-form.tsx';

interface PromptBoxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  readonly sending: boolean;
  /** True when nothing can be sent; `reason` says why, or `describedBy` names the element that does. */
  readonly blocked: boolean;
  readonly reason?: ReactNode;
  readonly describedBy?: string;
  /** Takes the focus whenever this becomes true. */
  readonly focused?: boolean;
  readonly rows?: number;
  /** True when an empty prompt can be sent. */
  readonly optional?: boolean;
  /** Absent: *Send*. */
  readonly verb?: string;
}

/** Enter sends, Shift+Enter breaks the line; Enter that ends an input method's composition does neither. */
function isSendKey(event: Pick<KeyboardEvent, 'key' | 'shiftKey'>, composing: boolean): boolean {
  return event.key === 'Enter' && !event.shiftKey && !composing;
}

export function PromptBox(props: PromptBoxProps) {
  const t = useT();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const { focused } = props;
  useEffect(() => {
    if (focused) box.current?.focus();
  }, [focused]);
  const reasonId = `${id}-reason`;
  const cannotSend = props.blocked || props.sending || (props.optional !== true && props.text.trim() === '');
  const describedBy = props.reason ? reasonId : props.describedBy;
  const send = () => {
    if (!cannotSend) props.onSend();
  };
  return (
    <SubmitForm className="prompt" onSubmit={send}>
      <label htmlFor={id} className="visually-hidden">
        {props.label}
      </label>
      <div className="prompt-frame">
        <textarea
          ref={box}
          id={id}
          rows={props.rows ?? 2}
          value={props.text}
          placeholder={props.placeholder}
          aria-describedby={describedBy}
          onChange={(event) => props.onText(event.target.value)}
          onKeyDown={(event) => {
            if (!isSendKey(event, event.nativeEvent.isComposing)) return;
            event.preventDefault();
            send();
          }}
        />
        <button
          type="submit"
          className="button button-primary prompt-send"
          disabled={cannotSend}
          aria-describedby={describedBy}
        >
          <Icon name="send" />
          {props.verb ?? t('send')}
        </button>
      </div>
      {props.reason && (
        <p className="hint prompt-reason" id={reasonId}>
          {props.reason}
        </p>
      )}
    </SubmitForm>
  );
}
