// Whoever is signed in in the console is signed in here: the session lies where the console keeps it.

const KEY = 'bellhop.session'
/** Seconds before its end in which a token counts as ended. */
const EARLY = 30

const kept = () => JSON.parse(localStorage.getItem(KEY) ?? 'null')

function claimsOf(token) {
  const [, claims = ''] = token.split('.')
  return JSON.parse(
    new TextDecoder().decode(
      Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
        letter.charCodeAt(0),
      ),
    ),
  )
}

const isGood = ({ accessToken }) => claimsOf(accessToken).exp - EARLY > Date.now() / 1000

/** Whose it is; undefined: nobody is signed in. */
export function signedIn() {
  const session = kept()
  return session ? claimsOf(session.accessToken) : undefined
}

/** One that is good for a while, under the lock under which the console refreshes it. */
export async function accessToken(base) {
  const session = kept()
  if (!session || isGood(session)) return session?.accessToken
  return navigator.locks.request(KEY, async () => {
    const now = kept()
    if (!now || isGood(now)) return now?.accessToken
    const answer = await fetch(`${base}/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: now.refreshToken }),
    })
    if (!answer.ok) return undefined
    const { accessToken: fresh, refreshToken } = await answer.json()
    localStorage.setItem(KEY, JSON.stringify({ accessToken: fresh, refreshToken }))
    return fresh
  })
}
