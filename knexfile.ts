import { readConfig } from './shared/kit/process/config.ts'
import { knexSettings } from './shared/kit/store/db.ts'

const { DATABASE_OWNER_URL, DATABASE_URL } = readConfig()

export default knexSettings(DATABASE_OWNER_URL ?? DATABASE_URL)
