// The one list of settings. What each means stands beside it; .env.example is made of it.

import {
  parseDuration,
  parseInteger,
  parseList,
  parseUrl,
  parseChoice,
  parseAmounts,
  parseNodes,
  parsePrefix,
  parseSecrets,
  type Setting,
  setting,
  optional,
  required,
  text,
  port,
  flag,
} from './config-parsers.ts'
import { OUTSIDE_SETTINGS } from './outside-settings.ts'

/** Every setting, in the order of .env.example. */
export const SETTINGS = {
  NODE_ENV: setting(
    'development, test or production.',
    'development',
    parseChoice('development', 'test', 'production'),
  ),
  LOG_LEVEL: setting(
    'Least severe log line to write.',
    'info',
    parseChoice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  ),
  ENV_FILE: setting('File of settings that the environment does not name; /dev/null: none.', '.env', text),

  HOST: setting('Interface that the servers listen on.', '127.0.0.1', text),
  PORT: setting('Port of the API.', '3000', port),
  REALTIME_PORT: setting('Port of the WebSocket server.', '3001', port),
  REALTIME_TRANSPORT: setting(
    'What serves the sockets: uws (uWebSockets.js, which is faster), ws, or auto: ws where the other does not load.',
    'auto',
    parseChoice('auto', 'uws', 'ws'),
  ),
  SOCKETIO_PORT: setting('Port of the Socket.IO server, in the realtime process.', '3002', port),
  WORKER_PORT: optional(
    'Port on which a worker process answers /livez, /readyz and /metrics; none unless given.',
    port,
  ),
  REALTIME_URL: optional(
    'Where the API forwards /ws and /events/stream to; http://127.0.0.1:REALTIME_PORT unless given.',
    parseUrl('http:'),
  ),
  SOCKETIO_URL: optional(
    'Where the API forwards /socket.io to; http://127.0.0.1:SOCKETIO_PORT unless given.',
    parseUrl('http:'),
  ),
  TRUST_PROXY: setting(
    'Number of reverse proxies in front of the API whose X-Forwarded-For is believed.',
    '0',
    parseInteger(0, 10),
  ),
  PUBLIC_URL: optional(
    'Address under which people reach the API, for links in mails; http://localhost:PORT unless given.',
    parseUrl('http:', 'https:'),
  ),
  CORS_ORIGINS: setting(
    'Origins, separated by commas, whose pages may call the API and open sockets; the own origin always may.',
    '',
    parseList,
  ),
  SOCKET_QUERY_TOKEN: setting(
    'Whether a Socket.IO client may say its token in the address, where proxies write it down (on or off).',
    'off',
    flag,
  ),

  DATA_DIR: setting(
    'Where `npm start` keeps its database, its Redis, its secret and uploaded files.',
    '.data',
    text,
  ),
  DATABASE_URL: required(
    'PostgreSQL 15 or newer; `npm start` brings its own unless given.',
    parseUrl('postgres:', 'postgresql:'),
  ),
  DATABASE_OWNER_URL: optional(
    'The same database as the owner of its tables, for migrations, so that DATABASE_URL can be of somebody ' +
      'with fewer rights; DATABASE_URL unless given.',
    parseUrl('postgres:', 'postgresql:'),
  ),
  DATABASE_POOL: setting('Database connections per process.', '10', parseInteger(2, 200)),
  DATABASE_LONG_POOL: setting(
    'More of them for what takes long: exports and sweeps.',
    '4',
    parseInteger(1, 50),
  ),
  REDIS_URL: optional(
    'Redis 7 or Valkey, eviction policy noeviction; `npm start` brings its own unless given.',
    parseUrl('redis:', 'rediss:'),
  ),
  REDIS_CLUSTER: optional(
    'Some nodes of a Redis Cluster instead, as host:port separated by commas; with a password or TLS as rediss://user:password@host:port.',
    parseNodes,
  ),

  FILES_DIR: optional(
    'Folder of uploaded files, shared by all api and worker processes; DATA_DIR/files unless given.',
    text,
  ),
  FILES_S3_ENDPOINT: optional(
    'Address of an S3-compatible storage where files lie instead; with it come the four settings below.',
    parseUrl('http:', 'https:'),
  ),
  FILES_S3_BUCKET: optional('Its bucket; private, and empty but for our files.', text),
  FILES_S3_REGION: optional('Its region, as the signature wants it.', text),
  FILES_S3_ACCESS_KEY: optional('Access key that may put, get and delete objects there.', text),
  FILES_S3_SECRET_KEY: optional('Secret of that access key.', text),
  FILES_S3_TIMEOUT: setting('How long it has to answer a request.', '30s', parseDuration),
  MAX_FILE_SIZE: setting(
    'Bytes of the largest file that is taken.',
    '10485760',
    parseInteger(1, 10_000_000_000),
  ),
  MAX_UPLOADS: setting(
    'Uploads that one API process takes at a time; more are told to come back.',
    '64',
    parseInteger(1, 10_000),
  ),

  ...OUTSIDE_SETTINGS,

  BULLMQ_PREFIX: setting(
    'Prefix of every key in Redis, so that deployments can share a server.',
    'bellhop',
    parsePrefix,
  ),
  STREAM_PARTITIONS: setting(
    'Partitions of the event log; fixed once a deployment has data.',
    '8',
    parseInteger(1, 256),
  ),
  STREAM_MAX_LENGTH: setting('Entries that each partition keeps.', '10000', parseInteger(100, 10_000_000)),
  STREAM_MAX_AGE: setting('How long the event log keeps an entry.', '24h', parseDuration),

  MAX_SOCKETS: setting('Sockets that one realtime process takes.', '50000', parseInteger(1, 1_000_000)),
  MAX_SOCKETS_PER_ADDRESS: setting(
    'Sockets from one address on one realtime process.',
    '1000',
    parseInteger(1, 1_000_000),
  ),
  MAX_SOCKETS_PER_USER: setting(
    'Sockets of one person on one realtime process.',
    '100',
    parseInteger(1, 100_000),
  ),
  ACCEPT_PER_SECOND: setting(
    'Sockets that one realtime process lets in per second.',
    '2000',
    parseInteger(1, 100_000),
  ),
  PRESENCE_TTL: setting('How long somebody stays online whose realtime process died.', '300s', parseDuration),
  RING_ENTRIES: setting(
    'Entries of each partition that a realtime process keeps in memory for clients that come back.',
    '5000',
    parseInteger(100, 1_000_000),
  ),
  RING_BYTES: setting(
    'Bytes of each partition that it keeps there at most.',
    '8388608',
    parseInteger(100_000, 1_000_000_000),
  ),
  RESUME_MAX_ENTRIES: setting(
    'Entries of a partition that are read back for a client; whoever missed more is told to fetch.',
    '20000',
    parseInteger(100, 1_000_000),
  ),

  JWT_SECRET: required(
    'One or more secrets of at least 32 characters, separated by commas: the first signs, all verify.',
    parseSecrets,
  ),
  ACCESS_TOKEN_TTL: setting('Life of an access token.', '15m', parseDuration),
  REFRESH_TOKEN_TTL: setting('Life of a refresh token.', '7d', parseDuration),
  REFRESH_LEEWAY: setting(
    'How long a used refresh token is answered once more, with the same successor: for two tabs at once, and for an answer that was lost.',
    '10s',
    parseDuration,
  ),
  GUEST_PATIENCE: setting(
    'How long a guest who writes nothing stays; then the session ends, and the room is deleted.',
    '24h',
    parseDuration,
  ),
  LOGIN_WINDOW: setting(
    'Window in which failed sign-ins are counted: 5 per account, 20 per address.',
    '5m',
    parseDuration,
  ),
  RATE_LIMIT_PER_MINUTE: setting(
    'Requests per minute that one person, or one address without a token, may make.',
    '1200',
    parseInteger(1, 10_000_000),
  ),

  LIMITS: setting(
    'Amounts of limits other than usual, as name=amount separated by commas; docs/OPERATIONS.md lists them.',
    '',
    parseAmounts,
  ),

  APPROVAL_TTL: setting('How long an approver has to decide.', '24h', parseDuration),
  APPROVAL_FIRST_REMINDER: setting('First reminder, counted from routing.', '1h', parseDuration),
  APPROVAL_REMINDER_EVERY: setting('Time between reminders.', '4h', parseDuration),
  APPROVAL_MAX_REMINDERS: setting('Most reminders for one approval.', '5', parseInteger(0, 100)),

  AUDIT_SEAL_EVERY: setting(
    'How often new rows of the audit are sealed and told to ADMINs.',
    '1s',
    parseDuration,
  ),

  WORKER_QUEUES: setting(
    'Queues that this worker serves, separated by commas; all unless given.',
    '',
    parseList,
  ),
  WORKER_CONCURRENCY: setting('Jobs of one queue that a worker runs at a time.', '10', parseInteger(1, 200)),
  WORKER_LONG_CONCURRENCY: setting(
    'Exports, and sweeps, that a worker runs at a time; DATABASE_LONG_POOL is at least twice as large.',
    '2',
    parseInteger(1, 25),
  ),
  JOB_LOCK: setting(
    'How long a silent worker keeps its jobs before another takes them over.',
    '15s',
    parseDuration,
  ),
  SHUTDOWN_DEADLINE: setting(
    'Time that a process has to finish what it holds after SIGTERM.',
    '10s',
    parseDuration,
  ),

  BOARD_ORGANISATION: optional(
    'Slug of the organisation whose people operate this installation and may open /admin/queues; the first one unless given.',
    text,
  ),
  METRICS_TOKEN: optional(
    'Bearer token that /metrics asks for; unless given it is open, and closed in production.',
    text,
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    'Collector that traces are sent to (OTLP over HTTP, e.g. http://127.0.0.1:4318); off unless given. Others of OTEL_… hold as well.',
    text,
  ),
  SEED_DEMO: setting(
    'Seed the demonstration organisations into an empty database (never in production).',
    'off',
    flag,
  ),
} satisfies Record<string, Setting<unknown>>
