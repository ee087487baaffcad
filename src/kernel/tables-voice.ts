// Row types of questions, lists, votes, surveys and of what is sent to people: see tables.ts, which takes them in.
import type { ColumnType } from 'kysely';

export type Read<S> = ColumnType<S, never, never>;
export type Fixed<S, I = S> = ColumnType<S, I, never>;
export type Open<S, I = S, U = S> = ColumnType<S, I, U>;

export interface VoiceTables {
}
