// What all fields share: the form's typed values and reasons, the label, hint and reason around a
// control, and how assistive software finds them.
import {
  createContext,
  type InputHTMLAttributes,
  type JSX,
  type LooseInputHTMLAttributes,
} from 'preact';
import { useContext } from 'preact/hooks';
import { useTexts } from './context.ts';
import type { Children } from './parts.tsx';

export interface FormState {
  id: string;
  values: Readonly<Record<string, string | undefined>>;
  errors: Readonly<Record<string, string | undefined>>;
}

export const FormContext = createContext<FormState>({ id: 'form', values: {}, errors: {} });

/** The address of a field on the page, also used by the error summary. */
export const fieldId = (form_id: string, name: string): string => `${form_id}-${name}`;

export interface FieldProps {
  name: string;
  label: string;
  value?: string | undefined;
  error?: string | undefined;
  hint?: Children;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
}

export interface Field {
  id: string;
  value: string;
  error: string | undefined;
  /** What every control carries: id, name, state, and what describes it. */
  attributes: {
    id: string;
    name: string;
    required: boolean | undefined;
    disabled: boolean | undefined;
    'aria-invalid': 'true' | undefined;
    'aria-describedby': string | undefined;
  };
}

export function useField(props: FieldProps, more_description?: string): Field {
  const form = useContext(FormContext);
  const id = fieldId(form.id, props.name);
  const error = props.error ?? form.errors[props.name];
  const described = [
    props.hint === undefined ? undefined : `${id}-hint`,
    error === undefined ? undefined : `${id}-error`,
    more_description,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
  return {
    id,
    error,
    value: props.value ?? form.values[props.name] ?? '',
    attributes: {
      id,
      name: props.name,
      required: props.required,
      disabled: props.disabled,
      'aria-invalid': error === undefined ? undefined : 'true',
      'aria-describedby': described === '' ? undefined : described,
    },
  };
}

export function FieldReason({ field }: { field: Field }): JSX.Element | null {
  const t = useTexts();
  if (field.error === undefined) return null;
  return (
    <p class="field-error" id={`${field.id}-error`}>
      <span class="hidden">{t.error_word}</span>
      {field.error}
    </p>
  );
}

export const FieldHint = ({
  field,
  hint,
}: {
  field: Field;
  hint?: Children;
}): JSX.Element | null =>
  hint === undefined ? null : (
    <p class="hint" id={`${field.id}-hint`}>
      {hint}
    </p>
  );

export function LabelText({
  label,
  required,
}: {
  label: string;
  required?: boolean | undefined;
}): JSX.Element {
  const t = useTexts();
  return (
    <>
      {label}
      {required !== true && <span class="optional"> {t.optional}</span>}
    </>
  );
}

/** Label, hint, control, reason: in this order for every field. */
export function FieldFrame({
  props,
  field,
  children,
}: {
  props: FieldProps;
  field: Field;
  children: Children;
}): JSX.Element {
  return (
    <div class={field.error === undefined ? 'field' : 'field wrong'}>
      <label for={field.id}>
        <LabelText label={props.label} required={props.required} />
      </label>
      <FieldHint field={field} hint={props.hint} />
      {children}
      <FieldReason field={field} />
    </div>
  );
}

/** An input whose type is chosen at run time, which Preact's own types do not allow. */
export const Input = (
  attributes: LooseInputHTMLAttributes<HTMLInputElement> & { list?: string | undefined },
): JSX.Element => <input {...(attributes as InputHTMLAttributes<HTMLInputElement>)} />;
