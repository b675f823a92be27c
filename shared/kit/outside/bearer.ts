// What an Authorization header brings.

/** @returns undefined when it is none of the form `Bearer <token>` */
export function bearerTokenIn(authorization: string): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1]
}
