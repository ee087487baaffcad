// Bodies, terms and delegations as every owner may see them, and the form that makes invitation sheets.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, RadioField, SelectField, TextArea } from '../web/forms.tsx';
import { formatCount, formatDate, formatDay, pick } from '../web/locale.ts';
import { Card, Chip, Notice, RowList, type Row } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { BodyRow, DelegationRow, TermRow } from './queries.ts';
import { inPlaceOf, termTexts } from './term-texts.ts';
import { bodyTexts, officeTexts, texts } from './texts.ts';

export interface ShownTerm extends TermRow {
  in_office: boolean;
  /** Null where no rule asks the body, so that there is nothing to sign. */
  may_sign: boolean | null;
  /** Days left of a term that ends within 30; else null. */
  ends_in: number | null;
}
export interface ShownDelegation extends DelegationRow {
  state: 'now' | 'later' | 'over' | 'lapsed';
  /** Whether whoever looks is one of the two. */
  mine: boolean;
}
/** joined: null where so few joined that a count would point at a family. */
export interface ShownCount {
  building: string;
  units: number;
  joined: number | null;
}
export interface PeopleFacts {
  code: string;
  bodies: readonly BodyRow[];
  terms: readonly ShownTerm[];
  delegations: readonly ShownDelegation[];
  may_propose: boolean;
  csrf: string | undefined;
  counts: readonly ShownCount[];
  least: number;
  csv: string;
}

const useText = () => pick(texts, useLocale());

const useTermText = () => pick(termTexts, useLocale());

function TermChips({ term }: { term: ShownTerm }): JSX.Element | null {
  const t = useText();
  const more = useTermText();
  const signs =
    term.may_sign === null ? null : term.office === 'deputy' ? (
      <Chip tone="plain">{more.signs_for_others}</Chip>
    ) : (
      <Chip tone={term.may_sign ? 'ok' : 'plain'}>{term.may_sign ? t.signs : t.signs_not}</Chip>
    );
  const soon =
    term.ends_in === null ? null : (
      <Chip tone="amber">
        {term.ends_in === 0 ? more.ends_today : fill(more.ends_soon, { days: term.ends_in })}
      </Chip>
    );
  return (
    <>
      {signs} {soon}
    </>
  );
}

const daysOf = (
  row: { starts_on: string; ends_on: string },
  locale: 'zh' | 'en',
  text: string,
): string => {
  // The year is said once, and only where the two days are not of the same one.
  const format = row.starts_on.slice(0, 4) === row.ends_on.slice(0, 4) ? formatDay : formatDate;
  return fill(text, { from: format(row.starts_on, locale), to: format(row.ends_on, locale) });
};

const ProposalLink = ({ code, proposal }: { code: string; proposal: number }): JSX.Element => (
  <a href={`/e/${code}/proposals/${proposal}`}>
    {fill(useTermText().by_proposal, { proposal })}
  </a>
);

type BodyFacts = Pick<PeopleFacts, 'code' | 'terms' | 'delegations' | 'may_propose'>;

function termRow(term: ShownTerm, { code, may_propose }: BodyFacts, locale: 'zh' | 'en'): Row {
  const t = pick(texts, locale);
  const more = pick(termTexts, locale);
  const days = { from: formatDate(term.starts_on, locale), to: formatDate(term.ends_on, locale) };
  return {
    label: term.name ?? t.erased,
    value: officeTexts[term.office][locale],
    chip: <TermChips term={term} />,
    note: (
      <>
        {fill(t.term_of, days)}
        {may_propose && (
          <>
            {' · '}
            <a href={`/e/${code}/terms/${term.term_id}/end`}>{more.propose_end}</a>
          </>
        )}
      </>
    ),
  };
}

function delegationRow(row: ShownDelegation, code: string, locale: 'zh' | 'en'): Row {
  const more = pick(termTexts, locale);
  return {
    label: inPlaceOf(locale, {
      delegate: row.delegate_name,
      principal: row.principal_name,
      principal_office: row.principal_office,
    }),
    value: row.state === 'now' ? more.substitute : more.state_later,
    note: (
      <>
        {daysOf(row, locale, more.days)}
        {row.after_days > 0 && <> · {fill(more.after, { days: row.after_days })}</>}
        {' · '}
        <ProposalLink code={code} proposal={row.proposal_id} />
      </>
    ),
  };
}

function BodyCard({ body, facts }: { body: BodyRow; facts: BodyFacts }): JSX.Element {
  const t = useText();
  const more = useTermText();
  const locale = useLocale();
  const { code, terms, delegations, may_propose } = facts;
  const key = { company: t.key_company, owners: t.key_owners, none: t.key_none }[
    body.key_side ?? 'none'
  ];
  const rows = [
    ...terms
      .filter((term) => term.body === body.body && term.in_office)
      .map((term) => termRow(term, facts, locale)),
    ...delegations
      .filter((row) => row.body === body.body && (row.state === 'now' || row.state === 'later'))
      .map((row) => delegationRow(row, code, locale)),
  ];
  const has_deputy = terms.some(
    (term) => term.body === body.body && term.office === 'deputy' && term.in_office,
  );
  const links = !may_propose ? null : (
    <p class="links">
      <a class="tap" href={`/e/${code}/terms/appoint?body=${body.body}`}>
        {more.propose_appointment}
      </a>
      {has_deputy && (
        <>
          {' · '}
          <a class="tap" href={`/e/${code}/delegations/new?body=${body.body}`}>
            {more.propose_delegation}
          </a>
        </>
      )}
    </p>
  );
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
      {links}
    </Card>
  );
}

function TermTable({ code, terms, csv }: Pick<PeopleFacts, 'code' | 'terms' | 'csv'>): JSX.Element {
  const t = useText();
  const more = useTermText();
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
        {
          key: 'basis',
          title: more.basis,
          cell: (term) =>
            term.proposal_id === null ? (
              more.at_opening
            ) : (
              <ProposalLink code={code} proposal={term.proposal_id} />
            ),
        },
      ]}
    />
  );
}

function EndButton({ row, code, csrf }: { row: ShownDelegation; code: string; csrf: string | undefined }) {
  const more = useTermText();
  const { delegation_id } = row;
  return (
    <Form
      id={`end-${delegation_id}`}
      action={`/e/${code}/delegations/${delegation_id}/end`}
      csrf={csrf}
    >
      <Button kind="alt">{more.end_delegation}</Button>
    </Form>
  );
}

function DelegationCard({
  code,
  delegations,
  csrf,
}: Pick<PeopleFacts, 'code' | 'delegations' | 'csrf'>): JSX.Element {
  const more = useTermText();
  const locale = useLocale();
  return (
    <Card title={more.delegations} id="delegations">
      <p>{more.delegations_text}</p>
      <LedgerTable
        caption={more.delegations}
        caption_hidden
        empty={more.no_delegations}
        rows={delegations}
        rowState={(row) => (row.state === 'now' || row.state === 'later' ? undefined : 'muted')}
        columns={[
          {
            key: 'who',
            title: more.who,
            lead: true,
            cell: (row) =>
              inPlaceOf(locale, {
                delegate: row.delegate_name,
                principal: row.principal_name,
                principal_office: row.principal_office,
              }),
          },
          { key: 'body', title: useText().body, cell: (row) => bodyTexts[row.body][locale] },
          { key: 'when', title: more.when, cell: (row) => daysOf(row, locale, more.days) },
          {
            key: 'after_days',
            title: more.when_of,
            cell: (row) =>
              row.after_days === 0 ? more.at_once : fill(more.after, { days: row.after_days }),
          },
          {
            key: 'proposal',
            title: more.basis,
            cell: (row) => <ProposalLink code={code} proposal={row.proposal_id} />,
          },
          {
            key: 'state',
            title: more.state,
            cell: (row) => (
              <>
                {more[`state_${row.state}`]}
                {row.mine && (row.state === 'now' || row.state === 'later') && (
                  <EndButton row={row} code={code} csrf={csrf} />
                )}
              </>
            ),
          },
        ]}
      />
    </Card>
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

export function PeoplePage(facts: PeopleFacts): JSX.Element {
  const t = useText();
  const { code, bodies, terms, delegations, counts, least, csv, csrf } = facts;
  return (
    <>
      <Notice tone="info" title={t.two_keys}>
        {t.two_keys_text}
      </Notice>
      <p class="links">
        <a class="tap" href={`/e/${code}/people/forms`}>
          {t.forms_link}
        </a>
        {facts.may_propose && (
          <>
            {' · '}
            <a class="tap" href={`/e/${code}/opening`}>
              {t.setup_link}
            </a>
          </>
        )}
      </p>
      <div class="side-by-side">
        {bodies.map((body) => (
          <BodyCard body={body} facts={facts} />
        ))}
      </div>
      <DelegationCard code={code} delegations={delegations} csrf={csrf} />
      <TermTable code={code} terms={terms} csv={csv} />
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
