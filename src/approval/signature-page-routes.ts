// The page that tells who signed for an entry of the journal. Every owner may read it.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { verifyEvidence } from '../proof/signatures.ts';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { readEvidence } from './evidence.ts';
import { signaturesPage, type SignaturesShown } from './signature-pages.tsx';
import { signRefusals } from './sign-refusals.ts';
import { namesFor, viewProposal } from './view.ts';

const EntryPath = Type.Object({ estate: Type.String(), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });

type SignedEntry = SignaturesShown['entry'] & { proposal_id: number };

/** Refusal: entry_not_signed, also where there is no such entry. */
async function signedEntry(trx: Trx, estate_id: number, seq: number): Promise<SignedEntry> {
  const row = await trx.selectFrom('journal_entry')
    .select((eb) => ['seq', 'period', 'kind', 'entry_date', 'description', 'amount', 'proposal_id', eb.fn<string>('entry_number', ['kind', 'number']).as('number')])
    .where('estate_id', '=', estate_id).where('seq', '=', seq).executeTakeFirst();
  if (row === undefined || row.proposal_id === null) throw signRefusals.entry_not_signed();
  return { ...row, proposal_id: row.proposal_id };
}

export function signaturePageRoutes(instance: FastifyInstance, house: House): void {
  instance.withTypeProvider<TypeBoxTypeProvider>().get('/e/:estate/journal/:seq/signatures', { schema: { hide: true, params: EntryPath } },
    async (request, reply) => {
      const estate = request.estate!;
      const { estate_id, code } = estate;
      const actor = demand(request.actor, estate_id, 'read_books');
      const shown = await inEstate(house.db.app, estate_id, async (trx) => {
        const { proposal_id, ...entry } = await signedEntry(trx, estate_id, Number(request.params.seq));
        return {
          entry, view: await viewProposal(trx, { estate, actor, proposal_id }), names: await namesFor(trx, estate_id, []),
          verified: verifyEvidence(await readEvidence(trx, { estate, actor, proposal_id })),
        };
      }, { readOnly: true, isolation: 'repeatable read' });
      return htmlReply(reply, signaturesPage(frameOf(request, { audience: 'resident' }), { code, ...shown }));
    });
}
