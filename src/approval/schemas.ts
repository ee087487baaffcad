// What the interfaces of proposals say the same way: days, and the resolution behind a proposal.
import { Type } from 'typebox';

export const Day = Type.String({ maxLength: 20, examples: ['2026-11-01'] });
export const Resolution = Type.Object({
  title: Type.Optional(Type.String({ maxLength: 500, examples: ['2026 年第二次业主大会决议'] })),
  date: Type.Optional(Day),
  voucher: Type.Optional(Type.String({ maxLength: 64, description: 'SHA-256 of a file handed in as a voucher' })),
  resolution_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e12, description: 'Instead of the three: a vote of the owners that was counted here' })),
}, { additionalProperties: false });
export const KeyHeader = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 200 })) });
export const security = [{ session: [] }, { token: [] }];

