// A mail server of our own that takes what it is sent, and can be in a bad mood.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  to: string[]
  /** As it came over the wire. */
  raw: string
  /** The parts, decoded. */
  text: string
  html: string
  /** What it brings for calendar programs. */
  calendar: { type: string; text: string }
  headers: Record<string, string>
}

export interface MailPeer {
  url: string
  mails: Mail[]
  /** hangs: says nothing at all. later: 451. never: 550. */
  mood: 'kind' | 'hangs' | 'later' | 'never'
  /** Recipients that were named, whatever became of it. */
  asked: string[]
  close(): Promise<void>
}

export async function aMailPeer(): Promise<MailPeer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect: (_session, done) => {
      if (client.mood !== 'hangs') done()
    },
    onMailFrom: (_address, _session, done) => {
      if (client.mood !== 'hangs') done()
    },
    onRcptTo({ address }, _session, done) {
      client.asked.push(address)
      if (client.mood === 'hangs') return
      if (client.mood === 'kind') return done()
      const [code, words] =
        client.mood === 'later' ? ([451, 'Try again later'] as const) : ([550, 'No such mailbox'] as const)
      done(Object.assign(new Error(words), { responseCode: code }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        client.mails.push(
          mailOf(
            session.envelope.rcptTo.map(({ address }) => address),
            Buffer.concat(chunks).toString(),
          ),
        )
        done()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const client: MailPeer = {
    url: `smtp://127.0.0.1:${port}`,
    mails: [],
    mood: 'kind',
    asked: [],
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
      }),
  }
  return client
}

function mailOf(to: string[], raw: string): Mail {
  const parts = partsOf(raw)
  const bodyOf = (kind: string): string => parts.find(({ type }) => type.startsWith(kind))?.body ?? ''
  return {
    to,
    raw,
    headers: headersOf(raw.split('\r\n\r\n')[0] ?? ''),
    text: bodyOf('text/plain'),
    html: bodyOf('text/html'),
    calendar: {
      type: parts.find(({ type }) => type.startsWith('text/calendar'))?.type ?? '',
      text: bodyOf('text/calendar'),
    },
  }
}

interface Part {
  type: string
  body: string
}

/** Without those that only hold others. */
function partsOf(part: string): Part[] {
  const [head = '', ...rest] = part.trimStart().split('\r\n\r\n')
  const headers = headersOf(head)
  const body = rest.join('\r\n\r\n')
  const type = headers['content-type'] ?? ''
  const boundary = /^multipart\/.*boundary="([^"]+)"/.exec(type)?.[1]
  if (boundary) return body.split(`--${boundary}`).slice(1, -1).flatMap(partsOf)
  return [{ type, body: decodePart(body, headers['content-transfer-encoding']) }]
}

function decodePart(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  return encoding === 'quoted-printable' ? fromQuoted(body) : body
}

function fromQuoted(body: string): string {
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

function headersOf(head: string): Record<string, string> {
  const lines = head
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => /^([^:]+):\s*(.*)$/.exec(line))
  return Object.fromEntries(
    lines.flatMap((found) => (found ? [[String(found[1]).toLowerCase(), decoded(found[2] ?? '')]] : [])),
  )
}

/** RFC 2047. */
function decoded(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?(B|Q)\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : fromQuoted(text.replaceAll('_', ' ')),
    )
}
