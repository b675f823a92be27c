// Requests and responses of Node's own http, in the form in which handshake.ts and http-response.ts take them.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RawRequest } from './handshake.ts'
import type { RawResponse } from './http-response.ts'

export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

export function rawRequestOf(request: IncomingMessage): RawRequest {
  const { headers, url = '', socket } = request
  return {
    remote: socket.remoteAddress ?? '',
    header: (name) => String(headers[name] ?? ''),
    query: (name) => new URLSearchParams(url.slice(pathOf(request).length)).get(name) ?? undefined,
  }
}

export function rawResponseOf(response: ServerResponse): RawResponse {
  // What is written to a response whose client has just gone; 'close' tells of it.
  response.on('error', () => undefined)
  return {
    cork: (write) => write(),
    writeStatus(status) {
      response.statusCode = Number.parseInt(status, 10)
    },
    writeHeader: (name, value) => response.setHeader(name, value),
    write: (text) => response.write(text),
    end: (text) => response.end(text),
    onAborted: (told) => response.on('close', () => void (response.writableFinished || told())),
    onWritable: (told) => response.on('drain', told),
  }
}
