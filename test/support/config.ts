import path from 'node:path'
import { readConfig, type Config, type Environment } from '../../shared/kit/process/config.ts'

/** A folder of its own for each world; it goes with the test run. */
export function filesDirOf(prefix = 'none'): string {
  return path.join(process.env['TEST_FILES_DIR'] ?? '.data/tests/files', prefix)
}

/** Settings of a test: ports chosen by the system, everything else as it is by default. */
export function testConfig(overrides: Environment): Config {
  return readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
    REALTIME_TRANSPORT: process.env['REALTIME_TRANSPORT'],
    PORT: '0',
    REALTIME_PORT: '0',
    SOCKETIO_PORT: '0',
    // The audit is sealed when a test says so: what else happens at every moment would have to be told apart from it.
    AUDIT_SEAL_EVERY: '1d',
    REDIS_URL: process.env['TEST_REDIS_URL'],
    REDIS_CLUSTER: process.env['TEST_REDIS_CLUSTER'],
    JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
    RATE_LIMIT_PER_MINUTE: '1000000',
    MAILS_PER_HOUR: '100000',
    GUEST_PATIENCE: '365d',
    LIMITS: 'guests.network=1000000,forwarded=1000000',
    ACCESS_TOKEN_TTL: '7d',
    FILES_DIR: filesDirOf(overrides['BULLMQ_PREFIX']),
    ...overrides,
  })
}
