import type { ComponentProps, FormEvent } from 'react';

interface SubmitFormProps extends Omit<ComponentProps<'form'>, 'onSubmit'> {
  /** False while something is missing, or the last attempt still runs: nothing is submitted then. */
  readonly ready?: boolean;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => unknown;
}

/** A form that this page answers to: the browser sends nothing, and loads no other page. */
export function SubmitForm({ ready = true, onSubmit, ...form }: SubmitFormProps) {
  return (
    <form
      {...form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSubmit(event);
      }}
    />
  );
}
