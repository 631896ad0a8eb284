import { type ReactNode, useId } from 'react';
import type { WireError } from '../../shared/errors/perch-error.ts';
import type { Action } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { SubmitForm } from '../ui/submit-form.tsx';

interface FormFrameProps {
  /** The heading, which names the form. */
  readonly title?: string;
  /** Names a form that shows a heading of its own, or none. */
  readonly label?: string;
  readonly className?: string;
  readonly autoComplete?: 'off';
  /** What submitting does: `pending` keeps it from being done twice. */
  readonly action: Pick<Action<never>, 'pending' | 'error'>;
  readonly onSubmit: () => unknown;
  /** False while something is missing. */
  readonly ready?: boolean;
  /** The words of the button that submits. */
  readonly submit: string;
  /** The id of the element that says why it cannot be submitted. */
  readonly submitDescribedBy?: string;
  readonly submitLook?: 'plain' | 'primary';
  /** The action's own when absent. */
  readonly error?: WireError | null;
  /** The error stands at the end instead of above the buttons. */
  readonly isErrorLast?: boolean;
  /** Buttons beside the one that submits. */
  readonly buttons?: ReactNode;
  readonly children: ReactNode;
  /** Below the buttons. */
  readonly after?: ReactNode;
}

/** A card with a form: its heading, its fields, its error, its buttons. */
export function FormFrame(props: FormFrameProps) {
  const { title, label, className = '', autoComplete, action, onSubmit, ready = true, children, after } = props;
  const id = useId();
  const error = <ErrorText error={props.error === undefined ? action.error : props.error} />;
  return (
    <SubmitForm
      className={`card form ${className}`.trim()}
      aria-label={label}
      aria-labelledby={title === undefined ? undefined : id}
      autoComplete={autoComplete}
      ready={ready && !action.pending}
      onSubmit={onSubmit}
    >
      {title !== undefined && <h3 id={id}>{title}</h3>}
      {children}
      {!props.isErrorLast && error}
      <div className="row">
        <Button
          type="submit"
          look={props.submitLook ?? 'primary'}
          disabled={action.pending || !ready}
          aria-describedby={props.submitDescribedBy}
        >
          {props.submit}
        </Button>
        {props.buttons}
      </div>
      {after}
      {props.isErrorLast && error}
    </SubmitForm>
  );
}
