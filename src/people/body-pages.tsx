// Bodies and terms as every owner may see them, and the form that makes invitation sheets.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, RadioField, SelectField, TextArea } from '../web/forms.tsx';
import { formatCount, formatDate, pick } from '../web/locale.ts';
import { Card, Chip, Notice, RowList } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { BodyRow, TermRow } from './queries.ts';
import { bodyTexts, officeTexts, texts } from './texts.ts';

export interface ShownTerm extends TermRow {
  in_office: boolean;
  /** Null where no rule asks the body, so that there is nothing to sign. */
  may_sign: boolean | null;
}
/** joined: null where so few joined that a count would point at a family. */
export interface ShownCount {
  building: string;
  units: number;
  joined: number | null;
}
export interface PeopleFacts {
  bodies: readonly BodyRow[];
  terms: readonly ShownTerm[];
  counts: readonly ShownCount[];
  least: number;
  csv: string;
}

const useText = () => pick(texts, useLocale());

function SignsChip({ may_sign }: { may_sign: boolean }): JSX.Element {
  const t = useText();
  return <Chip tone={may_sign ? 'ok' : 'plain'}>{may_sign ? t.signs : t.signs_not}</Chip>;
}

function BodyCard({ body, terms }: { body: BodyRow; terms: readonly ShownTerm[] }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const key = { company: t.key_company, owners: t.key_owners, none: t.key_none }[
    body.key_side ?? 'none'
  ];
  const rows = terms
    .filter((term) => term.body === body.body && term.in_office)
    .map((term) => ({
      label: term.name ?? t.erased,
      value: officeTexts[term.office][locale],
      ...(term.may_sign === null ? {} : { chip: <SignsChip may_sign={term.may_sign} /> }),
      note: fill(t.term_of, {
        from: formatDate(term.starts_on, locale),
        to: formatDate(term.ends_on, locale),
      }),
    }));
  return (
    <Card
      title={
        <>
          {locale === 'en' ? body.name_en : body.name_zh}{' '}
          <Chip tone={body.key_side === null ? 'plain' : 'ok'}>{key}</Chip>
        </>
      }
    >
      {rows.length === 0 ? <p class="hint">{t.nobody_in_office}</p> : <RowList rows={rows} />}
    </Card>
  );
}

function TermTable({ terms, csv }: { terms: readonly ShownTerm[]; csv: string }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  return (
    <LedgerTable
      caption={t.all_terms}
      csv={csv}
      empty={t.no_terms}
      rows={terms}
      rowState={(term) => (term.in_office ? undefined : 'muted')}
      columns={[
        { key: 'name', title: t.name, lead: true, cell: (term) => term.name ?? t.erased },
        { key: 'body', title: t.body, cell: (term) => bodyTexts[term.body][locale] },
        { key: 'office', title: t.office, cell: (term) => officeTexts[term.office][locale] },
        { key: 'starts_on', title: t.starts_on, type: 'date' },
        { key: 'ends_on', title: t.ends_on, type: 'date' },
        { key: 'in_office', title: t.in_office, cell: (term) => (term.in_office ? t.yes : t.no) },
      ]}
    />
  );
}

function JoinedCard({ counts, least }: Pick<PeopleFacts, 'counts' | 'least'>): JSX.Element {
  const t = useText();
  const rows = counts.flatMap(({ building, units, joined }) =>
    joined === null
      ? []
      : [
          {
            label: fill(t.building, { building }),
            value: fill(t.joined_of, { joined: formatCount(joined), units: formatCount(units) }),
          },
        ],
  );
  const few = counts.length - rows.length;
  const rest = {
    label: fill(t.joined_few, { count: few }),
    value: fill(t.fewer_than, { least }),
  };
  return (
    <Card title={t.joined_title}>
      <p>{fill(t.joined_text, { least })}</p>
      {counts.length === 0 ? (
        <p class="hint">{t.no_units}</p>
      ) : (
        <RowList rows={few === 0 ? rows : [...rows, rest]} />
      )}
    </Card>
  );
}

export function PeoplePage({ bodies, terms, counts, least, csv }: PeopleFacts): JSX.Element {
  const t = useText();
  return (
    <>
      <Notice tone="info" title={t.two_keys}>
        {t.two_keys_text}
      </Notice>
      <div class="side-by-side">
        {bodies.map((body) => (
          <BodyCard body={body} terms={terms} />
        ))}
      </div>
      <TermTable terms={terms} csv={csv} />
      <JoinedCard counts={counts} least={least} />
    </>
  );
}

export interface InviteFacts {
  estate_code: string;
  buildings: readonly string[];
  open_units: number;
  csrf: string | undefined;
  values?: Readonly<Record<string, string | undefined>> | undefined;
  errors?: Readonly<Record<string, string | undefined>> | undefined;
}

export function InvitePage(props: InviteFacts): JSX.Element {
  const t = useText();
  return (
    <>
      <Card>
        <Form
          action={`/e/${props.estate_code}/invitations`}
          csrf={props.csrf}
          values={props.values}
          errors={props.errors}
        >
          <RadioField
            name="choice"
            label={t.invite_whom}
            required
            value={props.values?.['choice'] ?? 'building'}
            options={[
              { value: 'building', label: t.invite_building },
              { value: 'named', label: t.invite_named },
              {
                value: 'open',
                label: fill(t.invite_open, { count: formatCount(props.open_units) }),
              },
            ]}
          />
          <SelectField
            name="building"
            label={t.invite_which_building}
            options={props.buildings.map((building) => ({
              value: building,
              label: fill(t.building, { building }),
            }))}
          />
          <TextArea name="units" label={t.invite_units} hint={t.invite_units_hint} rows={4} />
          <ButtonRow>
            <Button>{t.invite_print}</Button>
          </ButtonRow>
        </Form>
      </Card>
      <Card title={t.invite_rules}>
        <ul>
          <li>{t.invite_rule_once}</li>
          <li>{t.invite_rule_print}</li>
          <li>{t.invite_rule_record}</li>
        </ul>
      </Card>
    </>
  );
}
