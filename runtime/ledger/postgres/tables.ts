/** Version of the tables below. */
export const schemaVersion = 1;

/** Lock under which the tables are made: the letters "rtrn" as a number. */
export const makingLock = 0x7274726e;

/** The same tables and promises as those of a ledger in SQLite, in a schema of their own. Names are written in full, so that no search path matters. */
export const tables = `
CREATE SCHEMA IF NOT EXISTS retrain;
CREATE TABLE retrain.meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO retrain.meta VALUES ('schema', '${schemaVersion}');

CREATE TABLE retrain.records (
  chain TEXT COLLATE "C" NOT NULL,
  sequence BIGINT NOT NULL CHECK (sequence >= 1),
  key TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  run TEXT COLLATE "C",
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  previous TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  UNIQUE (chain, sequence),
  UNIQUE (chain, key),
  UNIQUE (chain, previous)
);
CREATE INDEX records_of_run ON retrain.records (chain, run, sequence) WHERE run IS NOT NULL;
CREATE INDEX records_of_kind ON retrain.records (chain, kind, sequence);

CREATE TABLE retrain.leases (
  name TEXT COLLATE "C" PRIMARY KEY,
  fence BIGINT NOT NULL CHECK (fence >= 1),
  holder TEXT,
  until BIGINT NOT NULL
);
CREATE TABLE retrain.plans (digest TEXT COLLATE "C" PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE retrain.clocks (environment TEXT COLLATE "C" PRIMARY KEY, position BIGINT NOT NULL);

CREATE FUNCTION retrain.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION retrain.end_of_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM retrain.records WHERE chain = NEW.chain) THEN
    RAISE EXCEPTION 'a record goes to the end of its chain' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER records_are_appended BEFORE INSERT ON retrain.records FOR EACH ROW EXECUTE FUNCTION retrain.end_of_chain();
CREATE TRIGGER records_stay BEFORE UPDATE OR DELETE ON retrain.records
  FOR EACH ROW EXECUTE FUNCTION retrain.refuse('a record is never changed or removed');
CREATE TRIGGER records_remain BEFORE TRUNCATE ON retrain.records
  EXECUTE FUNCTION retrain.refuse('records are never removed');
CREATE TRIGGER fences_grow BEFORE UPDATE ON retrain.leases FOR EACH ROW WHEN (NEW.fence < OLD.fence)
  EXECUTE FUNCTION retrain.refuse('a fence never goes back');
CREATE TRIGGER leases_remain BEFORE DELETE ON retrain.leases
  FOR EACH ROW EXECUTE FUNCTION retrain.refuse('a lease keeps its fence');
CREATE TRIGGER clocks_move_on BEFORE UPDATE ON retrain.clocks FOR EACH ROW WHEN (NEW.position < OLD.position)
  EXECUTE FUNCTION retrain.refuse('a clock never moves back');
`;
