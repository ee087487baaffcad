// Row types of the owners' assembly: resolutions, ballots, opinions and surveys. See tables.ts, which takes them in.
import type { ColumnType } from 'kysely';

type Read<S> = ColumnType<S, never, never>;
type Fixed<S, I = S> = ColumnType<S, I, never>;
type Open<S, I = S> = ColumnType<S, I, S>;
/** Written by a door. */
type Told<S> = ColumnType<S | null, never, never>;

/** The law's majorities, by the day from which they hold. */
export interface MajorityRuleTable {
  rule_day: Read<string>;
  counted_of: Read<'participants' | 'all'>;
  quorum_part: Read<number>;
  quorum_whole: Read<number>;
  quorum_above: Read<boolean>;
  ordinary_part: Read<number>;
  ordinary_whole: Read<number>;
  ordinary_above: Read<boolean>;
  special_part: Read<number>;
  special_whole: Read<number>;
  special_above: Read<boolean>;
  special_matters: Read<string[]>;
  source_zh: Read<string>;
  source_en: Read<string>;
}

/** What the owners are asked to resolve; a draft until it is announced. */
export interface ResolutionTable {
  estate_id: Fixed<number>;
  resolution_id: Read<number>;
  matter: Open<string>;
  title: Open<string>;
  wording: Open<string>;
  stricter: Open<boolean>;
  secret: Open<boolean>;
  starts_on: Open<string>;
  ends_on: Open<string>;
  paper_days: Open<number>;
  files: Open<string[]>;
  drafted_by: Fixed<string>;
  drafted_at: Fixed<Date>;
  opened_seq: Told<number>;
  opened_on: Told<string>;
  rule_day: Told<string>;
  special: Told<boolean>;
  voters: Told<number>;
  units: Told<number>;
  area: Told<string>;
  called_off_seq: Told<number>;
  counted_seq: Told<number>;
  counted_on: Told<string>;
  outcome: Told<string>;
  count_body: Told<string>;
  count_sha256: Told<string>;
  certified_seq: Told<number>;
  certified_by: Told<number>;
}

/** Roll of a resolution: owners by a random name. */
export interface ResolutionVoterTable {
  estate_id: Read<number>;
  resolution_id: Read<number>;
  voter: Read<string>;
  area: Read<string>;
  units: Read<number>;
}
/** Dwellings behind a name on the roll. */
export interface ResolutionUnitTable {
  estate_id: Read<number>;
  resolution_id: Read<number>;
  unit: Read<string>;
  voter: Read<string>;
  area: Read<string>;
}
export interface BallotTable {
  estate_id: Read<number>;
  resolution_id: Read<number>;
  voter: Read<string>;
  way: Read<'online' | 'paper'>;
  choice: Read<string | null>;
  commitment: Read<string | null>;
  paper_id: Read<number | null>;
  seq: Read<number>;
}
export interface SecretBallotTable {
  estate_id: Read<number>;
  resolution_id: Read<number>;
  voter: Read<string>;
  code: Read<string>;
  choice: Read<string>;
  cast_by: Read<string | null>;
}
export interface PaperBallotTable {
  estate_id: Read<number>;
  paper_id: Read<number>;
  resolution_id: Read<number>;
  voter: Read<string>;
  voucher: Read<string>;
  entered_at: Read<Date>;
  state: Read<'open' | 'cast' | 'set_aside'>;
}
export interface PaperEntryTable {
  estate_id: Read<number>;
  paper_id: Read<number>;
  person_id: Read<string>;
  body: Read<string>;
  choice: Read<string | null>;
  seq: Read<number>;
}

/** Opinions and satisfaction surveys. */
export interface SurveyTable {
  estate_id: Fixed<number>;
  survey_id: Read<number>;
  kind: Fixed<'opinion' | 'satisfaction'>;
  title: Fixed<string>;
  wording: Fixed<string>;
  questions: Fixed<string[]>;
  starts_on: Fixed<string>;
  ends_on: Fixed<string>;
  units: Fixed<number>;
  opened_seq: Fixed<number>;
  closed_seq: Told<number>;
  answered: Told<number>;
  results: Told<number[][]>;
}
export interface SurveyTakerTable {
  estate_id: Read<number>;
  survey_id: Read<number>;
  unit: Read<string>;
}
export interface SurveyAnswerTable {
  estate_id: Read<number>;
  survey_id: Read<number>;
  answer_id: Read<string>;
  scores: Read<number[]>;
}
export interface SurveyWordsTable {
  estate_id: Read<number>;
  survey_id: Read<number>;
  answer_id: Read<string>;
  words: Read<string>;
  shown: Read<boolean>;
}

export interface AssemblyTables {
  majority_rule: MajorityRuleTable;
  resolution: ResolutionTable;
  resolution_voter: ResolutionVoterTable;
  resolution_unit: ResolutionUnitTable;
  ballot: BallotTable;
  secret_ballot: SecretBallotTable;
  paper_ballot: PaperBallotTable;
  paper_entry: PaperEntryTable;
  survey: SurveyTable;
  survey_taker: SurveyTakerTable;
  survey_answer: SurveyAnswerTable;
  survey_words: SurveyWordsTable;
}
