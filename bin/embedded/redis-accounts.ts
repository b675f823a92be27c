// Who may do what on a Redis of ours. Nobody comes in without a password: whoever reaches the port could read the event
// log and forge what is in it.

import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { keepSecret } from './secret.ts'

interface RedisAccounts {
  /** Names and passwords as a URL has them before its @. */
  application: string
  administrator: string
  /** For the command line, which every account of the machine can read: a file's name, no password. */
  settings: Record<string, string>
}

/**
 * INFO tells the processes the version and whether anything is thrown away. Redis reads its own append-only file with the rights of
 * `default`, as whom nobody can sign in: without them it would leave out every transaction.
 */
const RIGHTS = { bellhop: '+@all -@admin -@dangerous +info', administrator: '+@all' }

/** @param dir of mode 0700 @param isOpen whether everybody comes in */
export async function keepAccounts(dir: string, isOpen = false): Promise<RedisAccounts> {
  const passwords = {
    bellhop: await keepSecret(path.join(dir, 'password')),
    administrator: await keepSecret(path.join(dir, 'administrator')),
  }
  const file = path.join(dir, 'users.acl')
  const lines = [
    lineOf('bellhop', passwords.bellhop),
    lineOf('administrator', passwords.administrator),
    `user default ${isOpen ? 'on nopass' : 'off'} ~* &* +@all`,
  ]
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return {
    application: `bellhop:${passwords.bellhop}`,
    administrator: `administrator:${passwords.administrator}`,
    settings: { aclfile: file },
  }
}

function lineOf(name: keyof typeof RIGHTS, password: string): string {
  return `user ${name} on #${createHash('sha256').update(password).digest('hex')} ~* &* ${RIGHTS[name]}`
}
