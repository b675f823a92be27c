import { readConfig } from './shared/kit/config.ts'
import { knexSettings } from './shared/kit/db.ts'

const { DATABASE_OWNER_URL, DATABASE_URL } = readConfig()

export default knexSettings(DATABASE_OWNER_URL ?? DATABASE_URL)
