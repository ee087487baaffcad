// Shapes of the books' interface, with examples: what OpenAPI shows and what comes in and goes out.
import { Type, type TSchema } from 'typebox';
import { DATE_PATTERN, PERIOD_PATTERN } from '../kernel/dates.ts';
import { MONEY_PATTERN } from '../kernel/money.ts';
import { LINE_LIMIT } from './entry.ts';

export const base = '/api/v1/estates/:estate';
export const tags = ['books'];
export const exact = { additionalProperties: false } as const;
export const security = [{ session: [] }, { token: [] }];
export const Text = Type.String();
export const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);

export const AmountText = Type.String({
  pattern: MONEY_PATTERN,
  examples: ['7000.00'],
  description: 'Yuan as a decimal string with at most two places; a JSON number is refused',
});
export const Day = Type.String({
  pattern: DATE_PATTERN,
  examples: ['2026-10-12'],
  description: 'Business date in Asia/Shanghai',
});
export const Month = Type.String({ pattern: PERIOD_PATTERN, examples: ['2026-10'] });
const Code = Type.String({ minLength: 1, maxLength: 20, examples: ['1002'] });
const FundCode = Type.String({ minLength: 1, maxLength: 42, examples: ['service'] });
const Hash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of an uploaded voucher, hexadecimal',
});
export const Kind = Type.Enum(['receipt', 'payment', 'transfer'], {
  description: '收, 付, 转',
  examples: ['receipt'],
});

export const EstatePath = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
export const EntryPath = Type.Object({
  ...EstatePath.properties,
  seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$', examples: ['1204'] }),
});
export const PeriodPath = Type.Object({ ...EstatePath.properties, period: Month });
export const DraftPath = Type.Object({
  ...EstatePath.properties,
  draft_id: Type.String({ pattern: '^[1-9][0-9]{0,14}$', examples: ['3'] }),
});

export const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      examples: ['2026-10-12-lift-1'],
      description:
        'The same key with the same content is carried out once; the first answer is given again',
    }),
  ),
});

// ── What comes in ────────────────────────────────────────────────────────────────────────────────

const PostingBody = Type.Object(
  {
    account: Code,
    fund: FundCode,
    debit: Type.Optional(AmountText),
    credit: Type.Optional(AmountText),
    unit: Type.Optional(
      Type.String({
        maxLength: 40,
        examples: ['3-2-1002'],
        description: 'Dwelling it is about; kept under an opaque name',
      }),
    ),
    payee: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,8}$', examples: ['7'] })),
  },
  { ...exact, description: 'Exactly one of debit and credit' },
);

const Postings = Type.Array(PostingBody, { minItems: 1, maxItems: LINE_LIMIT });
const Vouchers = Type.Array(Hash, { maxItems: 100 });
const Memo = Type.String({
  minLength: 1,
  maxLength: 20_000,
  examples: ['快递柜场地费 第四季度'],
  description: 'Memo, at most 200 characters once trimmed',
});

const entryFields = {
  kind: Kind,
  entry_date: Type.String({
    maxLength: 40,
    examples: ['2026-10-09'],
    description: 'Business date, YYYY-MM-DD',
  }),
  description: Memo,
  postings: Postings,
  reference: Type.Optional(Type.String({ maxLength: 200, examples: ['NX2026100900012'] })),
  vouchers: Type.Optional(Vouchers),
};
const receipt = {
  kind: 'receipt',
  entry_date: '2026-10-09',
  description: '快递柜场地费 第四季度',
  postings: [
    { account: '1002', fund: 'public_income', debit: '500.00' },
    { account: '4104', fund: 'public_income', credit: '500.00' },
  ],
};
export const EntryBody = Type.Object(entryFields, { ...exact, examples: [receipt] });
export const BatchBody = Type.Object(
  {
    entries: Type.Array(
      Type.Object(
        {
          ...entryFields,
          key: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'Idempotency key of this entry',
            }),
          ),
        },
        exact,
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { ...exact, examples: [{ entries: [receipt] }] },
);

export const ReversalBody = Type.Object(
  {
    reason: Type.String({
      maxLength: 20_000,
      examples: ['重复录入，银行只收到一笔'],
      description: 'At most 120 characters; printed',
    }),
    vouchers: Type.Optional(Vouchers),
  },
  exact,
);

export const TransferBody = Type.Object(
  {
    entry_date: Type.Optional(
      Type.String({ maxLength: 40, examples: ['2026-10-31'], description: 'Default: today' }),
    ),
    description: Memo,
    postings: Postings,
    vouchers: Type.Optional(Vouchers),
  },
  {
    ...exact,
    examples: [
      {
        entry_date: '2026-10-31',
        description: '预收物业费转当期收入',
        postings: [
          { account: '2203', fund: 'service', debit: '1020.00' },
          { account: '4101', fund: 'service', credit: '1020.00' },
        ],
      },
    ],
  },
);

const Typed = Type.String({ maxLength: 500 });
export const DraftBody = Type.Object(
  {
    entry_date: Type.String({ maxLength: 40, examples: ['2026-10-09'] }),
    content: Type.Object(
      {
        description: Type.String({ maxLength: 20_000 }),
        bank_account: Typed,
        reference: Typed,
        lines: Type.Array(
          Type.Object({ account: Typed, fund: Typed, amount: Typed, unit: Typed }, exact),
          { maxItems: 50 },
        ),
        vouchers: Vouchers,
        form_key: Type.String({ maxLength: 100 }),
      },
      { ...exact, description: 'As typed; nothing is checked before posting' },
    ),
  },
  exact,
);

// ── What goes out ────────────────────────────────────────────────────────────────────────────────

const names = { name_zh: Text, name_en: Text };
const Class = Type.Enum(['asset', 'liability', 'fund', 'income', 'expense']);

export const AccountAnswer = Type.Object({
  account: Code,
  parent: Nullable(Text),
  ...names,
  class: Class,
  is_money: Type.Boolean(),
  is_postable: Type.Boolean(),
  opened_on: Text,
  closed_on: Nullable(Text),
});
export const FundAnswer = Type.Object({
  fund: FundCode,
  ...names,
  purpose_zh: Text,
  purpose_en: Text,
  is_restricted: Type.Boolean(),
  accounts: Type.Array(Text),
});
export const BalanceAnswer = Type.Object({
  account: Code,
  fund: FundCode,
  balance: Type.String({ examples: ['145644.48'] }),
  side: Type.Enum(['debit', 'credit'], { description: 'Side on which the balance is positive' }),
  ...names,
  class: Class,
  is_money: Type.Boolean(),
});
export const PeriodAnswer = Type.Object({
  period: Month,
  state: Type.Enum(['open', 'closed']),
  entries: Type.Integer(),
  debit: Text,
  received: Text,
  paid: Text,
  closing: Text,
  closed_at: Nullable(Text),
  proposal_id: Nullable(Type.Integer()),
});

const Signer = Type.Object({ body: Text, office: Text, ...names, method: Text, signed_at: Text });
const seqs = { reverses: Nullable(Type.Integer()), reversed_by: Nullable(Type.Integer()) };
const EntryRow = Type.Object({
  seq: Type.Integer({ examples: [1204] }),
  period: Month,
  kind: Kind,
  number: Type.String({ examples: ['收-041'] }),
  entry_date: Day,
  description: Text,
  amount: Text,
  received: Text,
  paid: Text,
  balance: Type.String({
    description: 'Money of the estate (of the fund asked for) after this entry',
  }),
  accounts: Type.Array(Type.Object({ account: Text, ...names })),
  funds: Type.Array(Text),
  proposal_id: Nullable(Type.Integer()),
  signers: Type.Array(Signer),
  vouchers: Type.Integer(),
  inquiries: Type.Integer(),
  open_inquiries: Type.Integer(),
  ...seqs,
});
export const EntryList = Type.Object({ items: Type.Array(EntryRow), next_cursor: Nullable(Text) });

const Link = Nullable(Type.Object({ seq: Type.Integer(), number: Text, period: Month }));
export const EntryAnswer = Type.Object({
  seq: Type.Integer(),
  period: Month,
  kind: Kind,
  number: Text,
  entry_date: Day,
  description: Text,
  amount: Text,
  amount_capital: Type.String({ examples: ['柒仟元整'] }),
  reference: Nullable(Text),
  proposal_id: Nullable(Type.Integer()),
  recorded_at: Type.String({ examples: ['2026-10-12T02:30:11.123Z'] }),
  leaf_hash: Text,
  postings: Type.Array(
    Type.Object({
      line: Type.Integer(),
      account: Code,
      account_zh: Text,
      account_en: Text,
      fund: FundCode,
      fund_zh: Text,
      fund_en: Text,
      debit: Text,
      credit: Text,
      unit: Nullable(Text),
      payee: Nullable(Text),
    }),
  ),
  vouchers: Type.Array(
    Type.Object({ sha256: Text, file_name: Text, media_type: Text, size: Type.Integer() }),
  ),
  signers: Type.Array(Signer),
  reverses: Link,
  reversed_by: Link,
  reversal_proposal: Nullable(Type.Integer()),
  emergency: Nullable(
    Type.Object(
      { ratify_by: Nullable(Day), ratified_at: Nullable(Text) },
      { description: 'Only of an entry under an emergency order' },
    ),
  ),
});

export const PostedAnswer = Type.Object({
  status: Type.Enum(['posted', 'already_posted']),
  seq: Type.Integer(),
  period: Month,
  number: Type.String({ examples: ['收-041'] }),
  recorded_at: Text,
  leaf_hash: Text,
});
const ProblemAnswer = Type.Object({
  code: Text,
  status: Type.Integer(),
  title: Text,
  detail: Text,
  field: Type.Optional(Text),
});
export const BatchAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      status: Type.String({ examples: ['posted', 'fund_unbalanced'] }),
      seq: Type.Optional(Type.Integer()),
      period: Type.Optional(Text),
      number: Type.Optional(Text),
      problem: Type.Optional(ProblemAnswer),
    }),
  ),
});
export const ProposedAnswer = Type.Object({ proposal_id: Type.Integer(), document_hash: Text });
const Check = Type.Object({
  check: Text,
  state: Type.Enum(['ok', 'note', 'refused']),
  text_zh: Text,
  text_en: Text,
});
export const CloseAnswer = Type.Object({ ...ProposedAnswer.properties, checks: Type.Array(Check) });
export const GateAnswer = Type.Object({ period: Month, checks: Type.Array(Check) });
export const DraftAnswer = Type.Object({
  draft_id: Type.Integer(),
  entry_date: Text,
  content: DraftBody.properties.content,
  saved_at: Text,
});
