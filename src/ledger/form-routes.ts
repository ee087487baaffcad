// Forms of the desk: each is shown, posted, and on a refusal shown again filled in, with the reason at its
// field and the files kept. The form's key makes five presses of the button one entry.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Actor, type Capability, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { proposeReversal, proposeTransfer } from './correction.ts';
import { deleteDraft, readDraft, saveDraft } from './draft.ts';
import { receiptPage, reversalPage, transferPage } from './form-pages.tsx';
import { postReceipt } from './journal.ts';
import { readEntry } from './entry-queries.ts';
import { openDays } from './period-queries.ts';
import { accountsOf, fundsOf } from './queries.ts';
import {
  draftOfForm,
  formOfDraft,
  readReceiptForm,
  readTransferForm,
  type Fields,
} from './typed-form.ts';

export interface FormRead {
  fields: Record<string, string>;
  /** SHA-256 of the vouchers of the form, kept ones and new ones. */
  vouchers: string[];
}
/** Reads a form with its files; a refusal about a file carries `form`: all the rest of it. */
export type Intake = (request: FastifyRequest, house: House) => Promise<FormRead>;

const Path = Type.Object({ estate: Type.String() });
const EntryPath = Type.Object({
  estate: Type.String(),
  seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
});
const DraftPath = Type.Object({
  estate: Type.String(),
  draft_id: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
});

interface FormState {
  values: Fields;
  errors: Record<string, string>;
  vouchers: readonly string[];
  form_key: string;
}
const blank = (values: Fields = {}): FormState => ({
  values,
  errors: {},
  vouchers: [],
  form_key: newFormKey(),
});

interface Here {
  estate: Estate;
  actor: Actor;
}
const here = (request: FastifyRequest, capability: Capability): Here => {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, capability) };
};

async function keptFiles(
  trx: Trx,
  { estate_id, code }: Estate,
  hashes: readonly string[],
): Promise<VoucherItem[]> {
  if (hashes.length === 0) return [];
  const rows = await trx
    .selectFrom('voucher')
    .select(['sha256', 'file_name', 'media_type', 'size'])
    .where('estate_id', '=', estate_id)
    .where('sha256', 'in', [...hashes])
    .execute();
  return rows.map((row) => ({ ...row, href: `/e/${code}/vouchers/${row.sha256}` }));
}

/** A whole number in a hidden field; null when it is none. */
const numberIn = (fields: Fields, name: string): number | null =>
  /^[1-9][0-9]{0,14}$/.test(fields[name] ?? '') ? Number(fields[name]) : null;

const keyIn = (fields: Fields): string => {
  const key = fields['form_key'] ?? '';
  return key !== '' && key.length <= 100 && key.isWellFormed() ? key : newFormKey();
};

/** Reads the form and does the work; a refusal shows the form again as it was typed. */
async function workOn(
  request: FastifyRequest,
  house: House,
  intake: Intake,
  work: (
    form: FormRead & { form_key: string },
    tellField: (map: (field: string | undefined) => string | undefined) => void,
  ) => Promise<FastifyReply>,
  again: (form: FormState, status: number) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  let form: FormRead = { fields: {}, vouchers: [] };
  let fieldOf = (field: string | undefined): string | undefined => field;
  try {
    form = await intake(request, house);
    return await work({ ...form, form_key: keyIn(form.fields) }, (map) => {
      fieldOf = map;
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401 || error.status === 403) throw error;
    if ('form' in error) form = error.form as FormRead;
    const locale: Locale = localeOf(request);
    return again(
      {
        values: form.fields,
        errors: { [fieldOf(error.field) ?? '']: error.in(locale) },
        vouchers: form.vouchers,
        // The same key: what is corrected now is still the same submission, and was not booked.
        form_key: error.code === 'key_reused' ? newFormKey() : keyIn(form.fields),
      },
      error.status,
    );
  }
}

export function formPageRoutes(
  app: FastifyInstance,
  house: House,
  { intake }: { intake: Intake },
): void {
  receiptRoutes(app, house, intake);
  transferRoutes(app, house, intake);
  reversalRoutes(app, house, intake);
}

const formTables = async (trx: Trx, { estate_id }: Estate) => ({
  accounts: await accountsOf(trx, estate_id),
  funds: await fundsOf(trx, estate_id),
  days: await openDays(trx, estate_id),
});

function receiptRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    form: FormState,
    draft_id: number | null,
    status = 200,
  ) => {
    const { estate } = here(request, 'post_receipt');
    const shown = await inEstate(
      house.db.app,
      estate.estate_id,
      async (trx) => ({
        ...(await formTables(trx, estate)),
        kept: await keptFiles(trx, estate, form.vouchers),
      }),
      { readOnly: true },
    );
    const address = `/e/${estate.code}/journal/new${draft_id === null ? '' : `?draft=${draft_id}`}`;
    const values = { entry_date: shown.days.last, bank_account: '1002', ...form.values };
    return htmlReply(
      reply,
      receiptPage(frameOf(request, { here: address }), {
        code: estate.code,
        ...shown,
        form_key: form.form_key,
        values,
        errors: form.errors,
        draft_id,
      }),
      status,
    );
  };

  app.get(
    '/e/:estate/journal/new',
    { schema: { hide: true, params: Path } },
    async (request, reply) => {
      const { estate } = here(request, 'post_receipt');
      const { draft } = request.query as { draft?: unknown };
      if (typeof draft !== 'string' || !/^[1-9][0-9]{0,14}$/.test(draft))
        return show(request, reply, blank(), null);
      const found = await inEstate(
        house.db.app,
        estate.estate_id,
        (trx) => readDraft(trx, estate.estate_id, Number(draft)),
        { readOnly: true },
      );
      const { vouchers, form_key } = found.content;
      return show(
        request,
        reply,
        { ...blank(formOfDraft(found)), vouchers, form_key },
        found.draft_id,
      );
    },
  );

  app.post('/e/:estate/journal/new', { schema: { hide: true, params: Path } }, (request, reply) => {
    const { estate, actor } = here(request, 'post_receipt');
    let draft_id: number | null = null;
    return workOn(
      request,
      house,
      intake,
      async ({ fields, vouchers, form_key }, tellField) => {
        draft_id = numberIn(fields, 'draft_id');
        if (fields['action'] === 'draft') {
          await saveDraft(house, {
            estate,
            actor,
            draft_id: draft_id ?? undefined,
            entry_date: fields['entry_date'] ?? '',
            content: draftOfForm(fields, vouchers, form_key),
          });
          return reply.redirect(`/e/${estate.code}/journal?done=saved`, 303);
        }
        const { entry, fieldOf } = readReceiptForm(fields, vouchers);
        tellField(fieldOf);
        const posted = await postReceipt(house, { estate, actor, entry, key: form_key });
        if (draft_id !== null) await deleteDraft(house, { estate, actor, draft_id });
        return reply.redirect(`/e/${estate.code}/journal/${posted.seq}?done=posted`, 303);
      },
      (form, status) => show(request, reply, form, draft_id, status),
    );
  });

  app.post(
    '/e/:estate/journal/drafts/:draft_id/delete',
    { schema: { hide: true, params: DraftPath } },
    async (request, reply) => {
      const { estate, actor } = here(request, 'post_receipt');
      await deleteDraft(house, { estate, actor, draft_id: Number(request.params.draft_id) });
      return reply.redirect(`/e/${estate.code}/journal?done=deleted`, 303);
    },
  );
}

function transferRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    form: FormState,
    status = 200,
  ) => {
    const { estate } = here(request, 'draft_order');
    const shown = await inEstate(
      house.db.app,
      estate.estate_id,
      async (trx) => ({
        ...(await formTables(trx, estate)),
        kept: await keptFiles(trx, estate, form.vouchers),
      }),
      { readOnly: true },
    );
    const values = { entry_date: shown.days.last, ...form.values };
    return htmlReply(
      reply,
      transferPage(frameOf(request, { here: `/e/${estate.code}/journal/transfer` }), {
        code: estate.code,
        ...shown,
        form_key: form.form_key,
        values,
        errors: form.errors,
      }),
      status,
    );
  };

  app.get(
    '/e/:estate/journal/transfer',
    { schema: { hide: true, params: Path } },
    (request, reply) => show(request, reply, blank()),
  );

  app.post(
    '/e/:estate/journal/transfer',
    { schema: { hide: true, params: Path } },
    (request, reply) => {
      const { estate, actor } = here(request, 'draft_order');
      return workOn(
        request,
        house,
        intake,
        async ({ fields, vouchers, form_key }, tellField) => {
          const { entry, fieldOf } = readTransferForm(fields, vouchers);
          tellField(fieldOf);
          const { proposal_id } = await proposeTransfer(house, {
            estate,
            actor,
            key: form_key,
            entry_date: fields['entry_date'],
            description: entry.description,
            postings: entry.postings,
            vouchers,
          });
          return reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
        },
        (form, status) => show(request, reply, form, status),
      );
    },
  );
}

function reversalRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (
    request: FastifyRequest<{ Params: { seq: string } }>,
    reply: FastifyReply,
    form: FormState,
    status = 200,
  ) => {
    const { estate } = here(request, 'draft_order');
    const seq = Number(request.params.seq);
    const shown = await inEstate(
      house.db.app,
      estate.estate_id,
      async (trx) => ({
        entry: await readEntry(trx, estate.estate_id, seq, 'all'),
        kept: await keptFiles(trx, estate, form.vouchers),
      }),
      { readOnly: true },
    );
    return htmlReply(
      reply,
      reversalPage(frameOf(request, { here: `/e/${estate.code}/journal/${seq}/reversal` }), {
        code: estate.code,
        ...shown,
        form_key: form.form_key,
        values: form.values,
        errors: form.errors,
      }),
      status,
    );
  };

  app.get(
    '/e/:estate/journal/:seq/reversal',
    { schema: { hide: true, params: EntryPath } },
    (request, reply) => show(request, reply, blank()),
  );

  app.post(
    '/e/:estate/journal/:seq/reversal',
    { schema: { hide: true, params: EntryPath } },
    (request, reply) => {
      const { estate, actor } = here(request, 'draft_order');
      return workOn(
        request,
        house,
        intake,
        async ({ fields, vouchers, form_key }) => {
          const { proposal_id } = await proposeReversal(house, {
            estate,
            actor,
            key: form_key,
            seq: Number(request.params.seq),
            reason: fields['reason'],
            vouchers,
          });
          return reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
        },
        (form, status) => show(request, reply, form, status),
      );
    },
  );
}
