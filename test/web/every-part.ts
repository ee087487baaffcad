// A page with every part on it, for the tests of the web floor: `said` goes wherever a page shows
// text that people wrote, `href` wherever it shows an address.
import { h, type ComponentChild } from 'preact';
import * as fields from '../../src/web/fields.tsx';
import * as forms from '../../src/web/forms.tsx';
import * as parts from '../../src/web/parts.tsx';
import * as tables from '../../src/web/tables.tsx';
import * as vouchers from '../../src/web/vouchers.tsx';
import { Amount } from '../../src/web/amount.tsx';
import { MonthsChart } from '../../src/web/chart.tsx';
import { page, type PageProps } from '../../src/web/shell.tsx';

const action = (said: string, href: string) => ({ href, label: said });

function shownParts(said: string, href: string): ComponentChild[] {
  return [
    h(parts.Card, { title: said, tone: 'amber', actions: said, children: said }),
    h(parts.BalanceCard, {
      label: said,
      amount: '145644.48',
      check: { ok: false, text: said },
      figures: [
        { label: said, amount: '1.00', href },
        { label: said, text: said },
      ],
    }),
    h(parts.RowList, {
      rows: [
        { label: said, amount: '1.00', note: said, href, chip: said },
        { label: said, value: said },
      ],
      more: action(said, href),
    }),
    h(parts.Chip, { tone: 'red', children: said }),
    h(parts.Notice, { tone: 'alarm', title: said, children: said, action: action(said, href) }),
    h(parts.Timeline, {
      steps: [{ state: 'done', title: said, who: said, when: said, note: said }],
    }),
    h(parts.DescriptionList, { items: [{ term: said, value: said }, null, false] }),
    h(parts.Steps, { label: said, steps: [{ title: said, state: 'here', note: said }] }),
    h(parts.Checks, { items: [{ state: 'attention', text: said }] }),
    h(parts.EmptyState, { title: said, text: said, action: action(said, href) }),
    h(parts.Columns, { children: h(parts.ActionLink, { href, children: said }) }),
    h(MonthsChart, {
      months: [{ period: '2026-10', received: '5.00', paid: '4.00' }],
      label: said,
    }),
    h(Amount, { value: '-120.00', redletter: true, capital: true }),
  ];
}

function tablesAndVouchers(said: string, href: string): ComponentChild[] {
  const voucher: vouchers.VoucherItem = {
    sha256: said,
    file_name: said,
    media_type: 'application/pdf',
    size: 9,
    href,
    kind: said,
  };
  const picture = { ...voucher, media_type: 'image/png', thumb_href: href };
  return [
    h(tables.LedgerTable<{ memo: string; amount: string }>, {
      caption: said,
      csv: href,
      rows: [{ memo: said, amount: '-1.00' }],
      columns: [
        { key: 'memo', title: said, lead: true },
        { key: 'amount', title: said, type: 'money' },
      ],
      totals: [{ label: said, cells: { amount: '-1.00' } }],
      rowState: () => 'redletter' as const,
      rowId: () => 'row-1',
    }),
    h(tables.Filters, {
      action: href,
      csv: href,
      reset_href: href,
      fields: [
        { name: 'q', label: said, type: 'search', value: said, hint: said },
        {
          name: 'fund',
          label: said,
          type: 'select',
          value: said,
          options: [{ value: said, label: said }],
        },
        { name: 'kept', label: said, type: 'hidden', value: said },
      ],
    }),
    h(tables.Pager, {
      here: `/e/x?q=${encodeURIComponent(said)}&cursor=a`,
      next_cursor: said,
      shown: 1,
    }),
    h(vouchers.VoucherList, { vouchers: [voucher, picture, { ...voucher, removed: true }] }),
    h(vouchers.VoucherView, voucher),
    h(vouchers.VoucherView, picture),
  ];
}

function formParts(said: string, href: string): ComponentChild {
  const options = [
    { value: said, label: said, hint: said },
    { value: 'b', label: said, group: said },
  ];
  const shared = { label: said, hint: said, required: true };
  return h(forms.Form, {
    id: 'order',
    action: href,
    form_key: said,
    csrf: said,
    multipart: true,
    values: { memo: said, amount: said, date: said, purpose: said },
    errors: { memo: said, amount: said, decision: said, files: said, sure: said, '': said },
    children: [
      h(fields.TextField, { ...shared, name: 'memo', list: [said] }),
      h(fields.AmountField, { ...shared, name: 'amount' }),
      h(fields.DateField, { ...shared, name: 'date' }),
      h(fields.PeriodField, { ...shared, name: 'period', value: said }),
      h(fields.SelectField, { ...shared, name: 'account', options, empty: said }),
      h(fields.RadioField, { ...shared, name: 'decision', options }),
      h(fields.CheckField, { ...shared, name: 'sure' }),
      h(fields.TextArea, { ...shared, name: 'purpose' }),
      h(fields.FileField, {
        ...shared,
        name: 'files',
        kept: [{ sha256: said, file_name: said, media_type: said, size: 9, href }],
      }),
      h(forms.ButtonRow, {
        children: [
          h(forms.Button, { name: said, value: said, children: said }),
          h(forms.Button, { kind: 'danger', why_not: said, children: said }),
        ],
      }),
    ],
  });
}

/** The whole page; `more` overrides what the shell is given. */
export function everyPart(said: string, href: string, more: Partial<PageProps> = {}): string {
  const nav = ['a', 'b', 'c', 'd', 'e', 'f'].map((path) => ({
    href: `${href}/${path}`,
    label: said,
    count: 2,
  }));
  return page({
    locale: 'zh',
    title: said,
    here: `/e/x?q=${encodeURIComponent(said)}`,
    estate: { code: said, name_zh: said, name_en: said },
    actor: { name: said, offices: [said] },
    session: { sign_in_href: href, sign_out_action: href, csrf: said },
    nav,
    lede: said,
    flash: { tone: 'alarm', text: said },
    crumbs: [action(said, href)],
    verify_href: href,
    body: [...shownParts(said, href), ...tablesAndVouchers(said, href), formParts(said, href)],
    ...more,
  });
}
