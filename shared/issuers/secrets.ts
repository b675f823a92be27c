// What the sealed texts of an issuer are about, so that each opens in its place only.

export const aboutClientSecret = (issuerId: string): string => `issuer ${issuerId} client secret`
export const aboutSecret = (issuerId: string): string => `issuer ${issuerId} secret`
