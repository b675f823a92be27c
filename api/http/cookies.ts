// Cookies of a request, by their names.

import type { Request } from 'express'

/** @param name without what a pattern would take for something else */
export const cookieOf = (req: Request, name: string): string | undefined =>
  new RegExp(`(?:^|;\\s*)${name}=([^;\\s]+)`).exec(req.get('cookie') ?? '')?.[1]
