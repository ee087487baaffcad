// The fields of a form. All take { name, label, value?, error?, hint?, required?, disabled? }.
// Nothing a person typed is cut or corrected silently: an unreadable date comes back as typed.
import type { JSX } from 'preact';
import { isBusinessDate, PERIOD_PATTERN } from '../kernel/dates.ts';
import { fill } from '../kernel/locale.ts';
import { moneyCapital, readMoney } from '../kernel/money.ts';
import { useTexts } from './context.ts';
import {
  FieldFrame,
  FieldHint,
  FieldReason,
  Input,
  LabelText,
  useField,
  type FieldProps,
} from './field.tsx';
import { formatSize } from './locale.ts';
import type { Children } from './parts.tsx';
import type { VoucherItem } from './vouchers.tsx';

export interface TextFieldProps extends FieldProps {
  type?: 'text' | 'password' | 'email' | 'tel' | 'search' | undefined;
  autocomplete?: string | undefined;
  input_mode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | undefined;
  /** A field for a short code: narrow on the desk. */
  short?: boolean | undefined;
  /** Offered words; any other may be typed. */
  list?: readonly string[] | undefined;
}

export function TextField(props: TextFieldProps): JSX.Element {
  const field = useField(props);
  const list_id = props.list === undefined ? undefined : `${field.id}-list`;
  return (
    <FieldFrame props={props} field={field}>
      <Input
        {...field.attributes}
        type={props.type ?? 'text'}
        list={list_id}
        class={props.short === true ? 'short' : undefined}
        value={props.type === 'password' ? undefined : field.value}
        autocomplete={props.autocomplete}
        inputMode={props.input_mode}
      />
      {props.list !== undefined && (
        <datalist id={list_id}>
          {props.list.map((word) => (
            <option value={word} />
          ))}
        </datalist>
      )}
    </FieldFrame>
  );
}

/** An amount in yuan, with its capital numerals (大写) below, as on a bank slip. */
export function AmountField(props: FieldProps): JSX.Element {
  const t = useTexts();
  const shown = { ...props, hint: props.hint ?? t.amount_hint };
  const field = useField(shown);
  const amount = readMoney(field.value);
  const capital = amount === null ? '' : fill(t.capital, { text: moneyCapital(amount) });
  return (
    <FieldFrame props={shown} field={field}>
      <div class="amount-input">
        <span aria-hidden="true">¥</span>
        <input
          {...field.attributes}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={field.value}
          data-amount={t.capital}
          data-unreadable={t.amount_unreadable}
        />
      </div>
      <p class="capital" id={`${field.id}-capital`} lang="zh">
        {capital}
      </p>
    </FieldFrame>
  );
}

export interface DateFieldProps extends FieldProps {
  min?: string | undefined;
  max?: string | undefined;
}

export function DateField(props: DateFieldProps): JSX.Element {
  const field = useField(props);
  const dated = field.value === '' || isBusinessDate(field.value);
  return (
    <FieldFrame props={props} field={field}>
      <Input
        {...field.attributes}
        type={dated ? 'date' : 'text'}
        class="short"
        value={field.value}
        min={props.min}
        max={props.max}
      />
    </FieldFrame>
  );
}

export function PeriodField(props: DateFieldProps): JSX.Element {
  const field = useField(props);
  const dated = field.value === '' || new RegExp(PERIOD_PATTERN).test(field.value);
  return (
    <FieldFrame props={props} field={field}>
      <Input
        {...field.attributes}
        type={dated ? 'month' : 'text'}
        class="short"
        value={field.value}
        min={props.min}
        max={props.max}
        placeholder="2026-10"
      />
    </FieldFrame>
  );
}

export interface Option {
  value: string;
  label: string;
  group?: string | undefined;
  hint?: Children;
}

function groupsOf(options: readonly Option[]): [string | undefined, Option[]][] {
  const groups = new Map<string | undefined, Option[]>();
  for (const option of options) {
    groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  }
  return [...groups];
}

export interface SelectFieldProps extends FieldProps {
  options: readonly Option[];
  /** The first, empty choice; false leaves it out. */
  empty?: string | false | undefined;
}

export function SelectField(props: SelectFieldProps): JSX.Element {
  const t = useTexts();
  const field = useField(props);
  const lines = (options: readonly Option[]): JSX.Element[] =>
    options.map((option) => (
      <option value={option.value} selected={option.value === field.value}>
        {option.label}
      </option>
    ));
  return (
    <FieldFrame props={props} field={field}>
      <select {...field.attributes}>
        {props.empty !== false && <option value="">{props.empty ?? t.choose}</option>}
        {groupsOf(props.options).map(([group, options]) =>
          group === undefined ? (
            lines(options)
          ) : (
            <optgroup label={group}>{lines(options)}</optgroup>
          ),
        )}
      </select>
    </FieldFrame>
  );
}

export function RadioField(props: FieldProps & { options: readonly Option[] }): JSX.Element {
  const field = useField(props);
  const { id, ...shared } = field.attributes;
  return (
    <fieldset
      class={field.error === undefined ? 'field' : 'field wrong'}
      aria-describedby={shared['aria-describedby']}
    >
      <legend>
        <LabelText label={props.label} required={props.required} />
      </legend>
      <FieldHint field={field} hint={props.hint} />
      {props.options.map((option, index) => (
        <label class="choice">
          <input
            type="radio"
            id={index === 0 ? id : undefined}
            name={props.name}
            value={option.value}
            checked={option.value === field.value}
            disabled={shared.disabled}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <small class="hint">{option.hint}</small>}
          </span>
        </label>
      ))}
      <FieldReason field={field} />
    </fieldset>
  );
}

export interface CheckFieldProps extends FieldProps {
  checked?: boolean | undefined;
}

/** One box; `value` is what is sent when it is ticked (default "yes"). */
export function CheckField(props: CheckFieldProps): JSX.Element {
  const field = useField({ ...props, value: undefined });
  const sent = props.value ?? 'yes';
  return (
    <div class={field.error === undefined ? 'field' : 'field wrong'}>
      <label class="choice" for={field.id}>
        <input
          {...field.attributes}
          type="checkbox"
          value={sent}
          checked={props.checked ?? field.value === sent}
        />
        <span>{props.label}</span>
      </label>
      <FieldHint field={field} hint={props.hint} />
      <FieldReason field={field} />
    </div>
  );
}

export function TextArea(props: FieldProps & { rows?: number | undefined }): JSX.Element {
  const field = useField(props);
  // A browser drops one line break after <textarea>: give it one, so that the text keeps its own.
  return (
    <FieldFrame props={props} field={field}>
      <textarea {...field.attributes} rows={props.rows ?? 3}>{`\n${field.value}`}</textarea>
    </FieldFrame>
  );
}

export interface FileFieldProps extends FieldProps {
  multiple?: boolean | undefined;
  accept?: string | undefined;
  /** Files uploaded before, when the form comes back: ticked boxes `${name}_kept` = sha256. */
  kept?: readonly VoucherItem[] | undefined;
}

const VOUCHER_TYPES = '.pdf,.jpg,.jpeg,.png,.ofd,.xml,application/pdf,image/jpeg,image/png';
export const LARGEST_FILE = 20 * 1024 * 1024;

export function FileField(props: FileFieldProps): JSX.Element {
  const t = useTexts();
  const shown = { ...props, hint: props.hint ?? t.file_hint };
  const field = useField(shown);
  return (
    <FieldFrame props={shown} field={field}>
      {props.kept !== undefined && props.kept.length > 0 && (
        <div class="kept">
          <p class="hint">{t.file_kept}</p>
          {props.kept.map((file) => (
            <label class="choice">
              <input type="checkbox" name={`${props.name}_kept`} value={file.sha256} checked />
              <span>
                {file.file_name} <small class="hint">{formatSize(file.size)}</small>
              </span>
            </label>
          ))}
        </div>
      )}
      <input
        {...field.attributes}
        type="file"
        multiple={props.multiple}
        accept={props.accept ?? VOUCHER_TYPES}
        data-largest={LARGEST_FILE}
        data-too-large={t.file_too_large}
        data-empty={t.file_empty}
      />
      <ul class="file-list" aria-live="polite" data-files-of={field.id} />
    </FieldFrame>
  );
}
