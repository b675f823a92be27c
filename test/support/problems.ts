// What every refusal looks like, whatever was wrong.

import { STATUS_CODES } from 'node:http'
import { expect } from 'chai'
import type { Reply } from './client.ts'

/** @throws AssertionError unless the reply is a problem object of this status. @returns its detail */
export function mustBeProblem({ status, headers, body }: Reply, expected: number, code?: string): string {
  expect(status, JSON.stringify(body)).to.equal(expected)
  expect(headers.get('content-type')).to.match(/^application\/problem\+json/)
  expect(body).to.include({
    status: expected,
    title: STATUS_CODES[expected],
    requestId: headers.get('x-request-id'),
  })
  expect(body.type).to.equal(`/problems/${body.code}`)
  expect(body.message).to.equal(body.detail)
  if (code) expect(body.code).to.equal(code)
  expect(body.detail).to.be.a('string').and.not.equal('')
  expect(JSON.stringify(body)).not.to.match(/\bat .*\.(ts|js):\d|node_modules|select |insert /)
  return body.detail
}

/** The problems of a malformed request, as lines, in alphabetical order. */
export function problemsIn(reply: Reply): string[] {
  mustBeProblem(reply, 400, 'malformed')
  return reply.body.errors
    .map(({ path, message }: { path: string; message: string }) => `${path} ${message}`)
    .toSorted()
}
