// Interface of what changes the books by proposal (reversals, transfers, the close), and of drafts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { demandShape, reader } from './asking.ts';
import { checksJson, closeGate, proposeClose } from './close.ts';
import { proposeReversal, proposeTransfer } from './correction.ts';
import { deleteDraft, draftsOf, readDraft, saveDraft, type Draft } from './draft.ts';
import {
  base,
  CloseAnswer,
  DraftAnswer,
  DraftBody,
  DraftPath,
  EntryPath,
  EstatePath,
  GateAnswer,
  KeyHeader,
  PeriodPath,
  ProposedAnswer,
  ReversalBody,
  security,
  tags,
  TransferBody,
} from './schemas.ts';
import { readLines, readMemo } from './typed-entry.ts';

export function correctionRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post(
    `${base}/journal-entries/:seq/reversal`,
    {
      schema: {
        tags,
        summary: 'Propose the red-letter reversal of an entry',
        security,
        params: EntryPath,
        headers: KeyHeader,
        body: ReversalBody,
        response: { 201: ProposedAnswer },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'draft_order');
      const proposed = await proposeReversal(house, {
        estate,
        actor,
        seq: Number(request.params.seq),
        key: callersKey(request),
        ...request.body,
      });
      return reply.code(201).send(proposed);
    },
  );

  app.post(
    `${base}/transfers`,
    {
      attachValidation: true,
      schema: {
        tags,
        summary: 'Propose a transfer',
        security,
        params: EstatePath,
        headers: KeyHeader,
        body: TransferBody,
        description:
          'Lines that balance in every fund; booked by itself once both keys have signed.',
        response: { 201: ProposedAnswer },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'draft_order');
      demandShape(request, (body) => {
        readLines(body.postings);
        readMemo(body.description);
      });
      const proposed = await proposeTransfer(house, {
        estate,
        actor,
        key: callersKey(request),
        ...request.body,
      });
      return reply.code(201).send(proposed);
    },
  );

  app.get(
    `${base}/periods/:period/close`,
    {
      schema: {
        tags,
        summary: 'What stands in the way of closing a month',
        security,
        params: PeriodPath,
        response: { 200: GateAnswer },
      },
    },
    (request) => {
      const { estate } = reader(request);
      const { period } = request.params;
      return inEstate(
        house.db.app,
        estate.estate_id,
        async (trx) => ({ period, checks: checksJson(await closeGate(trx, estate, period)) }),
        { readOnly: true },
      );
    },
  );

  app.post(
    `${base}/periods/:period/close`,
    {
      schema: {
        tags,
        summary: 'Propose to close a month',
        security,
        params: PeriodPath,
        headers: KeyHeader,
        description:
          'The month is closed, for good, when both keys have signed. Refused with reasons while the gate is shut.',
        response: { 201: CloseAnswer },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'propose_close');
      const proposed = await proposeClose(house, {
        estate,
        actor,
        period: request.params.period,
        key: callersKey(request),
      });
      return reply.code(201).send(proposed);
    },
  );
}

const draftJson = ({ draft_id, entry_date, content, saved_at }: Draft) => ({
  draft_id,
  entry_date,
  content,
  saved_at: saved_at.toISOString(),
});

export function draftRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const officer = (request: FastifyRequest): Estate => {
    demand(request.actor, request.estate!.estate_id, 'read_officers');
    return request.estate!;
  };

  app.get(
    `${base}/journal-drafts`,
    {
      schema: {
        tags,
        summary: 'Entries begun and not posted',
        security,
        params: EstatePath,
        response: { 200: Type.Array(DraftAnswer) },
      },
    },
    (request) => {
      const { estate_id } = officer(request);
      return inEstate(
        house.db.app,
        estate_id,
        async (trx) => (await draftsOf(trx, estate_id)).map(draftJson),
        { readOnly: true },
      );
    },
  );

  app.get(
    `${base}/journal-drafts/:draft_id`,
    {
      schema: {
        tags,
        summary: 'One draft',
        security,
        params: DraftPath,
        response: { 200: DraftAnswer },
      },
    },
    (request) => {
      const { estate_id } = officer(request);
      return inEstate(
        house.db.app,
        estate_id,
        async (trx) => draftJson(await readDraft(trx, estate_id, Number(request.params.draft_id))),
        { readOnly: true },
      );
    },
  );

  app.post(
    `${base}/journal-drafts`,
    {
      schema: {
        tags,
        summary: 'Begin a draft',
        security,
        params: EstatePath,
        body: DraftBody,
        response: { 201: DraftAnswer },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'post_receipt');
      return reply
        .code(201)
        .send(draftJson(await saveDraft(house, { estate, actor, ...request.body })));
    },
  );

  app.put(
    `${base}/journal-drafts/:draft_id`,
    {
      schema: {
        tags,
        summary: 'Save a draft again',
        security,
        params: DraftPath,
        body: DraftBody,
        response: { 200: DraftAnswer },
      },
    },
    async (request) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'post_receipt');
      return draftJson(
        await saveDraft(house, {
          estate,
          actor,
          draft_id: Number(request.params.draft_id),
          ...request.body,
        }),
      );
    },
  );

  app.delete(
    `${base}/journal-drafts/:draft_id`,
    {
      schema: {
        tags,
        summary: 'Delete a draft',
        security,
        params: DraftPath,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'post_receipt');
      await deleteDraft(house, { estate, actor, draft_id: Number(request.params.draft_id) });
      return reply.code(204).send(null);
    },
  );
}
