/**
 * The schema, as numbered steps. A step that has shipped is never edited: a later one corrects it. The number of
 * steps done is SQLite's `user_version`.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- One row. The id names this data directory's items in the keychain.
  CREATE TABLE installation (
    id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    keychain_store TEXT
  ) STRICT;

  -- Values are JSON.
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE agent_setting (agent_id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE provider_override (
    provider_id TEXT PRIMARY KEY,
    base_url TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;

  -- What is known of a credential. Its value is in the keychain under the credential's id, split over
  -- keychain_items numbered items.
  CREATE TABLE credential (
    credential_id TEXT PRIMARY KEY,
    provider_id TEXT NOT NULL,
    variable TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('global', 'project', 'agent')),
    scope_key TEXT NOT NULL, -- '' for global, the directory, or the agent's id
    masked TEXT NOT NULL,
    keychain_items INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (scope_kind, scope_key, provider_id, variable)
  ) STRICT;

  CREATE TABLE turn (
    turn_id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    provider_id TEXT,
    model TEXT NOT NULL,
    project_dir TEXT NOT NULL,
    prompt TEXT NOT NULL,
    -- SHA-256 of the submitted body: the same id with another body is a conflict.
    body_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL,
    ended_at INTEGER,
    last_seq INTEGER NOT NULL,
    sandbox TEXT, -- JSON
    failure TEXT -- JSON
  ) STRICT;
  CREATE INDEX turn_by_time ON turn (accepted_at DESC);
  CREATE INDEX turn_by_session ON turn (session_id, accepted_at);
  CREATE INDEX turn_open ON turn (status) WHERE ended_at IS NULL;

  CREATE TABLE run_event (
    turn_id TEXT NOT NULL REFERENCES turn (turn_id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL, -- JSON
    PRIMARY KEY (turn_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE supervisor_event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL -- JSON
  ) STRICT;
  `,
  `
  -- Keychain items that no credential names (any more): noted before they are written, and when their credential
  -- goes. Whatever stands here is to be deleted from the keychain.
  CREATE TABLE keychain_leftover (
    credential_id TEXT PRIMARY KEY,
    keychain_items INTEGER NOT NULL,
    noted_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- What happened to credentials, without any value. The ids only grow, also after old events were deleted.
  CREATE TABLE credential_event (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('stored', 'replaced', 'used', 'rejected', 'deleted')),
    credential_id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    variable TEXT NOT NULL,
    scope TEXT NOT NULL, -- JSON
    storage TEXT NOT NULL,
    masked TEXT NOT NULL,
    -- Of used and rejected ones.
    agent_id TEXT,
    session_id TEXT,
    turn_id TEXT
  ) STRICT;
  CREATE INDEX credential_event_by_time ON credential_event (at);
  CREATE INDEX credential_event_by_provider ON credential_event (provider_id, event_id);
  `,
  `
  -- A turn ends once, whatever wrote it.
  CREATE UNIQUE INDEX run_event_end ON run_event (turn_id) WHERE json_extract(event, '$.type') = 'turn.ended';
  CREATE TRIGGER run_event_append_only BEFORE UPDATE ON run_event
  BEGIN
    SELECT RAISE (ABORT, 'run events are only ever appended');
  END;

  -- What is kept of a turn after its events are gone.
  CREATE TABLE turn_transcript (
    turn_id TEXT PRIMARY KEY REFERENCES turn (turn_id) ON DELETE CASCADE,
    transcript TEXT NOT NULL -- JSON
  ) STRICT;
  -- 0: the events are gone, the transcript stands for them.
  ALTER TABLE turn ADD COLUMN keeps_events INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX turn_keeping_events ON turn (ended_at) WHERE keeps_events = 1 AND ended_at IS NOT NULL;
  `,
  `
  -- How an agent itself calls a conversation that it can go on with after a restart.
  CREATE TABLE agent_session (session_id TEXT PRIMARY KEY, agent_session_id TEXT NOT NULL) STRICT;
  `,
  `
  -- Several accounts for one variable at one scope. '' is the one without a name.
  CREATE TABLE credential_with_account (
    credential_id TEXT PRIMARY KEY,
    provider_id TEXT NOT NULL,
    variable TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('global', 'project', 'agent')),
    scope_key TEXT NOT NULL,
    account TEXT NOT NULL DEFAULT '',
    masked TEXT NOT NULL,
    keychain_items INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (scope_kind, scope_key, provider_id, variable, account)
  ) STRICT;
  INSERT INTO credential_with_account
    (credential_id, provider_id, variable, scope_kind, scope_key, masked, keychain_items, created_at, updated_at)
    SELECT credential_id, provider_id, variable, scope_kind, scope_key, masked, keychain_items, created_at, updated_at
    FROM credential;
  DROP TABLE credential;
  ALTER TABLE credential_with_account RENAME TO credential;
  ALTER TABLE credential_event ADD COLUMN account TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Hosts that the user allowed beyond a session's provider.
  CREATE TABLE allowed_host (
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('project', 'agent')),
    scope_of TEXT NOT NULL, -- directory or agent id
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    allowed_at INTEGER NOT NULL,
    PRIMARY KEY (scope_kind, scope_of, host, port)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The user's own variables for sessions. shown is the value of a plain one, the mask of a secret.
  CREATE TABLE variable (
    variable_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('global', 'project', 'agent')),
    scope_key TEXT NOT NULL,
    storage TEXT NOT NULL CHECK (storage IN ('plain', 'keychain')),
    shown TEXT NOT NULL,
    keychain_items INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (scope_kind, scope_key, name)
  ) STRICT;
  -- Items of the keychain that no variable names any more.
  CREATE TABLE variable_leftover (variable_id TEXT PRIMARY KEY, keychain_items INTEGER NOT NULL) STRICT;
  `,
  `
  -- As submitted: absent means the agent's own setting. A turn that never started is begun again with it.
  ALTER TABLE turn ADD COLUMN requested_model TEXT;
  `,
  `
  ALTER TABLE credential ADD COLUMN expires_at INTEGER; -- ms since the epoch
  -- How a credential is renewed. The refresh token is in the keychain, in items of its own.
  CREATE TABLE credential_renewal (
    credential_id TEXT PRIMARY KEY REFERENCES credential (credential_id) ON DELETE CASCADE,
    token_id TEXT NOT NULL, -- names the items
    token_items INTEGER NOT NULL,
    token_endpoint TEXT NOT NULL,
    client_id TEXT NOT NULL,
    scopes TEXT,
    refused TEXT -- JSON: why the server renews it no more
  ) STRICT;
  -- What a server gave for a credential, noted before it is written to the keychain: what it had is used up by then.
  CREATE TABLE credential_arrival (
    credential_id TEXT PRIMARY KEY REFERENCES credential (credential_id) ON DELETE CASCADE,
    new_credential_id TEXT NOT NULL,
    masked TEXT NOT NULL,
    keychain_items INTEGER NOT NULL,
    expires_at INTEGER,
    token_id TEXT NOT NULL,
    token_items INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE credential_event_with_refreshed (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('stored', 'replaced', 'refreshed', 'used', 'rejected', 'deleted')),
    credential_id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    variable TEXT NOT NULL,
    scope TEXT NOT NULL, -- JSON
    storage TEXT NOT NULL,
    masked TEXT NOT NULL,
    -- Of used and rejected ones.
    agent_id TEXT,
    session_id TEXT,
    turn_id TEXT,
    account TEXT NOT NULL DEFAULT ''
  ) STRICT;
  INSERT INTO credential_event_with_refreshed SELECT * FROM credential_event;
  DROP TABLE credential_event;
  ALTER TABLE credential_event_with_refreshed RENAME TO credential_event;
  CREATE INDEX credential_event_by_time ON credential_event (at);
  CREATE INDEX credential_event_by_provider ON credential_event (provider_id, event_id);
  `,
  `
  -- The user's own OAuth client of a provider, for signing in. It is no secret.
  CREATE TABLE login_client (provider_id TEXT PRIMARY KEY, client_id TEXT NOT NULL) STRICT;
  `,
  `
  -- How an agent gets at its models became one thing: its mode, with what belongs to that mode.
  UPDATE agent_setting SET value = json_remove(
    json_set(value, '$.auth', json_patch(
      '{"mode":"byo"}',
      json_object('model', json_extract(value, '$.model'), 'providerId', json_extract(value, '$.providerId'))
    )),
    '$.model', '$.providerId'
  )
  WHERE CASE WHEN json_valid(value) THEN json_type(value) END = 'object';
  `,
  `
  -- Processes that may outlive the core. start and boot tell one from another that has its number later; NULL where
  -- they could not be found out.
  CREATE TABLE process_record (pid INTEGER PRIMARY KEY, what TEXT NOT NULL, start TEXT, boot TEXT) STRICT;
  `,
  `
  -- Servers of the Model Context Protocol. transport is JSON; its values name variables, and hold no secret.
  CREATE TABLE mcp_server (
    server_id TEXT PRIMARY KEY,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('project', 'agent')),
    scope_of TEXT NOT NULL, -- directory or agent id
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    transport TEXT NOT NULL,
    UNIQUE (scope_kind, scope_of, name)
  ) STRICT;
  `,
  `
  -- What the user said of a folder's perch.toml. Nothing that the file declares is kept.
  CREATE TABLE folder_trust (
    directory TEXT PRIMARY KEY,
    decision TEXT NOT NULL CHECK (decision IN ('trusted', 'distrusted')),
    decided_at INTEGER NOT NULL
  ) STRICT;
  -- Programs, references and endpoints that the user has seen and agreed to.
  CREATE TABLE folder_consent (
    directory TEXT NOT NULL REFERENCES folder_trust (directory) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('act', 'origin')),
    what TEXT NOT NULL,
    PRIMARY KEY (directory, kind, what)
  ) STRICT;
  -- Agents that the user made, as JSON.
  CREATE TABLE user_agent (
    agent_id TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Damaged databases that were set aside, and what came over from each.
  CREATE TABLE recovery (
    moved_to TEXT PRIMARY KEY,
    recovery TEXT NOT NULL, -- JSON
    seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1))
  ) STRICT;
  `,
  `
  -- As submitted: absent means the agent's own setting.
  ALTER TABLE turn ADD COLUMN requested_mode TEXT CHECK (requested_mode IN ('plan', 'ask', 'execute'));
  `,
  `
  -- The proxy of the user's network, and the file of the user's own certificate authority: one of each at most. The
  -- password is in the keychain.
  CREATE TABLE own_proxy (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    url TEXT NOT NULL,
    user_name TEXT,
    password_items INTEGER NOT NULL,
    exceptions TEXT NOT NULL, -- JSON
    set_at INTEGER NOT NULL -- ms since the epoch
  ) STRICT;
  CREATE TABLE own_certificates (one INTEGER PRIMARY KEY CHECK (one = 1), file TEXT NOT NULL) STRICT;
  `,
  `
  -- The files of a working directory before and after a turn that changed some: trees of its shadow repository.
  CREATE TABLE checkpoint (
    turn_id TEXT PRIMARY KEY REFERENCES turn (turn_id) ON DELETE CASCADE,
    before_tree TEXT NOT NULL,
    after_tree TEXT NOT NULL,
    files INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
  ) STRICT;
  `,
  `
  -- The provider that an agent of several used last, by working directory; '' for every other one.
  CREATE TABLE kept_provider (
    agent_id TEXT NOT NULL,
    project_dir TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    PRIMARY KEY (agent_id, project_dir)
  ) STRICT;
  `,
  `
  -- The model that answered, by the agent's own word.
  ALTER TABLE turn ADD COLUMN reported_model TEXT;
  `,
  `
  -- Files that would have made programs of the user's machine run code, and what the user said to each.
  CREATE TABLE guarded_file (
    file_id TEXT PRIMARY KEY,
    turn_id TEXT NOT NULL REFERENCES turn (turn_id) ON DELETE CASCADE,
    at INTEGER NOT NULL, -- ms since the epoch
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    how TEXT NOT NULL,
    aside TEXT, -- where it lies now
    node TEXT,
    hash TEXT,
    answer TEXT CHECK (answer IN ('put-back', 'keep-aside', 'mine', 'set-aside')),
    answered_at INTEGER
  ) STRICT;
  CREATE INDEX guarded_file_of_turn ON guarded_file (turn_id);
  `,
  `
  -- Why the agent could not start when the user added it anyway; an error as JSON. NULL: it could, or was not tried.
  ALTER TABLE user_agent ADD COLUMN problem TEXT;
  `,
];
