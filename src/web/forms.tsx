// Forms that work without script: POST, redirect, GET. A wrong form comes back filled in, with the
// reason beside the field and a summary at the top that leads to each field.
//   <Form values={typed} errors={formErrors(refusal, locale)} …><AmountField name="amount" …/></Form>
// Fields read their value and their reason from the form by name; a prop overrides it.
import { randomUUID } from 'node:crypto';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { fill, type Locale } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { useTexts } from './context.ts';
import { fieldId, FormContext, type FormState } from './field.tsx';
import { safeHref } from './links.ts';
import type { Children } from './parts.tsx';

/** One key per form shown: the route takes it as the idempotency key, so that pressing the
 *  button five times books once. */
export const newFormKey = (): string => randomUUID();

/** The reason of a refusal, by field ('' = the form as a whole), for <Form errors>. */
export function formErrors(
  error: Refusal | { detail: string; field?: string | undefined },
  locale: Locale,
): Record<string, string> {
  const reason = error instanceof Refusal ? error.in(locale) : error.detail;
  return { [error.field ?? '']: reason };
}

export const HiddenToken = ({ name, value }: { name: string; value: string }): JSX.Element => (
  <input type="hidden" name={name} value={value} />
);

function ErrorSummary({ form }: { form: FormState }): JSX.Element | null {
  const t = useTexts();
  const errors = Object.entries(form.errors).filter(([, reason]) => reason !== undefined);
  if (errors.length === 0) return null;
  return (
    <div class="card alarm error-summary" role="alert" tabIndex={-1} data-take-focus>
      <strong>{fill(t.errors_title, { n: errors.length })}</strong>
      <ul>
        {errors.map(([name, reason]) => (
          <li>{name === '' ? reason : <a href={`#${fieldId(form.id, name)}`}>{reason}</a>}</li>
        ))}
      </ul>
    </div>
  );
}

export interface FormProps {
  action: string;
  id?: string | undefined;
  form_key?: string | undefined;
  csrf?: string | undefined;
  multipart?: boolean | undefined;
  values?: Readonly<Record<string, string | undefined>> | undefined;
  errors?: Readonly<Record<string, string | undefined>> | undefined;
  children?: Children;
}

export function Form(props: FormProps): JSX.Element {
  const t = useTexts();
  const form = { id: props.id ?? 'form', values: props.values ?? {}, errors: props.errors ?? {} };
  return (
    <FormContext.Provider value={form}>
      <ErrorSummary form={form} />
      <form
        id={form.id}
        class="form"
        method="post"
        action={safeHref(props.action)}
        noValidate
        encType={props.multipart === true ? 'multipart/form-data' : undefined}
        data-once={t.busy}
      >
        {props.csrf !== undefined && <HiddenToken name="csrf" value={props.csrf} />}
        {props.form_key !== undefined && <HiddenToken name="form_key" value={props.form_key} />}
        {props.children}
      </form>
    </FormContext.Provider>
  );
}

export const ButtonRow = ({ children }: { children: Children }): JSX.Element => (
  <div class="buttons">{children}</div>
);

export interface ButtonProps {
  name?: string | undefined;
  value?: string | undefined;
  kind?: 'primary' | 'alt' | 'danger' | undefined;
  /** Why it cannot be pressed now; shown beside the button. */
  why_not?: string | undefined;
  children: Children;
}

export function Button({ name, value, kind, why_not, children }: ButtonProps): JSX.Element {
  const id = `why-${useId()}`;
  const look = kind === undefined || kind === 'primary' ? 'btn' : `btn ${kind}`;
  if (why_not === undefined)
    return (
      <button type="submit" class={look} name={name} value={value}>
        {children}
      </button>
    );
  // Not `disabled`: it stays reachable by keyboard, so that its reason is read out.
  return (
    <div class="button-off">
      <button type="button" class={`${look} off`} aria-disabled="true" aria-describedby={id}>
        {children}
      </button>
      <p class="hint" id={id}>
        {why_not}
      </p>
    </div>
  );
}

export * from './fields.tsx';
