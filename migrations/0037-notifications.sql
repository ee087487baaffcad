-- What is sent to people and to other programs: an outbox, bulletins of what happened (for robots of groups, webhooks and the
-- feed), relays they go to, what each person wants to be sent, and the keys of their feeds.
--   happened → bulletin (once, by its key) → outbox (one row for each relay) → sent | failed | dropped
--   told (notice) → outbox (one letter for all that waits) → sent | failed
-- Everything here is sent again after a crash under the same delivery_id: at least once, and recognisable.

-- ── What a person wants ──────────────────────────────────────────────────────────────────────────

ALTER TABLE notice_choice ADD COLUMN ways jsonb NOT NULL DEFAULT '{}' CONSTRAINT notice_choice_ways CHECK (jsonb_typeof(ways) = 'object');
COMMENT ON COLUMN notice_choice.ways IS 'By topic: now (a letter at once), digest (in the letter of the morning) or none; a topic that is not here is as the program has it.';
GRANT UPDATE (ways) ON notice_choice TO app;

ALTER TABLE notice ADD COLUMN way text NOT NULL DEFAULT 'none' CONSTRAINT notice_way CHECK (way IN ('now', 'digest', 'none'));
COMMENT ON COLUMN notice.way IS 'How it goes out by e-mail, as its person had chosen when it was told: now, digest or none.';
GRANT UPDATE (way) ON notice TO app;
CREATE INDEX notice_to_send ON notice (estate_id, person_id, notice_id) WHERE way <> 'none' AND mailed_at IS NULL AND read_at IS NULL;

-- ── Bulletins ────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE bulletin (
  estate_id integer NOT NULL REFERENCES estate,
  bulletin_id bigint GENERATED ALWAYS AS IDENTITY,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),
  facts jsonb NOT NULL,
  text_zh text NOT NULL,
  text_en text NOT NULL,
  href text NOT NULL CHECK (href ~ '^/[^/]'),
  happened_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, bulletin_id),
  CONSTRAINT bulletin_once UNIQUE (estate_id, key)
);
COMMENT ON TABLE bulletin IS 'What happened and may be told to every owner (通报): for robots of groups, webhooks and the feed. Made from the log and the clock; holds no personal data.';
COMMENT ON COLUMN bulletin.estate_id IS 'Estate.';
COMMENT ON COLUMN bulletin.bulletin_id IS 'Number.';
COMMENT ON COLUMN bulletin.key IS 'What it is about; the same is told once.';
COMMENT ON COLUMN bulletin.kind IS 'disclosure_published, exception_raised and others, see the program''s list.';
COMMENT ON COLUMN bulletin.facts IS 'The facts for programs: numbers, days, amounts as text.';
COMMENT ON COLUMN bulletin.text_zh IS 'Sentence, Chinese.';
COMMENT ON COLUMN bulletin.text_en IS 'Sentence, English.';
COMMENT ON COLUMN bulletin.href IS 'Page of the evidence.';
COMMENT ON COLUMN bulletin.happened_at IS 'When it happened.';
CALL guard_append_only('bulletin');
CALL wall_estate('bulletin');
GRANT INSERT ON bulletin TO app;

CREATE TABLE bulletin_head (
  estate_id integer PRIMARY KEY REFERENCES estate,
  seq bigint NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE bulletin_head IS 'How far the log and the calendar have been looked through for bulletins.';
COMMENT ON COLUMN bulletin_head.estate_id IS 'Estate.';
COMMENT ON COLUMN bulletin_head.seq IS 'Records of the log that were looked through.';
COMMENT ON COLUMN bulletin_head.at IS 'When; the clock is asked again an hour later.';
CALL wall_estate('bulletin_head');
GRANT INSERT, UPDATE (seq, at) ON bulletin_head TO app;

-- ── Relays ───────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE relay (
  estate_id integer NOT NULL REFERENCES estate,
  relay_id integer GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('wecom', 'dingtalk', 'feishu', 'webhook')),
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 40),
  host text NOT NULL CHECK (char_length(host) BETWEEN 1 AND 260),
  events text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 40),
  locale text NOT NULL CHECK (locale IN ('zh', 'en')),
  sealed_address bytea NOT NULL,
  sealed_secret bytea,
  sealed_before bytea,
  before_until timestamptz,
  opened_by uuid NOT NULL REFERENCES person,
  opened_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  ended_at timestamptz,
  ended_by uuid REFERENCES person,
  ended_why text CHECK (ended_why IN ('by_hand', 'gone')),
  PRIMARY KEY (estate_id, relay_id),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT relay_ended_whole CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
COMMENT ON TABLE relay IS 'Where bulletins are sent (推送): robots of groups (WeCom, DingTalk, Feishu) and signed webhooks. Address and secrets are sealed with a key outside the database.';
COMMENT ON COLUMN relay.estate_id IS 'Estate.';
COMMENT ON COLUMN relay.relay_id IS 'Number.';
COMMENT ON COLUMN relay.kind IS 'wecom 企业微信, dingtalk 钉钉, feishu 飞书, webhook.';
COMMENT ON COLUMN relay.label IS 'What it is called: 业主群.';
COMMENT ON COLUMN relay.host IS 'Host of its address, which is all that is ever shown of it.';
COMMENT ON COLUMN relay.events IS 'Kinds of bulletins that go there.';
COMMENT ON COLUMN relay.locale IS 'Language of robots: zh or en.';
COMMENT ON COLUMN relay.sealed_address IS 'Address, sealed: whoever has it can write into the group.';
COMMENT ON COLUMN relay.sealed_secret IS 'Secret that signs, sealed; NULL for robots without one.';
COMMENT ON COLUMN relay.sealed_before IS 'Secret before the last change, sealed; signs beside the new one for a day.';
COMMENT ON COLUMN relay.before_until IS 'Until when the earlier secret signs too.';
COMMENT ON COLUMN relay.opened_by IS 'Who set it up.';
COMMENT ON COLUMN relay.opened_at IS 'When; what happened before is not sent there.';
COMMENT ON COLUMN relay.seq IS 'Record.';
COMMENT ON COLUMN relay.ended_at IS 'When it ended.';
COMMENT ON COLUMN relay.ended_by IS 'Who ended it; NULL where the other side said that it is gone.';
COMMENT ON COLUMN relay.ended_why IS 'by_hand, or gone: the other side answered 410.';
CALL wall_estate('relay');
GRANT INSERT, UPDATE (label, events, locale, sealed_secret, sealed_before, before_until, ended_at, ended_by, ended_why, sealed_address) ON relay TO app;

-- ── Outbox ───────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE outbox (
  estate_id integer NOT NULL REFERENCES estate,
  outbox_id bigint GENERATED ALWAYS AS IDENTITY,
  delivery_id uuid NOT NULL DEFAULT gen_random_uuid(),
  channel text NOT NULL CHECK (channel IN ('letter', 'digest', 'relay')),
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
  person_id uuid REFERENCES person,
  relay_id integer,
  bulletin_id bigint,
  made_at timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
  problem text CHECK (problem ~ '^[a-z0-9_]{1,40}$'),
  ended_at timestamptz,
  PRIMARY KEY (estate_id, outbox_id),
  FOREIGN KEY (estate_id, relay_id) REFERENCES relay,
  FOREIGN KEY (estate_id, bulletin_id) REFERENCES bulletin,
  CONSTRAINT outbox_once UNIQUE (estate_id, key),
  CONSTRAINT outbox_target CHECK ((channel = 'relay') = (relay_id IS NOT NULL AND bulletin_id IS NOT NULL) AND (channel = 'relay') = (person_id IS NULL)),
  CONSTRAINT outbox_ended_whole CHECK ((state = 'waiting') = (ended_at IS NULL))
);
COMMENT ON TABLE outbox IS 'What is to be sent (待发): kept in the transaction that wants it sent, tried again with growing pauses. What a letter says is read when it is sent; nothing personal is kept here but for whom it is.';
COMMENT ON COLUMN outbox.estate_id IS 'Estate.';
COMMENT ON COLUMN outbox.outbox_id IS 'Number.';
COMMENT ON COLUMN outbox.delivery_id IS 'Goes along with every try, so that the receiver knows a repetition.';
COMMENT ON COLUMN outbox.channel IS 'letter, digest (of the morning) or relay.';
COMMENT ON COLUMN outbox.key IS 'What is sent to whom; the same is put here once.';
COMMENT ON COLUMN outbox.person_id IS 'Person, of a letter.';
COMMENT ON COLUMN outbox.relay_id IS 'Relay.';
COMMENT ON COLUMN outbox.bulletin_id IS 'Bulletin, for a relay.';
COMMENT ON COLUMN outbox.made_at IS 'When it was put here.';
COMMENT ON COLUMN outbox.next_at IS 'When it is tried next; while it is being sent, when it would be tried again if the process died.';
COMMENT ON COLUMN outbox.attempts IS 'Tries so far.';
COMMENT ON COLUMN outbox.state IS 'waiting, sent, failed (given up), dropped (no longer wanted).';
COMMENT ON COLUMN outbox.problem IS 'What the last try met with, as a code; never what the other side wrote.';
COMMENT ON COLUMN outbox.ended_at IS 'When it was sent, given up or dropped.';
CREATE INDEX outbox_due ON outbox (estate_id, next_at) WHERE state = 'waiting';
CREATE INDEX outbox_relay ON outbox (estate_id, relay_id, outbox_id) WHERE relay_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_one_letter ON outbox (estate_id, person_id) WHERE channel = 'letter' AND state = 'waiting';
CREATE INDEX outbox_person ON outbox (estate_id, person_id, outbox_id) WHERE person_id IS NOT NULL;
CALL wall_estate('outbox');
GRANT INSERT, UPDATE (next_at, attempts, state, problem, ended_at), DELETE ON outbox TO app;

-- ── Feed ─────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE feed_key (
  estate_id integer NOT NULL REFERENCES estate,
  person_id uuid NOT NULL REFERENCES person,
  key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
  made_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, person_id),
  CONSTRAINT feed_key_once UNIQUE (estate_id, key_hash)
);
COMMENT ON TABLE feed_key IS 'Keys of feeds: one for each person and estate, theirs to make anew and to end. Only the hash is kept.';
COMMENT ON COLUMN feed_key.estate_id IS 'Estate.';
COMMENT ON COLUMN feed_key.person_id IS 'Whose.';
COMMENT ON COLUMN feed_key.key_hash IS 'SHA-256 of the key in the address.';
COMMENT ON COLUMN feed_key.made_at IS 'When.';
CALL wall_estate('feed_key');
GRANT INSERT, UPDATE (key_hash, made_at), DELETE ON feed_key TO app;

-- Whoever erases themselves is sent nothing any more and reads no feed.
CALL amend_function('erase_here(integer, uuid, uuid, text, boolean, date, text)',
  'DELETE FROM notice_choice WHERE estate_id = p_estate AND person_id = p_person;',
  'DELETE FROM notice_choice WHERE estate_id = p_estate AND person_id = p_person;
  DELETE FROM feed_key WHERE estate_id = p_estate AND person_id = p_person;
  DELETE FROM outbox WHERE estate_id = p_estate AND person_id = p_person;');
