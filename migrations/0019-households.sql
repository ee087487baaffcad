-- The estate register (小区台账): what there is (dwellings, parking spaces, meters), whose it is and since when. Facts carry the day
-- from which they hold, so that a bill of March is reckoned with March's area. Nothing is overwritten: a correction is a later
-- row, and what an import brought can be taken back (ended_seq). Who people are lies in party_identity and nowhere else.

ALTER TABLE unit
  ADD COLUMN phase text NOT NULL DEFAULT '' CHECK (char_length(phase) <= 20),
  ADD COLUMN kind text NOT NULL DEFAULT 'dwelling' CHECK (kind IN ('dwelling', 'shop', 'office', 'storage', 'other')),
  ADD COLUMN occupancy text NOT NULL DEFAULT 'owner' CHECK (occupancy IN ('owner', 'let', 'vacant')),
  ADD COLUMN ended_on date,
  ADD COLUMN import_id bigint;
COMMENT ON COLUMN unit.phase IS 'Phase of building (一期), empty where there is one only.';
COMMENT ON COLUMN unit.kind IS 'dwelling 住宅, shop 商铺, office 办公, storage 储藏间, other. As it is now: unit_fact says since when.';
COMMENT ON COLUMN unit.occupancy IS 'owner 自住, let 出租, vacant 空置; as it is now.';
COMMENT ON COLUMN unit.ended_on IS 'Last day in the register: merged, or entered by mistake; NULL while it is there.';
COMMENT ON COLUMN unit.import_id IS 'Import that brought it.';
GRANT UPDATE (phase, building, stairwell, kind, occupancy, ended_on) ON unit TO app;

CREATE TABLE unit_fact (
  estate_id integer NOT NULL,
  fact_id bigint GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  from_date date NOT NULL,
  area_m2 numeric(10, 2) NOT NULL CHECK (area_m2 > 0),
  kind text NOT NULL CHECK (kind IN ('dwelling', 'shop', 'office', 'storage', 'other')),
  occupancy text NOT NULL CHECK (occupancy IN ('owner', 'let', 'vacant')),
  seq bigint,
  import_id bigint,
  ended_seq bigint,
  PRIMARY KEY (estate_id, fact_id),
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record
);
COMMENT ON TABLE unit_fact IS 'Area, kind and occupancy of dwellings, each from a day on: the row with the latest from_date not after the day counts, of several the last entered; one with ended_seq never.';
COMMENT ON COLUMN unit_fact.estate_id IS 'Estate.';
COMMENT ON COLUMN unit_fact.fact_id IS 'Number.';
COMMENT ON COLUMN unit_fact.unit IS 'Dwelling.';
COMMENT ON COLUMN unit_fact.from_date IS 'First day on which it holds.';
COMMENT ON COLUMN unit_fact.area_m2 IS 'Area that bears fees, square metres.';
COMMENT ON COLUMN unit_fact.kind IS 'dwelling, shop, office, storage, other.';
COMMENT ON COLUMN unit_fact.occupancy IS 'owner, let, vacant.';
COMMENT ON COLUMN unit_fact.seq IS 'Record of the change; NULL of what came with the dwelling.';
COMMENT ON COLUMN unit_fact.import_id IS 'Import that brought it.';
COMMENT ON COLUMN unit_fact.ended_seq IS 'Record that took it back.';
CREATE INDEX unit_fact_day ON unit_fact (estate_id, unit, from_date, fact_id);
CALL wall_estate('unit_fact');
GRANT INSERT, UPDATE (ended_seq) ON unit_fact TO app;

-- Every dwelling has a first fact, whoever enters it.
CREATE FUNCTION open_unit_fact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO unit_fact (estate_id, unit, from_date, area_m2, kind, occupancy, import_id)
    SELECT n.estate_id, n.unit, '1900-01-01', n.area_m2, n.kind, n.occupancy, n.import_id FROM inserted n;
  RETURN NULL;
END $$;
CREATE TRIGGER open_unit_fact AFTER INSERT ON unit REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION open_unit_fact();

CREATE PROCEDURE add_unit_facts() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO unit_fact (estate_id, unit, from_date, area_m2, kind, occupancy)
      SELECT u.estate_id, u.unit, '1900-01-01', u.area_m2, u.kind, u.occupancy FROM unit u WHERE u.estate_id = v.estate_id;
  END LOOP;
END $$;
CALL add_unit_facts();
DROP PROCEDURE add_unit_facts();

-- ── Households ───────────────────────────────────────────────────────────────────────────────────

CREATE TABLE party (
  estate_id integer NOT NULL REFERENCES estate,
  party_id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'organisation')),
  person_id uuid REFERENCES person,
  entered_at timestamptz NOT NULL,
  import_id bigint,
  erased_at timestamptz,
  PRIMARY KEY (estate_id, party_id)
);
COMMENT ON TABLE party IS 'Owners and tenants (业主、租户) by an opaque id: the register and the log know nothing else of them.';
COMMENT ON COLUMN party.estate_id IS 'Estate.';
COMMENT ON COLUMN party.party_id IS 'Random id; never derived from the person.';
COMMENT ON COLUMN party.kind IS 'person or organisation.';
COMMENT ON COLUMN party.person_id IS 'Login of this person, once they have joined.';
COMMENT ON COLUMN party.entered_at IS 'When.';
COMMENT ON COLUMN party.import_id IS 'Import that brought it.';
COMMENT ON COLUMN party.erased_at IS 'When the identity was erased, if it was.';
CREATE INDEX party_person ON party (estate_id, person_id) WHERE person_id IS NOT NULL;
CALL wall_estate('party');
GRANT INSERT, UPDATE (person_id, erased_at) ON party TO app;

CREATE TABLE party_identity (
  estate_id integer NOT NULL,
  party_id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  phone text NOT NULL DEFAULT '' CHECK (char_length(phone) <= 40),
  note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 200),
  PRIMARY KEY (estate_id, party_id),
  FOREIGN KEY (estate_id, party_id) REFERENCES party
);
COMMENT ON TABLE party_identity IS 'Who owners and tenants are (personal data): officers and they themselves, erasable, never in the log.';
COMMENT ON COLUMN party_identity.estate_id IS 'Estate.';
COMMENT ON COLUMN party_identity.party_id IS 'Party.';
COMMENT ON COLUMN party_identity.name IS 'Name.';
COMMENT ON COLUMN party_identity.phone IS 'Telephone, or empty.';
COMMENT ON COLUMN party_identity.note IS 'Whatever the office must know, or empty.';
CALL wall_estate('party_identity');
GRANT INSERT, UPDATE (name, phone, note), DELETE ON party_identity TO app;

CREATE TABLE tenure (
  estate_id integer NOT NULL,
  tenure_id bigint GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  party_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('owner', 'tenant')),
  share text NOT NULL DEFAULT '' CHECK (share ~ '^([1-9][0-9]{0,3}/[1-9][0-9]{0,3})?$'),
  pays boolean NOT NULL DEFAULT true,
  from_date date NOT NULL,
  to_date date,
  seq bigint NOT NULL,
  import_id bigint,
  ended_seq bigint,
  PRIMARY KEY (estate_id, tenure_id),
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, party_id) REFERENCES party,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT tenure_in_order CHECK (to_date >= from_date - 1)
);
COMMENT ON TABLE tenure IS 'Who owned or rented which dwelling from when to when (产权、租赁), and whether they are the ones who pay. Owners before a handover keep theirs, ended.';
COMMENT ON COLUMN tenure.estate_id IS 'Estate.';
COMMENT ON COLUMN tenure.tenure_id IS 'Number.';
COMMENT ON COLUMN tenure.unit IS 'Dwelling.';
COMMENT ON COLUMN tenure.party_id IS 'Owner or tenant.';
COMMENT ON COLUMN tenure.kind IS 'owner 业主, tenant 租户.';
COMMENT ON COLUMN tenure.share IS 'Share of several owners, "1/2"; empty: not said.';
COMMENT ON COLUMN tenure.pays IS 'Whether bills go to them: a tenant who pays goes before an owner.';
COMMENT ON COLUMN tenure.from_date IS 'First day.';
COMMENT ON COLUMN tenure.to_date IS 'Last day; NULL while it lasts; the day before from_date: it never was (taken back).';
COMMENT ON COLUMN tenure.seq IS 'Record that opened it.';
COMMENT ON COLUMN tenure.import_id IS 'Import that brought it.';
COMMENT ON COLUMN tenure.ended_seq IS 'Record that ended it.';
CREATE INDEX tenure_unit ON tenure (estate_id, unit, from_date);
CREATE INDEX tenure_party ON tenure (estate_id, party_id);
CALL wall_estate('tenure');
GRANT INSERT, UPDATE (pays, to_date, ended_seq) ON tenure TO app;

-- ── Parking spaces and meters ────────────────────────────────────────────────────────────────────

CREATE TABLE parking_space (
  estate_id integer NOT NULL REFERENCES estate,
  space text NOT NULL CHECK (space ~ '^[0-9A-Za-z]+(-[0-9A-Za-z]+){0,3}$' AND char_length(space) <= 20),
  kind text NOT NULL DEFAULT 'common' CHECK (kind IN ('owned', 'common', 'civil_defence')),
  area_m2 numeric(8, 2) CHECK (area_m2 > 0),
  ended_on date,
  import_id bigint,
  PRIMARY KEY (estate_id, space)
);
COMMENT ON TABLE parking_space IS 'Parking spaces (车位): "B1-023".';
COMMENT ON COLUMN parking_space.estate_id IS 'Estate.';
COMMENT ON COLUMN parking_space.space IS 'Number.';
COMMENT ON COLUMN parking_space.kind IS 'owned 产权车位, common 共有车位, civil_defence 人防车位.';
COMMENT ON COLUMN parking_space.area_m2 IS 'Area, square metres; NULL where fees do not go by it.';
COMMENT ON COLUMN parking_space.ended_on IS 'Last day in the register.';
COMMENT ON COLUMN parking_space.import_id IS 'Import that brought it.';
CALL wall_estate('parking_space');
GRANT INSERT, UPDATE (kind, area_m2, ended_on) ON parking_space TO app;

CREATE TABLE space_holding (
  estate_id integer NOT NULL,
  holding_id bigint GENERATED ALWAYS AS IDENTITY,
  space text NOT NULL,
  unit text NOT NULL,
  from_date date NOT NULL,
  to_date date,
  seq bigint NOT NULL,
  import_id bigint,
  ended_seq bigint,
  PRIMARY KEY (estate_id, holding_id),
  FOREIGN KEY (estate_id, space) REFERENCES parking_space,
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT space_holding_in_order CHECK (to_date >= from_date - 1)
);
COMMENT ON TABLE space_holding IS 'Which dwelling uses which parking space, from when to when.';
COMMENT ON COLUMN space_holding.estate_id IS 'Estate.';
COMMENT ON COLUMN space_holding.holding_id IS 'Number.';
COMMENT ON COLUMN space_holding.space IS 'Parking space.';
COMMENT ON COLUMN space_holding.unit IS 'Dwelling that uses and pays it.';
COMMENT ON COLUMN space_holding.from_date IS 'First day.';
COMMENT ON COLUMN space_holding.to_date IS 'Last day; NULL while it lasts.';
COMMENT ON COLUMN space_holding.seq IS 'Record that opened it.';
COMMENT ON COLUMN space_holding.import_id IS 'Import that brought it.';
COMMENT ON COLUMN space_holding.ended_seq IS 'Record that ended it.';
CREATE INDEX space_holding_unit ON space_holding (estate_id, unit, from_date);
-- One space, one dwelling at a time.
CREATE FUNCTION guard_space_holding() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM space_holding h WHERE h.estate_id = NEW.estate_id AND h.space = NEW.space AND h.holding_id <> NEW.holding_id
      AND coalesce(h.to_date, 'infinity') >= h.from_date AND coalesce(NEW.to_date, 'infinity') >= NEW.from_date
      AND h.from_date <= coalesce(NEW.to_date, 'infinity') AND NEW.from_date <= coalesce(h.to_date, 'infinity')) THEN
    RAISE EXCEPTION 'space_held_twice: another dwelling has space % in these days', NEW.space
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'space_held_twice';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_space_holding AFTER INSERT OR UPDATE ON space_holding FOR EACH ROW EXECUTE FUNCTION guard_space_holding();
ALTER TABLE space_holding ENABLE ALWAYS TRIGGER guard_space_holding;
CALL wall_estate('space_holding');
GRANT INSERT, UPDATE (to_date, ended_seq) ON space_holding TO app;

CREATE TABLE meter (
  estate_id integer NOT NULL REFERENCES estate,
  meter text NOT NULL CHECK (meter ~ '^[0-9A-Za-z]+(-[0-9A-Za-z]+){0,3}$' AND char_length(meter) <= 30),
  kind text NOT NULL CHECK (kind IN ('water', 'electricity', 'gas', 'heat')),
  unit text,
  multiplier numeric(8, 3) NOT NULL DEFAULT 1 CHECK (multiplier > 0),
  digits smallint NOT NULL DEFAULT 6 CHECK (digits BETWEEN 3 AND 9),
  ended_on date,
  import_id bigint,
  PRIMARY KEY (estate_id, meter),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE meter IS 'Meters (水表、电表…) of dwellings, and of common parts where they name no dwelling.';
COMMENT ON COLUMN meter.estate_id IS 'Estate.';
COMMENT ON COLUMN meter.meter IS 'Number.';
COMMENT ON COLUMN meter.kind IS 'water, electricity, gas, heat.';
COMMENT ON COLUMN meter.unit IS 'Dwelling; NULL: of common parts.';
COMMENT ON COLUMN meter.multiplier IS 'Ratio (倍率): consumption = difference of readings × multiplier.';
COMMENT ON COLUMN meter.digits IS 'Digits before the point: after 999999 it begins at 0 again.';
COMMENT ON COLUMN meter.ended_on IS 'Last day.';
COMMENT ON COLUMN meter.import_id IS 'Import that brought it.';
CREATE INDEX meter_unit ON meter (estate_id, unit);
CALL wall_estate('meter');
GRANT INSERT, UPDATE (ended_on) ON meter TO app;

CREATE TABLE meter_reading (
  estate_id integer NOT NULL,
  reading_id bigint GENERATED ALWAYS AS IDENTITY,
  meter text NOT NULL,
  read_on date NOT NULL,
  value numeric(14, 3) NOT NULL CHECK (value >= 0),
  way text NOT NULL DEFAULT 'read' CHECK (way IN ('start', 'read', 'estimated')),
  entered_by uuid NOT NULL REFERENCES person,
  seq bigint NOT NULL,
  import_id bigint,
  ended_seq bigint,
  PRIMARY KEY (estate_id, reading_id),
  FOREIGN KEY (estate_id, meter) REFERENCES meter,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record
);
COMMENT ON TABLE meter_reading IS 'Readings of meters. A wrong one is ended and entered anew.';
COMMENT ON COLUMN meter_reading.estate_id IS 'Estate.';
COMMENT ON COLUMN meter_reading.reading_id IS 'Number.';
COMMENT ON COLUMN meter_reading.meter IS 'Meter.';
COMMENT ON COLUMN meter_reading.read_on IS 'Day it was read.';
COMMENT ON COLUMN meter_reading.value IS 'What the meter showed.';
COMMENT ON COLUMN meter_reading.way IS 'start: first reading, or of a meter that was put in; read; estimated.';
COMMENT ON COLUMN meter_reading.entered_by IS 'Who entered it.';
COMMENT ON COLUMN meter_reading.seq IS 'Record.';
COMMENT ON COLUMN meter_reading.import_id IS 'Import that brought it.';
COMMENT ON COLUMN meter_reading.ended_seq IS 'Record that took it back.';
CREATE UNIQUE INDEX meter_reading_once ON meter_reading (estate_id, meter, read_on) WHERE ended_seq IS NULL;
CALL wall_estate('meter_reading');
GRANT INSERT, UPDATE (ended_seq) ON meter_reading TO app;
