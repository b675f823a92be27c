// The OpenID provider of another company, as a process of its own, whose clock is that of the test (jumping-clock.mjs): the package
// oidc-provider, with keys that it makes anew at each start, and with whoever gives a name as its people.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import Provider from 'oidc-provider'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, CAN_LEAVE } = process.env
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

const provider = new Provider(ISSUER, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: [REDIRECT_URI],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomUUID()] },
  features: { rpInitiatedLogout: { enabled: CAN_LEAVE === 'yes' } },
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: id.includes('@') ? id : `${id}@demo.test`,
      email_verified: true,
      name: `Người ${id}`,
    }),
  }),
})
provider.listen(Number(new URL(ISSUER).port), '127.0.0.1', () => process.send('ready'))
