// Which Bellhop this is, as package.json says.

import packageFile from '../../../package.json' with { type: 'json' }

export const VERSION: string = packageFile.version
