// The page of one bank account: what was done at the bank and what is left to do, item by item; the form of one item.
import type { JSX } from 'preact';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import type { OfficeForm } from '../office/membership-pages.tsx';
import { officeName, type Frame } from '../web/frame.ts';
import { Button, ButtonRow, FileField, Form, RadioField, SelectField, TextField, HiddenToken } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { AccountShown } from './account-queries.ts';
import { groups, itemTexts, texts } from './onboarding-texts.ts';
import type { Holder, ItemRow, Onboarding } from './onboarding.ts';
import { grouped, KeysNotice, nameIn } from './onboarding-parts.tsx';

export interface OnboardingShown {
  code: string;
  account: AccountShown;
  onboarding: Onboarding;
  bodies: Record<string, Bilingual>;
  /** Item whose form is shown. */
  item: ItemRow | null;
  holders: Holder[];
  /** Null for whoever only reads. */
  form: OfficeForm | null;
}

type T = ReturnType<typeof pick<typeof texts>>;
const tones: Record<ItemRow['state'], Tone> = { open: 'amber', done: 'ok', not_needed: 'plain' };

function Details({ row, shown, t, locale }: { row: ItemRow; shown: OnboardingShown; t: T; locale: Locale }): JSX.Element {
  const { code, bodies } = shown;
  const body = (name: string | null): string => bodies[name ?? '']?.[locale] ?? '';
  const { found } = row;
  return (
    <>
      {row.holder_name !== null && <div>{fill(t.holder_line, { who: row.holder_name, body: body(row.holder_body) })}{row.serial_last4 !== null && ` · ${fill(t.serial_line, { serial: row.serial_last4 })}`}</div>}
      {found !== null && ('number' in found
        ? <div><a href={`/e/${code}/journal/${found.seq}`}>{fill(t.payment_found, { number: found.number, amount: found.amount })}</a></div>
        : <div>{fill(t.statement_found, { day: formatDate(found.statement_to, locale) })}</div>)}
      {row.note !== '' && <div>{row.note}</div>}
      {row.sha256 !== null && <div><a href={`/e/${code}/vouchers/${row.sha256}`}>{row.file_name}</a></div>}
      {row.noted_at !== null && <small class="hint">{fill(t.noted, { body: body(row.body), who: row.noted_by ?? '', when: formatInstant(row.noted_at, locale) })}</small>}
    </>
  );
}

function Items({ shown, t, locale }: { shown: OnboardingShown; t: T; locale: Locale }): JSX.Element {
  const { code, account, onboarding, form } = shown;
  return (
    <>
      {groups.map((group) => (
        <Card title={t[group]} id={group}>
          <ul class="rows">
            {onboarding.items.filter((row) => row.group === group).map((row) => (
              <li id={row.item}>
                <div class="row">
                  <span class="row-label">{itemTexts[row.item].label[locale]} <Chip tone={tones[row.state]}>{t[row.state]}</Chip>{row.by_itself && <> <Chip tone="plain">{t.by_itself}</Chip></>}</span>
                  <span class="row-value">{form !== null && account.closed_on === null && (
                    <a class="tap" href={`/e/${code}/bank/accounts/${account.account}?item=${row.item}#note`}>{row.noted_at === null ? t.note_it : t.change_it}</a>
                  )}</span>
                  <small class="hint">{itemTexts[row.item].hint[locale]}</small>
                  <div><Details row={row} shown={shown} t={t} locale={locale} /></div>
                </div>
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </>
  );
}

function NoteForm({ shown, item, form, csrf, t, locale }: { shown: OnboardingShown; item: ItemRow; form: OfficeForm; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const { code, account, holders, bodies } = shown;
  const first = { state: item.by_itself ? 'not_needed' : 'done', note: item.note, serial_last4: item.serial_last4 ?? '',
    holder_term: String(holders.find((row) => row.person_id === item.holder && row.body === item.holder_body)?.term_id ?? '') };
  const states = (['done', 'open', 'not_needed'] as const).filter((state) => !(item.by_itself && state === 'done'));
  return (
    <Form action={`/e/${code}/bank/accounts/${account.account}`} multipart csrf={csrf} form_key={form.form_key} values={{ ...first, ...form.values }} errors={form.errors}>
      <Card title={itemTexts[item.item].label[locale]} id="note">
        <HiddenToken name="item" value={item.item} />
        {/* Nobody's passport or key is shown to every owner. */}
        <HiddenToken name="audience" value="officers" />
        <p class="hint">{itemTexts[item.item].hint[locale]}</p>
        <RadioField name="state" label={t.state} required options={states.map((state) => ({ value: state, label: t[state] }))} />
        {item.kept !== null && (
          <SelectField name="holder_term" label={t.holder} options={holders.map((row) => ({
            value: String(row.term_id), label: `${row.name} · ${bodies[row.body]?.[locale] ?? ''} ${officeName(row.office, locale)}`,
          }))} />
        )}
        {item.kept === 'key' && <TextField name="serial_last4" label={t.serial} short autocomplete="off" />}
        <TextField name="note" label={t.note} hint={t.note_hint} autocomplete="off" />
        <FileField name="vouchers" label={t.file} kept={form.kept} />
        <ButtonRow><Button>{t.save}</Button> <ActionLink kind="alt" href={`/e/${code}/bank/accounts/${account.account}#${item.item}`}>{t.sheet_back}</ActionLink></ButtonRow>
      </Card>
    </Form>
  );
}

export function onboardingPage(frame: Frame, shown: OnboardingShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, account, onboarding, bodies, item, form } = shown;
  const left = onboarding.items.filter((row) => row.state === 'open').length;
  const base = `/e/${code}/bank/accounts/${account.account}`;
  return page({
    ...frame, title: `${t.list} · ${nameIn(account, locale)}`, lede: t.list_lede, crumbs: [{ href: `/e/${code}/bank/accounts`, label: t.accounts }],
    body: (
      <>
        <KeysNotice onboarding={onboarding} bodies={bodies} locale={locale} />
        {item !== null && form !== null && <NoteForm shown={shown} item={item} form={form} csrf={frame.session?.csrf} t={t} locale={locale} />}
        <Card actions={<ButtonRow><ActionLink kind="alt" href={`${base}/sheet`}>{t.print}</ActionLink></ButtonRow>}>
          <DescriptionList items={[
            { term: t.bank, value: fill(t.account_text, { bank: account.bank_name, last4: account.account_last4 }) },
            { term: t.whole_number, value: account.number === null ? t.number_missing : <strong class="nowrap">{grouped(account.number)}</strong> },
            account.closed_on !== null && { term: t.state, value: fill(t.closed, { day: formatDate(account.closed_on, locale) }) },
            account.closed_on === null && { term: t.list, value: left === 0 ? t.all_done : fill(t.left, { count: left }) },
          ]} />
          {account.number === null && account.closed_on === null && form !== null && (
            <Form action={`${base}/number`} id="number" csrf={frame.session?.csrf} form_key={`${form.form_key}-n`} values={form.values} errors={item === null ? form.errors : {}}>
              <TextField name="account_number" label={t.enter_number} hint={fill(t.enter_number_hint, { last4: account.account_last4 })} input_mode="numeric" autocomplete="off" required />
              <ButtonRow><Button kind="alt">{t.save}</Button></ButtonRow>
            </Form>
          )}
        </Card>
        <Items shown={shown} t={t} locale={locale} />
      </>
    ),
  });
}
