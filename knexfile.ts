import { readConfig } from './shared/kit/config.ts'
import { knexSettings } from './shared/kit/db.ts'

export default knexSettings(readConfig().DATABASE_URL)
